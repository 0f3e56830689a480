"""The open study's events: read once it is open, and again when this window or another program has appended some."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.review.events import Event
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.other_programs import RepeatedLook
from desktop.gui.study.study_file import LANE, StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore
    from bloodsmear.workflows.reviewing import Reviewing


class ReviewLog(QObject):
    """`begun(events)` with all of them once the study was opened, `appended(events)` with those of other programs, for
    which it looks once a second; `failed(sentence)` where they cannot be read.

    Answers for a study that was closed meanwhile are dropped.
    """

    begun = Signal(tuple)
    appended = Signal(tuple)
    failed = Signal(str)

    def __init__(self, file: StudyFile, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file
        self._runner = runner
        # How many studies were opened, and how many acts are being appended to this one.
        self._opening = 0
        self._under_way = 0
        # Touched by jobs of the file's lane alone, which has one thread at a time.
        self._store: StudyStore | None = None
        self._reviewing: Reviewing | None = None
        self._told = 0
        self._look = RepeatedLook(file, self._news_of_others, self._take_others, runner)
        file.opened.connect(self._read)
        file.closed.connect(self._leave)

    # ---- in the file's lane

    def reviewing(self, reader: str) -> Reviewing:
        """What appends this reader's events to the open study. Raises StudyError."""
        from bloodsmear.workflows.reviewing import Reviewing

        store, known = self._file.store(), self._reviewing
        if known is None or store is not self._store or known.reader != reader:
            known = self._reviewing = Reviewing(store, reader)
            self._store = store
        return known

    def news(self) -> tuple[Event, ...]:
        """The events since the last call, those of other programs too. They are on the disk. Raises StudyError."""
        events = () if self._store is None else self._store.events.read(self._told)
        if events:
            self._told = events[-1].number
        return events

    def _read_all(self) -> tuple[Event, ...]:
        self._store, self._reviewing, self._told = self._file.store(), None, 0
        return self.news()

    def _news_of_others(self, store: StudyStore) -> tuple[Event, ...]:
        # None until the events were read.
        return self.news() if store is self._store else ()

    # ---- on the window's thread

    @property
    def is_busy(self) -> bool:
        """Whether something is being appended."""
        return self._under_way > 0

    def begin_act(self) -> Callable[[], bool]:
        """Something will be appended. Call what this returns at the end: it says whether the study is still open."""
        opening = self._opening
        self._under_way += 1

        def end() -> bool:
            if opening != self._opening:
                return False
            self._under_way -= 1
            return True

        return end

    def _read(self) -> None:
        opening = self._opening

        def begin(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self._look.begin()
                self.begun.emit(events)

        job = self._runner.job(lambda _report, _cancel: self._read_all())
        job.finished.connect(begin)
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)

    def _leave(self) -> None:
        self._opening += 1
        self._under_way = 0

    def _take_others(self, events: Sequence[Event]) -> None:
        """Two windows on one study show the same decisions."""
        if events:
            self.appended.emit(events)
