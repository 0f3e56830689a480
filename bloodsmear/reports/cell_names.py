"""What readers said of single cells, for reports: a row a cell, and the differentials of each case and reader."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bloodsmear import RESEARCH_USE
from bloodsmear.cells.differential import Differential, NamedCount, differential_of
from bloodsmear.cells.names import cell_name
from bloodsmear.cells.reader_cells import ReaderCell, reader_cells
from bloodsmear.reports.csv_table import moment, write_table
from bloodsmear.reports.report_kind import COMMA, CsvForm
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.records import ImageRecord, ListedImage
from bloodsmear.review.replay import Replay

How = Literal["named", "counted"]
_CELL_HEADER = (
    *("image", "case", "reader", "name", "counts_as", "left_px", "top_px", "width_px", "height_px"),
    *("width_um", "height_um", "scale_from", "added_by_reader", "named_at", "note", "sha256"),
    *("app_version", "intended_use"),
)
_DIFFERENTIAL_HEADER = (
    *("case", "reader", "how", "name", "counts_as", "cells", "white_cells", "per_100_white_cells"),
    *("low", "high", "app_version", "intended_use"),
)
_COUNTS_AS = {"white": "white_cell", "beside": "beside", "not": "not_counted"}


@dataclass(frozen=True, slots=True)
class NamedCell:
    """A cell that a reader named, added or noted something on, of an image of the report."""

    record: ImageRecord
    reader: str
    said: ReaderCell


@dataclass(frozen=True, slots=True)
class CaseDifferential:
    """What one reader's cells of a case come to: those `named` in images, or `counted` at the counter."""

    case: str
    reader: str
    how: How
    differential: Differential


def named_cells(replay: Replay, rows: Iterable[ReportRow]) -> Iterator[NamedCell]:
    """The cells of the images of `rows`, in their order, each reader's from top to bottom, without those removed."""
    for row in rows:
        record = row.record
        listed = ListedImage(record.image, record.case, record.status, record.sha256)
        for reader in replay.readers:
            said = [one for one in reader_cells(replay, reader, listed) if not one.is_removed]
            for one in sorted(said, key=lambda cell: (cell.box.top_px, cell.box.left_px)):
                yield NamedCell(record, reader, one)


def case_differentials(
    replay: Replay, cells: Iterable[NamedCell], cases: Iterable[str]
) -> tuple[CaseDifferential, ...]:
    """For each of the `cases`, in their order, what each reader named in images, and what they counted; nothing where
    there was nothing.
    """
    named: dict[tuple[str, str], Counter[str]] = {}
    for one in cells:
        if one.said.name:
            named.setdefault((one.record.case, one.reader), Counter())[one.said.name] += 1
    made: list[CaseDifferential] = []
    for case in dict.fromkeys(cases):
        for reader in replay.readers:
            counted = Counter(event.entry.decision for event in replay.counted(reader, case))
            how: How
            for how, counts in (("named", named.get((case, reader), Counter())), ("counted", counted)):
                if counts:
                    made.append(CaseDifferential(case, reader, how, differential_of(counts)))
    return tuple(made)


def write_named_cells(
    target: Path,
    head: ReportHead,
    cells: Iterable[NamedCell],
    shown: Mapping[str, ReportRow],
    form: CsvForm = COMMA,
) -> int:
    """Write a row a cell; `shown` has each image's row as it is told. Returns how many. Raises ReportError."""
    rows = (_cell_row(one, shown[one.record.image], head, form) for one in cells)
    return write_table(target, _CELL_HEADER, rows, form, head.notice)


def write_differentials(
    target: Path,
    head: ReportHead,
    made: Iterable[CaseDifferential],
    shown: Mapping[str, str],
    form: CsvForm = COMMA,
) -> int:
    """Write a row for each name of each differential; `shown` has what stands for a case. Raises ReportError."""
    rows = (
        _differential_row(one, count, shown[one.case], head, form)
        for one in made
        for count in one.differential.all
    )
    return write_table(target, _DIFFERENTIAL_HEADER, rows, form, head.notice)


def _cell_row(one: NamedCell, shown: ReportRow, head: ReportHead, form: CsvForm) -> list[str]:
    said, box, scale = one.said, one.said.box, shown.scale
    sides = (box.width_px, box.height_px)
    return [
        shown.record.image,
        shown.record.case,
        one.reader,
        said.name,
        _COUNTS_AS[cell_name(said.name).counting] if said.name else "",
        *map(str, (box.left_px, box.top_px, *sides)),
        *("" if scale is None else _number(side * scale.um_per_px, 2, form) for side in sides),
        "" if scale is None else scale.origin,
        "yes" if said.is_added else "no",
        moment(said.at),
        said.note,
        one.record.sha256,
        head.app_version,
        RESEARCH_USE,
    ]


def _differential_row(
    one: CaseDifferential, count: NamedCount, case: str, head: ReportHead, form: CsvForm
) -> list[str]:
    figures = (count.value, count.low, count.high)
    return [
        case,
        one.reader,
        one.how,
        count.name.id,
        _COUNTS_AS[count.name.counting],
        str(count.count),
        str(one.differential.white),
        *("" if figure is None else _number(100 * figure, 1, form) for figure in figures),
        head.app_version,
        RESEARCH_USE,
    ]


def _number(value: float, decimals: int, form: CsvForm) -> str:
    return "" if value == float("inf") else f"{value:.{decimals}f}".replace(".", form.decimal)
