"""What an HTML report is made of, as data, and the small pictures of the images in it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import cv2

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import read_image_file
from bloodsmear.images.formats.reader_contract import Asked
from bloodsmear.images.thumbnail import read_thumbnail
from bloodsmear.reports.case_summary import CaseSummary
from bloodsmear.reports.cell_names import CaseDifferential
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.reader_agreement import Comparison

# 74 mm on paper at 165 pixels an inch.
_SIDE_PX = 480
_JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """A small JPEG of an image, or in `reason` why there is none. Width and height in pixels."""

    jpeg: bytes = b""
    width_px: int = 0
    height_px: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EventsFound:
    """The study's events at the time of the report: how many, the last one's hash, what is wrong with the chain."""

    events: int
    last_hash: str
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class NamedCrop:
    """A small square JPEG of a cell of an image, the id of the name that a reader gave it, and their note on it."""

    image: str
    reader: str
    name: str
    jpeg: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report. `title` names the study; `rows` are all its images in natural order, or those of a part, which
    the sentence `part` names; `made_at` is UTC.

    `pictures` are those of the first images to be shown (`is_shown`), in the order of `rows`; they are asked for once,
    one after the other.
    """

    title: str
    head: ReportHead
    made_at: datetime
    rows: tuple[ReportRow, ...]
    cases: tuple[CaseSummary, ...]
    comparisons: tuple[Comparison, ...]
    events: EventsFound
    pictures: Iterable[ReportPicture] = ()
    part: str = ""
    differentials: tuple[CaseDifferential, ...] = ()
    # By case and reader; of so many cells there is none, lest the page grows too large.
    crops: Mapping[tuple[str, str], Sequence[NamedCrop]] = field(default_factory=dict)
    crops_left_out: int = 0


def is_shown(row: ReportRow) -> bool:
    """Whether an image is shown by itself: it is flagged, or somebody decided on it, noted or drew something."""
    consensus, reported = row.record.consensus, row.decision
    flagged = consensus is not None and bool(consensus.flags)
    return flagged or reported.decision is not None or bool(reported.notes or reported.marks)


def read_picture(path: Path, asked: Asked, sha256: str) -> ReportPicture:
    """What is `asked` of the file whose bytes have this sha256 (empty: whichever are there). Never raises.

    A file that is gone or has other bytes than those reported on gives no picture, and the reason.
    """
    try:
        if sha256 and hashlib.sha256(read_image_file(path)).hexdigest() != sha256:
            return ReportPicture(reason="The file has changed since it was read; it is not shown.")
        pixels = read_thumbnail(path, _SIDE_PX, asked).pixels
    except ImageError as error:
        return ReportPicture(reason=f"No picture: {error.reason}")
    height_px, width_px = pixels.shape[:2]
    blue_first = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return ReportPicture(jpeg.tobytes(), width_px, height_px)
