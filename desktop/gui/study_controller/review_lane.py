"""The review's side in the lane "study": appends one reader's events to the open study's file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bloodsmear.review.events import Event

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore
    from bloodsmear.workflows.reviewing import Reviewing

Change = Callable[["Reviewing"], object]


class ReviewLane:
    """Touched by jobs of the lane "study" alone, which has one thread at a time."""

    def __init__(self) -> None:
        self._store: StudyStore | None = None
        self._reviewing: Reviewing | None = None
        self._told = 0

    def read(self, store: StudyStore) -> tuple[Event, ...]:
        """All events of a study that was opened. Raises StudyError."""
        self._store, self._reviewing, self._told = store, None, 0
        return self._news(store)

    def news(self, store: StudyStore) -> tuple[Event, ...]:
        """What other programs have appended since the last call: none until the events were read. Raises StudyError."""
        return self._news(store) if store is self._store else ()

    def act(self, store: StudyStore, reader: str, change: Change) -> tuple[Event, ...]:
        """Let the reader change something; returns the events since the last call, those of other programs too.

        They are on the disk by then. Raises ReviewError for what is refused and StudyError for the file.
        """
        from bloodsmear.workflows.reviewing import Reviewing

        reviewing = self._reviewing
        if reviewing is None or store is not self._store or reviewing.reader != reader:
            reviewing = self._reviewing = Reviewing(store, reader)
            self._store = store
        change(reviewing)
        return self._news(store)

    def _news(self, store: StudyStore) -> tuple[Event, ...]:
        events = store.events.read(self._told)
        if events:
            self._told = events[-1].number
        return events
