"""Appending in the background: what the window knows as decided is on the disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bloodsmear.review.events import Event
from desktop.gui.study_controller.review_lane import Change, ReviewLane
from desktop.gui.study_controller.study_file import StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore

# Another window's decision is to be seen within a second or two. One look takes 0.1 ms of a local disk; a network drive
# that takes a tenth of a second is looked at every two.
_LOOK_MS = 1000
_RESTS_PER_LOOK = 20


class ReviewWriter(QObject):
    """The open study's events. `begun(events)` with all of them once it was opened, `appended(events)` with new ones,
    those of other programs too, for which it looks once a second; `failed(sentence)` where they cannot be read.

    Answers for a study that was closed meanwhile are dropped.
    """

    begun = Signal(object)
    appended = Signal(object)
    failed = Signal(str)

    def __init__(self, file: StudyFile, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file
        self._lane = ReviewLane()
        self._opening = 0
        self._under_way = 0
        self._next_look = QTimer(self)
        self._next_look.setSingleShot(True)
        self._next_look.timeout.connect(self._look)
        file.opened.connect(self._read)
        file.closed.connect(self._forget)

    @property
    def is_busy(self) -> bool:
        """Whether something is being appended."""
        return self._under_way > 0

    def append(
        self, reader: str, change: Change, refuse: Callable[[str], None], kept: Callable[[], None]
    ) -> None:
        """Let the reader change something: `kept` is called once it is, or `refuse` with a sentence why it is not."""
        opening = self._opening

        def take(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self._under_way -= 1
                self.appended.emit(events)
                kept()

        def give_up(sentence: str) -> None:
            if opening == self._opening:
                self._under_way -= 1
                refuse(sentence)

        job = self._file.job(lambda store: self._lane.act(store, reader, change))
        job.finished.connect(take)
        job.failed.connect(give_up)
        self._under_way += 1
        self._file.start(job)

    def _forget(self) -> None:
        self._opening += 1
        self._under_way = 0
        self._next_look.stop()

    def _read(self) -> None:
        opening = self._opening

        def begin(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self._next_look.start(_LOOK_MS)
                self.begun.emit(events)

        job = self._file.job(self._lane.read)
        job.finished.connect(begin)
        job.failed.connect(self.failed)
        self._file.start(job)

    def _look(self) -> None:
        """See what other programs have appended: two windows on one study show the same decisions."""
        opening = self._opening
        took_ms = 0

        def look(store: StudyStore) -> tuple[Event, ...]:
            nonlocal took_ms
            began = time.monotonic()
            try:
                return self._lane.news(store)
            finally:
                took_ms = round(1000 * (time.monotonic() - began))

        def look_again(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self._next_look.start(max(_LOOK_MS, _RESTS_PER_LOOK * took_ms))
                if events:
                    self.appended.emit(events)

        job = self._file.job(look)
        job.finished.connect(look_again)
        # A drive that is gone says so when something is decided; until then it may come back.
        job.failed.connect(lambda _sentence: look_again(()))
        self._file.start(job)
