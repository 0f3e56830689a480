"""What every kind of report is made of: each image's record beside what the readers decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bloodsmear import __version__
from bloodsmear.images.scale import Scale
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.review.reported import NOTHING_REPORTED, ReportedDecision


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What stands over a report: the classifiers in the study's order, and the program that writes it.

    `notice` is a sentence without which the report must not be read: the study was changed. Empty: none.
    """

    classifiers: tuple[ClassifierMark, ...]
    app_version: str = __version__
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One image of a report. `scale` is the one that counts for it, None where nobody said one."""

    record: ImageRecord
    decision: ReportedDecision = NOTHING_REPORTED
    scale: Scale | None = None


def without_names(rows: Iterable[ReportRow]) -> Iterator[ReportRow]:
    """The rows with numbers in place of image and case, counted in the order of the rows from 1.

    The sha256 stays: it leads back to the image for whoever has the file. Notes stay as the readers wrote them.
    """
    cases: dict[str, str] = {}
    for number, row in enumerate(rows, 1):
        case = cases.setdefault(row.record.case, str(len(cases) + 1))
        # A folder that a scale was set for is a case's, mostly.
        scale = None if row.scale is None else replace(row.scale, set_for=None)
        yield replace(row, record=replace(row.record, image=str(number), case=case), scale=scale)
