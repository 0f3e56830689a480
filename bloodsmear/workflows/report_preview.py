"""What a report would hold, told before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear.reports.case_report import case_table
from bloodsmear.reports.case_summary import CaseSummary, summarise_cases
from bloodsmear.reports.csv_report import csv_cells, csv_header
from bloodsmear.reports.html_report.content import is_shown
from bloodsmear.reports.report_kind import ReportKind
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.export import changed_sentence, report_rows
from bloodsmear.workflows.html_export import HtmlChoices

_ROWS = 50
# Columns in which a classifier speaks; those of one classifier begin with its id.
_ANSWERS = ("flags", "flagged", "disagree", "agreement", "consensus_")


@dataclass(frozen=True, slots=True)
class ReportPreview:
    """The header and the first rows of a table, and sentences about all of it: what it holds and what is unfinished."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]


def preview_report(study: Path, kind: ReportKind, hide_answers: bool) -> ReportPreview:
    """Look at a saved study as its report would show it; of the HTML report the table of cases. Raises StudyError.

    `hide_answers` leaves out what the classifiers said, for a reader who still decides blind.
    """
    with StudyStore.open_existing(study) as store:
        head = ReportHead(store.head.classifiers)
        changed = changed_sentence(store.events.check())
        rows = list(report_rows(store))
        replay = Replay(store.events.readable())
    summaries = summarise_cases(rows)
    if kind == "images":
        header = csv_header(head)
        cells = [tuple(csv_cells(head, row)) for row in rows[:_ROWS]]
    else:
        # The columns follow what was decided in any case, so all of them are asked.
        header, cells = case_table(head, summaries)
        cells = cells[:_ROWS]
    if hide_answers:
        said = [name for name in header if _is_answer(name, head)]
        keep = [place for place, name in enumerate(header) if name not in said]
        header, cells = (
            tuple(header[place] for place in keep),
            [tuple(row[place] for place in keep) for row in cells],
        )
    sentences = [*([changed] if changed else ()), *_counts(rows, summaries), *_unfinished(summaries, replay)]
    if kind == "html":
        sentences += _pictures(rows, hide_answers)
    if hide_answers:
        sentences.append(
            "You read blind: what the classifiers said is in the report, and not in this preview."
        )
    return ReportPreview(header, tuple(cells), tuple(sentences))


def _is_answer(name: str, head: ReportHead) -> bool:
    return name.startswith((*_ANSWERS, *(f"{mark.id}_" for mark in head.classifiers)))


def _counts(rows: Sequence[ReportRow], summaries: Sequence[CaseSummary]) -> list[str]:
    decided = sum(row.decision.decision is not None for row in rows)
    unreadable = sum(row.record.status == "unreadable" for row in rows)
    words = f"{_counted(len(rows), 'image')} in {_counted(len(summaries), 'case')}, {decided:,} decided."
    if not unreadable:
        return [words]
    return [
        words,
        f"{_counted(unreadable, 'image')} cannot be read and {_have(unreadable)} a row with the reason.",
    ]


def _unfinished(summaries: Sequence[CaseSummary], replay: Replay) -> list[str]:
    not_screened = sum(summary.not_screened for summary in summaries)
    undecided = sum(summary.undecided for summary in summaries)
    unsigned = sum(
        all(replay.case_sign_off(reader, summary.case) is None for reader in replay.readers)
        for summary in summaries
    )
    sentences = []
    if not_screened:
        sentences.append(f"Unfinished: {_counted(not_screened, 'image')} not screened.")
    if undecided:
        sentences.append(f"Unfinished: {_counted(undecided, 'image')} without a decision.")
    if unsigned:
        sentences.append(f"Unfinished: {_counted(unsigned, 'case')} not signed off.")
    return sentences


def _pictures(rows: Sequence[ReportRow], hide_answers: bool) -> list[str]:
    most = HtmlChoices().most_pictures
    if hide_answers:
        # Their number follows the flags.
        return [f"Pictures of the flagged and decided images, {most} at most."]
    shown = sum(is_shown(row) for row in rows)
    return [f"{_counted(min(shown, most), 'picture')} of the {shown:,} flagged or decided images."]


def _counted(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number:,} {word}s"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
