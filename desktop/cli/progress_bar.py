"""The bar on stderr: done, total and time left."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from bloodsmear.jobs import Progress
from desktop.cli.terminal import Terminal


class ProgressBar:
    """Shows a job's progress on a terminal, and nothing anywhere else. Its `report` is a job's `Report`."""

    def __init__(self, terminal: Terminal, quiet: bool) -> None:
        # Whether the images were counted, so that screening itself has begun.
        self.counted = False
        self._rich = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(file=terminal.err),
            disable=quiet or not terminal.shows_progress,
            # The bar goes when the work is done: what stays is the sentence that sums it up.
            transient=True,
        )
        self._task = self._rich.add_task("Finding images", total=None)

    def report(self, progress: Progress) -> None:
        """Show how far the job is."""
        if progress.total is None:
            self._rich.update(self._task, completed=progress.done)
            return
        if not self.counted:
            self.counted = True
            self._rich.reset(self._task, description="Screening")
        self._rich.update(self._task, total=progress.total, completed=progress.done)

    def __enter__(self) -> Self:
        self._rich.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rich.stop()
