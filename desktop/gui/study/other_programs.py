"""What other programs write into the open study's file is seen here: `bloodsmear screen`, or another window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from bloodsmear.images.scale import SetScale
from bloodsmear.review.records import ClassifierMark, ImageRecord
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.study.study_file import LANE, StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore

# More than these are read in several looks, so that a decision waits for none of them.
_AT_ONCE = 500
# What another program does is to be seen within a second or two. One look takes 0.1 ms of a local disk; a network
# drive that takes a tenth of a second is looked at every two.
_LOOK_MS = 1000
_RESTS_PER_LOOK = 20


class RepeatedLook(QObject):
    """From `begin` until the study is closed: `look(store)` in the lane of the study's file, and `take(what it found)`
    on the window's thread.
    """

    def __init__(
        self,
        file: StudyFile,
        look: Callable[[StudyStore], Any],
        take: Callable[[Any], None],
        runner: JobRunner,
    ) -> None:
        super().__init__(runner)
        self._file = file
        self._runner = runner
        self._look = look
        self._take = take
        self._opening = 0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._look_now)
        file.closed.connect(self._stop)

    def begin(self) -> None:
        """The study was opened: look from now on."""
        self._next.start(_LOOK_MS)

    def _stop(self) -> None:
        self._opening += 1
        self._next.stop()

    def _look_now(self) -> None:
        opening = self._opening
        took_ms = 0

        def look(store: StudyStore) -> object:
            nonlocal took_ms
            began = time.monotonic()
            try:
                return self._look(store)
            finally:
                took_ms = round(1000 * (time.monotonic() - began))

        def look_again() -> None:
            if opening == self._opening:
                self._next.start(max(_LOOK_MS, _RESTS_PER_LOOK * took_ms))

        def take(found: object) -> None:
            if opening == self._opening:
                look_again()
                self._take(found)

        job = self._runner.job(lambda _report, _cancel: look(self._file.store()))
        job.finished.connect(take)
        # A drive that is gone says so when something is decided; until then it may come back.
        job.failed.connect(lambda _sentence: look_again())
        self._runner.start(LANE, job)


class OtherScreenings(QObject):
    """`record_read(ImageRecord)` for each image that another program has read since the study was opened;
    `camera_bits_set(bits)` where it set for which camera they are read (None: as each file says); `scales_set(tuple)`
    where it set another scale: these are all of them.
    """

    record_read = Signal(ImageRecord)
    camera_bits_set = Signal(object)
    scales_set = Signal(tuple)

    def __init__(self, study: OpenStudy, file: StudyFile, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._seen = _Seen((), {})
        self._look = RepeatedLook(file, lambda store: self._seen.news(store), self._take, runner)
        file.opened.connect(self._begin)

    def _begin(self) -> None:
        known = self._study.records.values()
        times = {one.image: one.screened_at.isoformat() for one in known if one.screened_at is not None}
        self._seen = _Seen(self._study.marks, times)
        self._look.begin()

    def _take(self, news: list[ImageRecord] | _OtherBits | _OtherScales) -> None:
        if isinstance(news, _OtherBits):
            self.camera_bits_set.emit(news.bits)
            return
        if isinstance(news, _OtherScales):
            self.scales_set.emit(news.scales)
            return
        for record in news:
            known = self._study.records.get(record.image)
            if record.image in self._study.found and _is_newer(record, known):
                self.record_read.emit(record)


@dataclass(frozen=True, slots=True)
class _OtherBits:
    """Every image is to be read anew."""

    bits: int | None


@dataclass(frozen=True, slots=True)
class _OtherScales:
    """All that are set now."""

    scales: tuple[SetScale, ...]


class _Seen:
    """What was told of one opened study; touched by jobs of the lane "study" alone, which has one thread at a time.

    `times`: when each image was read, as the file has it.
    """

    def __init__(self, marks: tuple[ClassifierMark, ...], times: dict[str, str]) -> None:
        self._marks = marks
        self._times = times
        self._content = ""

    def news(self, store: StudyStore) -> list[ImageRecord] | _OtherBits | _OtherScales:
        """The records that are new or newer since the last call, this window's own too; or that all of them are to be
        read otherwise, or other scales. Raises StudyError.
        """
        content = store.events.content()
        if content == self._content:
            return []
        # What this window set itself is in its own head.
        if (bits := store.camera_bits_now()) != store.head.camera_bits:
            return _OtherBits(bits)
        # The records come with the next look.
        if store.head.scales != (scales := store.take_scales()):
            return _OtherScales(scales)
        # One that is only read may hold the answers of other classifiers, which the window does not show.
        if store.head.classifiers != self._marks:
            return []
        there = store.times_read()
        changed = [image for image, time in there.items() if self._times.get(image) != time]
        self._content = content if len(changed) <= _AT_ONCE else ""
        records = []
        for image in changed[:_AT_ONCE]:
            self._times[image] = there[image]
            record = store.record(image)
            if record is not None and record.status != "not_screened":
                records.append(record)
        return records


def _is_newer(record: ImageRecord, known: ImageRecord | None) -> bool:
    """Whether it tells more than is known; a drive that was gone for the other program says nothing of the image."""
    if known is None or known.screened_at is None:
        return True
    gone = record.status == "unreadable" and not record.sha256 and known.status == "ok"
    return record.screened_at is not None and record.screened_at > known.screened_at and not gone
