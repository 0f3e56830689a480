"""From a study to reports of its cells: a row a cell, and the differentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.reports.cell_names import (
    CaseDifferential,
    NamedCell,
    case_differentials,
    named_cells,
    write_differentials,
    write_named_cells,
)
from bloodsmear.reports.report_kind import ReportWanted
from bloodsmear.reports.report_rows import ReportHead, ReportRow, without_names
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.export import (
    Exported,
    changed_sentence,
    check_export,
    notice_of,
    part_sentence,
    report_rows,
)


@dataclass(frozen=True, slots=True)
class CellReport:
    """What the readers said of the cells of some images, all by their own names."""

    cells: tuple[NamedCell, ...]
    differentials: tuple[CaseDifferential, ...]


def cell_report(store: StudyStore, rows: Sequence[ReportRow]) -> CellReport:
    """What is told of the cells of the images of `rows`. Raises StudyError."""
    replay = Replay(store.events.readable())
    cells = tuple(named_cells(replay, rows))
    cases = dict.fromkeys(row.record.case for row in rows)
    return CellReport(cells, case_differentials(replay, cells, cases))


def export_cells(study: Path, target: Path, wanted: ReportWanted, nameless: bool = False) -> Exported:
    """Write a row for each cell that a reader named, noted or added (kind `cells`), or for each name of each case's and
    reader's differential (`differentials`). As `export_csv` otherwise.
    """
    form, scope = wanted.form, wanted.scope
    check_export(study, target)
    with StudyStore.open_existing(study) as store:
        check = store.events.check()
        rows = tuple(report_rows(store, scope=scope))
        part = part_sentence(scope, len(rows), len(store.listed_images()))
        notice = " ".join(sentence for sentence in (notice_of(check), part) if sentence)
        head = ReportHead(store.head.classifiers, notice=notice)
        told = cell_report(store, rows)
        shown = [(row.record, other) for row, other in zip(rows, _shown(rows, nameless), strict=True)]
        if wanted.kind == "differentials":
            cases = {record.case: other.record.case for record, other in shown}
            written = write_differentials(target, head, told.differentials, cases, form)
        else:
            images = {record.image: other for record, other in shown}
            written = write_named_cells(target, head, told.cells, images, form)
        return Exported(written, changed_sentence(check))


def _shown(rows: Sequence[ReportRow], nameless: bool) -> Sequence[ReportRow]:
    return tuple(without_names(rows)) if nameless else rows
