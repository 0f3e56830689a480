"""A study's records as a CSV file: one row per image, the same columns in the same order everywhere."""

from collections.abc import Iterable
from pathlib import Path

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.labels import reading_order
from bloodsmear.reports.csv_table import moment, write_table
from bloodsmear.reports.report_kind import COMMA, CsvForm
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.records import Answer, ClassifierMark
from bloodsmear.review.reported import ReportedDecision

_IMAGE_COLUMNS = (
    "image",
    "case",
    "status",
    "error",
    "sha256",
    "width_px",
    "height_px",
    "flags",
    "um_per_px",
    "scale_from",
)
_CONSENSUS_COLUMNS = ("agreement", "consensus_label", "consensus_confidence")
_DECISION_COLUMNS = (
    *("decision", "reviewer", "decided_at", "note", "other_decisions", "settled_by", "marks"),
    "lengths",
)
_ORIGIN_COLUMNS = ("screened_at", "app_version", "intended_use")


def csv_header(head: ReportHead) -> tuple[str, ...]:
    """The names of the columns, in order."""
    columns = [*_IMAGE_COLUMNS]
    for mark in head.classifiers:
        columns += [f"{mark.id}_label", f"{mark.id}_confidence"]
        columns += [f"{mark.id}_p_{key}" for key in reading_order(mark.label_keys)]
        columns.append(f"{mark.id}_version")
    return (*columns, *_CONSENSUS_COLUMNS, *_DECISION_COLUMNS, *_ORIGIN_COLUMNS)


def write_csv(target: Path, head: ReportHead, rows: Iterable[ReportRow], form: CsvForm = COMMA) -> int:
    """Write the rows in the order given; returns their number. Raises ReportError; see `write_table`."""
    rows_of_cells = (csv_cells(head, row, form) for row in rows)
    return write_table(target, csv_header(head), rows_of_cells, form, head.notice)


def csv_cells(head: ReportHead, row: ReportRow, form: CsvForm = COMMA) -> list[str]:
    """A row's cells under the columns of `csv_header`, as `write_csv` writes them, without the guard."""
    record, consensus = row.record, row.record.consensus
    cells = [
        record.image,
        record.case,
        record.status,
        record.error,
        record.sha256,
        _whole(record.width_px),
        _whole(record.height_px),
        ";".join(consensus.flags) if consensus else "",
        _probability(row.scale.um_per_px if row.scale else None, form),
        row.scale.origin if row.scale else "",
    ]
    answers = {answer.classifier: answer for answer in record.answers}
    for mark in head.classifiers:
        cells += _answer_cells(mark, answers.get(mark), form)
    if consensus:
        cells += [consensus.agreement, consensus.label or "", _probability(consensus.confidence, form)]
    else:
        cells += [""] * len(_CONSENSUS_COLUMNS)
    cells += [*_decision_cells(row.decision), _lengths(row, form)]
    return [*cells, moment(record.screened_at), head.app_version, RESEARCH_USE]


def _answer_cells(mark: ClassifierMark, answer: Answer | None, form: CsvForm) -> list[str]:
    columns = reading_order(mark.label_keys)
    if answer is None:
        return [""] * (len(columns) + 3)
    by_key = dict(zip(mark.label_keys, answer.prediction.probabilities, strict=True))
    probabilities = [_probability(by_key[key], form) for key in columns]
    return [answer.label, _probability(answer.confidence, form), *probabilities, mark.version_mark]


def _decision_cells(reported: ReportedDecision) -> list[str]:
    others = ";".join(f"{other.reader}={other.value}" for other in reported.others)
    decision, marks = reported.decision, str(len(reported.marks) or "")
    if decision is None:
        return ["", "", "", reported.note, others, "", marks]
    settled_by = decision.reader if reported.is_settled else ""
    return [decision.value, decision.reader, moment(decision.at), reported.note, others, settled_by, marks]


def _lengths(row: ReportRow, form: CsvForm) -> str:
    """What readers measured and kept: `Ada=7.31 µm;Ada=⌀ 14.2 µm`, in px where no scale is known."""
    um_per_px = row.scale.um_per_px if row.scale else None
    told = ((mark.reader, mark.drawn.length(um_per_px)) for mark in row.decision.marks)
    # Commas between thousands would be read as decimals.
    plain = (
        (reader, length.replace(",", "").replace(".", form.decimal)) for reader, length in told if length
    )
    return ";".join(f"{reader}={length}" for reader, length in plain)


def _whole(value: int | None) -> str:
    return "" if value is None else str(value)


def _probability(value: float | None, form: CsvForm) -> str:
    return "" if value is None else f"{value:.6f}".replace(".", form.decimal)
