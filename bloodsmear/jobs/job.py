"""Long work as plain functions `job(report, cancel)`. Nothing here knows threads or Qt."""

import threading
from collections.abc import Callable
from dataclasses import dataclass


class JobCancelled(Exception):  # noqa: N818 - stopping is ordinary, it is not an error
    """Raised by `Cancel.checkpoint`; what was finished before it is kept."""


class Cancel:
    """A request to stop that the working code looks at between two steps. Safe from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def request(self) -> None:
        """Ask the job to stop at its next checkpoint."""
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether somebody asked the job to stop."""
        return self._event.is_set()

    def checkpoint(self) -> None:
        """Raise `JobCancelled` when the job was asked to stop."""
        if self._event.is_set():
            raise JobCancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` steps (`total` is None while unknown) and a word on the present one."""

    done: int
    total: int | None = None
    text: str = ""


Report = Callable[[Progress], None]


def report_nowhere(progress: Progress) -> None:
    """A `Report` for callers that do not show anything."""
