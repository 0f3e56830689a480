"""A bar on stderr for work in steps: what is being done, how far it is, the time left."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from bloodsmear.jobs import Progress
from desktop.cli.terminal import Terminal


class StepBar:
    """Shows a job's own words on a terminal, and nothing anywhere else. Its `report` is a job's `Report`."""

    def __init__(self, terminal: Terminal) -> None:
        self._rich = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(file=terminal.err),
            disable=not terminal.shows_progress,
            # The bar goes when the work is done: what stays is the sentence that sums it up.
            transient=True,
        )
        self._task = self._rich.add_task("", total=None)
        self._total: int | None = None

    def report(self, progress: Progress) -> None:
        """Show how far the job is."""
        if progress.total != self._total:
            # Another kind of steps: the time that one of the last kind took says nothing of it.
            self._total = progress.total
            self._rich.reset(self._task, total=progress.total)
        self._rich.update(self._task, completed=progress.done, description=progress.text)

    def __enter__(self) -> Self:
        self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rich.stop()
