"""A CSV with one row for each case."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.labels import reading_order
from bloodsmear.reports.case_summary import CaseSummary, MeanProbability, summarise_cases
from bloodsmear.reports.csv_table import moment, write_table
from bloodsmear.reports.report_kind import COMMA, CsvForm
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.decisions import decision_choices
from bloodsmear.review.events import Event
from bloodsmear.review.sign_off_versions import signed_versions

_COUNT_COLUMNS = ("case", "images", "unreadable", "not_screened", "flagged", "disagree")
_REVIEW_COLUMNS = ("acknowledged", "undecided", "signed_off_by", "signed_off_at", "signed_off_with")
_ORIGIN_COLUMNS = ("app_version", "intended_use")


def case_header(head: ReportHead, summaries: Iterable[CaseSummary]) -> tuple[str, ...]:
    """The names of the columns, in order: those of the study's labels, and of what else was decided before."""
    return (
        *_COUNT_COLUMNS,
        *(f"consensus_{key}" for key in _label_keys(head)),
        *(f"mean_p_{key}{ending}" for key in _label_keys(head) for ending in ("", "_low", "_high")),
        *(f"decision_{value}" for value in _decisions(head, summaries)),
        *_REVIEW_COLUMNS,
        *_ORIGIN_COLUMNS,
    )


def write_cases(target: Path, head: ReportHead, rows: Iterable[ReportRow], form: CsvForm = COMMA) -> int:
    """Write a row for each case of `rows`, in their order; returns their number. Raises ReportError."""
    header, cells = case_table(head, summarise_cases(rows), form)
    return write_table(target, header, cells, form, head.notice)


def case_table(
    head: ReportHead, summaries: Sequence[CaseSummary], form: CsvForm = COMMA
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The header and a row for each case, as `write_cases` writes them, without the guard."""
    decisions = _decisions(head, summaries)
    return case_header(head, summaries), [
        tuple(_cells(head, decisions, summary, form)) for summary in summaries
    ]


def _cells(head: ReportHead, decisions: tuple[str, ...], summary: CaseSummary, form: CsvForm) -> list[str]:
    """A case's cells under the columns of `case_header`. Every count is there, also where it is 0."""
    counts = [summary.images, summary.unreadable, summary.not_screened, summary.flagged, summary.disagree]
    counts += [summary.consensus.get(key, 0) for key in _label_keys(head)]
    decided = [summary.decisions.get(value, 0) for value in decisions]
    decided += [summary.acknowledged, summary.undecided]
    signed = summary.sign_offs
    return [
        summary.case,
        *map(str, counts),
        *(cell for key in _label_keys(head) for cell in _mean_cells(summary.means.get(key), form)),
        *map(str, decided),
        ";".join(event.entry.reader for event in signed),
        ";".join(moment(event.at) for event in signed),
        ";".join(_versions(event) for event in signed),
        head.app_version,
        RESEARCH_USE,
    ]


def _mean_cells(mean: MeanProbability | None, form: CsvForm) -> list[str]:
    values = (None, None, None) if mean is None else (mean.value, mean.low, mean.high)
    return ["" if value is None else f"{value:.6f}".replace(".", form.decimal) for value in values]


def _versions(sign_off: Event) -> str:
    """`vgg16 1.0+1a2b3c4d, unet 1.0+2b3c4d5e`; empty where the sign-off kept none."""
    return ", ".join(f"{id_} {version}" for id_, version in signed_versions(sign_off).items())


def _label_keys(head: ReportHead) -> tuple[str, ...]:
    keys = [key for mark in head.classifiers for key in reading_order(mark.label_keys)]
    return tuple(dict.fromkeys(keys))


def _decisions(head: ReportHead, summaries: Iterable[CaseSummary]) -> tuple[str, ...]:
    """The study's choices, then labels that were decided while other classifiers were in use."""
    decided = (value for summary in summaries for value in sorted(summary.decisions))
    return tuple(dict.fromkeys([*decision_choices(head.classifiers), *decided]))
