"""A bar on stderr for a job: what is being done, how far it is, the time left."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from bloodsmear.jobs import Progress
from bloodsmear.visible_text import visible
from desktop.cli.terminal import Terminal


def _own_words(progress: Progress) -> str:
    return progress.text


class ProgressBar:
    """Shows a job's progress on a terminal, and nothing anywhere else. Its `report` is a job's `Report`.

    `words` say what is being done: the job's own words where no others are given.
    """

    def __init__(
        self, terminal: Terminal, *, quiet: bool = False, words: Callable[[Progress], str] = _own_words
    ) -> None:
        # Whether it is known how many steps there are.
        self.counted = False
        self._words = words
        self._rich = RichProgress(
            # A file may be called [/b].h5.
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(file=terminal.err),
            disable=quiet or not terminal.shows_progress,
            # The bar goes when the work is done: what stays is the sentence that sums it up.
            transient=True,
        )
        self._task = self._rich.add_task("", total=None)
        self._total: int | None = None

    def report(self, progress: Progress) -> None:
        """Show how far the job is."""
        self.counted = self.counted or progress.total is not None
        if progress.total != self._total:
            # Another kind of steps: the time that one of the last kind took says nothing of it.
            self._total = progress.total
            self._rich.reset(self._task, total=progress.total)
        self._rich.update(self._task, completed=progress.done, description=visible(self._words(progress)))

    def __enter__(self) -> Self:
        self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rich.stop()
