"""The list's small pictures: made when a row is painted, and anew when the file is found to hold another picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.errors import ImageError
from bloodsmear.images.scan import FoundImage
from bloodsmear.images.thumbnail import read_thumbnail
from bloodsmear.review.records import ImageRecord
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.image_jobs import read_unreadable
from desktop.gui.study.open_study import OpenStudy

if TYPE_CHECKING:
    from bloodsmear.images.rgb_image import RgbImage

LANE = "thumbnails"


class Thumbnails(QObject):
    """`ready(image, pixels or None, reachable)`: None where there is no picture, and whether the file's bytes could be
    read at all; a drive that is gone may come back. `stale(image)`: the one that was given is of other bytes.
    `found_unreadable(ImageRecord)`: there is no picture, for the file is damaged.
    """

    ready = Signal(str, object, bool)
    stale = Signal(str)
    found_unreadable = Signal(ImageRecord)

    def __init__(self, study: OpenStudy, runner: JobRunner, side_px: int, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        self._side_px = side_px
        # Of the bytes that each given picture was made of.
        self._sha256_of: dict[str, str] = {}

    def request(self, image: str) -> None:
        """Make the small picture of an image; the latest asked for comes first."""
        found = self._study.found.get(image)
        if found is None:
            return
        job = self._runner.job(lambda _report, _cancel: make_thumbnail(found, self._side_px))
        job.finished.connect(lambda made: self._give(found, *made))
        job.failed.connect(lambda _sentence: self.ready.emit(image, None, True))
        self._runner.start(LANE, job)

    def set_side(self, side_px: int) -> None:
        """Make pictures of this size from now on; those that were asked for in another one do not come any more."""
        if side_px != self._side_px:
            self._side_px = side_px
            self._runner.supersede(LANE)

    def compare_all(self, records: Sequence[ImageRecord]) -> None:
        """These were read, by whomever."""
        for record in records:
            self.compare(record.image, record.sha256)

    def compare(self, image: str, sha256: str) -> None:
        """The image was read, and these are its bytes; empty where they could not be."""
        shown = self._sha256_of.get(image)
        if shown is not None and sha256 and shown != sha256:
            del self._sha256_of[image]
            self.stale.emit(image)

    def doubt(self, image: str) -> None:
        """Its file could not be read now: it is asked for again, for it may be gone since the picture was made."""
        known = self._study.records.get(image)
        # What is said of a damaged one would only blink.
        if (known is None or known.status != "unreadable") and self._sha256_of.pop(image, None) is not None:
            self.stale.emit(image)

    def make_anew(self) -> None:
        """The images are to be read otherwise than those that were given."""
        given, self._sha256_of = self._sha256_of, {}
        for image in given:
            self.stale.emit(image)

    def forget(self) -> None:
        """Another study is being opened."""
        self._runner.supersede(LANE)
        self._sha256_of.clear()

    def _give(
        self, found: FoundImage, pixels: RgbImage | None, sha256: str, unreadable: ImageRecord | None
    ) -> None:
        now = self._study.found.get(found.image)
        if now is not None and now.asked != found.asked:
            # The camera's bits were found while it was made: it is too dark, or none.
            self.request(found.image)
            return
        if sha256:
            self._sha256_of[found.image] = sha256
        self.ready.emit(found.image, pixels, bool(sha256))
        if unreadable is not None:
            self.found_unreadable.emit(unreadable)


def make_thumbnail(found: FoundImage, side_px: int) -> tuple[RgbImage | None, str, ImageRecord | None]:
    """A small picture for the list, None where there is none, and the sha256 of the file's bytes, if they were read.

    Where the bytes are not a picture, their record as well: the list shall not call that image unread.
    """

    try:
        made = read_thumbnail(found.path, side_px, found.asked)
    except ImageError as error:
        record = read_unreadable(found) if error.sha256 else None
        return None, error.sha256, record if record is not None and record.status == "unreadable" else None
    return made.pixels, made.sha256, None
