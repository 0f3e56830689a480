"""What an HTML report is made of, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bloodsmear.reports.case_summary import CaseSummary
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.reader_agreement import Comparison


@dataclass(frozen=True, slots=True)
class Picture:
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
class ReportContent:
    """A whole report. `title` names the study; `rows` are all its images in natural order; `made_at` is UTC.

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
    pictures: Iterable[Picture] = ()


def is_shown(row: ReportRow) -> bool:
    """Whether an image is shown by itself: it is flagged, somebody decided on it or noted something."""
    consensus, reported = row.record.consensus, row.decision
    flagged = consensus is not None and bool(consensus.flags)
    return flagged or reported.decision is not None or bool(reported.notes)
