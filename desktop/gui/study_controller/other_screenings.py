"""What another program screens in the open study is seen here: `bloodsmear screen`, or another window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.review.records import ClassifierMark, ImageRecord
from desktop.gui.study_controller.open_study import OpenStudy
from desktop.gui.study_controller.repeated_look import RepeatedLook
from desktop.gui.study_controller.study_file import StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore

# More than these are read in several looks, so that a decision waits for none of them.
_AT_ONCE = 500


class OtherScreenings(QObject):
    """`record_read(ImageRecord)` for each image that another program has read since the study was opened;
    `camera_bits_set(bits)` where it set for which camera they are read (None: as each file says).
    """

    record_read = Signal(object)
    camera_bits_set = Signal(object)

    def __init__(self, study: OpenStudy, file: StudyFile, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._seen = _Seen((), {})
        self._look = RepeatedLook(file, lambda store: self._seen.news(store), self._take, self)
        file.opened.connect(self._begin)

    def _begin(self) -> None:
        known = self._study.records.values()
        times = {one.image: one.screened_at.isoformat() for one in known if one.screened_at is not None}
        self._seen = _Seen(self._study.marks, times)
        self._look.begin()

    def _take(self, news: list[ImageRecord] | _OtherBits) -> None:
        if isinstance(news, _OtherBits):
            self.camera_bits_set.emit(news.bits)
            return
        for record in news:
            known = self._study.records.get(record.image)
            if record.image in self._study.found and _is_newer(record, known):
                self.record_read.emit(record)


@dataclass(frozen=True, slots=True)
class _OtherBits:
    """Every image is to be read anew."""

    bits: int | None


class _Seen:
    """What was told of one opened study; touched by jobs of the lane "study" alone, which has one thread at a time.

    `times`: when each image was read, as the file has it.
    """

    def __init__(self, marks: tuple[ClassifierMark, ...], times: dict[str, str]) -> None:
        self._marks = marks
        self._times = times
        self._content = ""

    def news(self, store: StudyStore) -> list[ImageRecord] | _OtherBits:
        """The records that are new or newer since the last call, this window's own too; or that all of them are to be
        read otherwise. Raises StudyError.
        """
        content = store.events.content()
        if content == self._content:
            return []
        # What this window set itself is in its own head.
        if (bits := store.camera_bits_now()) != store.head.camera_bits:
            return _OtherBits(bits)
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
