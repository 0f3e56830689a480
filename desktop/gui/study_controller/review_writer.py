"""Appending in the background: what the window knows as decided is on the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from bloodsmear.review.events import Event
from desktop.gui.study_controller.repeated_look import RepeatedLook
from desktop.gui.study_controller.review_lane import Change, ReviewLane
from desktop.gui.study_controller.study_file import StudyFile


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
        self._look = RepeatedLook(file, self._lane.news, self._take_others, self)
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

    def _read(self) -> None:
        opening = self._opening

        def begin(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self._look.begin()
                self.begun.emit(events)

        job = self._file.job(self._lane.read)
        job.finished.connect(begin)
        job.failed.connect(self.failed)
        self._file.start(job)

    def _take_others(self, events: Sequence[Event]) -> None:
        """Two windows on one study show the same decisions."""
        if events:
            self.appended.emit(events)
