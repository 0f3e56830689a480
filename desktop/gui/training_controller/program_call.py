"""How the training program is called, for every part of the controller that starts it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.gui.training_controller.commands import program_words


class ProgramCall:
    """The words that begin every call, and the folder it is called in. `python` may be changed at any time."""

    def __init__(
        self, runs: Path, words_for: Callable[[str], Sequence[str]] = program_words, python: str = ""
    ) -> None:
        self.runs = runs
        self.python = python
        self._words_for = words_for

    def of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The whole call of a command. Raises OSError where the folder of runs cannot be made."""
        self.runs.mkdir(parents=True, exist_ok=True)
        return (*self._words_for(self.python), *words)
