"""What a report would hold, told before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bloodsmear.count_words import count_words
from bloodsmear.reports.case_report import case_table
from bloodsmear.reports.case_summary import CaseSummary, progress_of, summarise_cases
from bloodsmear.reports.csv_report import csv_cells, csv_header
from bloodsmear.reports.html_report.content import is_shown
from bloodsmear.reports.report_kind import COMMA, ReportWanted
from bloodsmear.reports.report_rows import ReportHead, ReportRow
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.reported import own_decision
from bloodsmear.review.sign_off_versions import was_signed_with_others
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.export import changed_sentence, idle_reader_sentences, part_sentence, report_rows
from bloodsmear.workflows.html_export import HtmlChoices
from bloodsmear.workflows.images_by_decision import PROVENANCE, CopyPlan, plan_copies

_ROWS = 50
_DECISION = ("decision", "reviewer")
# Columns in which a classifier speaks; those of one classifier begin with its id.
_ANSWERS = ("flags", "flagged", "disagree", "agreement", "consensus_", "mean_p_")


@dataclass(frozen=True, slots=True)
class ReportPreview:
    """The header and the first rows of a table, and sentences about all of it: what it holds and what is unfinished."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]


def preview_report(study: Path, wanted: ReportWanted, hide_answers: bool) -> ReportPreview:
    """Look at a saved study as its report would show it; of the HTML report the table of cases. Raises StudyError.

    What is looked at first stands first, whatever the order of the file: image, case, labels, decision, reader.
    `hide_answers` leaves out what the classifiers said, for a reader who still decides blind. Such a reader, and one
    for consensus, sees of an image without an own decision nothing that other readers did there (docs/adr/0042).
    """
    with StudyStore.open_existing(study) as store:
        head = ReportHead(store.head.classifiers)
        changed = changed_sentence(store.events.check())
        rows, listed = list(report_rows(store, scope=wanted.scope)), store.listed_images()
        replay = Replay(store.events.readable())
        shown, alone = rows, ""
        if hide_answers or replay.reads_for_consensus(wanted.reader):
            shown, alone = _as_read_alone(rows, replay, wanted.reader)
        plan = plan_copies(store.head, shown, listed) if wanted.kind == "folders" else None
    part = part_sentence(wanted.scope, len(rows), len(listed))
    before = [sentence for sentence in (changed, part, alone) if sentence]
    if plan is not None:
        return _preview_of_copies(plan, before)
    # How much is decided may be told of all images, what was decided only of those that are shown.
    summaries = summarise_cases(rows)
    kind = wanted.kind
    if kind == "images":
        header = csv_header(head)
        cells = [tuple(csv_cells(head, row, wanted.form)) for row in shown[:_ROWS]]
    else:
        # The columns follow what was decided in any case, so all of them are asked.
        header, cells = case_table(head, summarise_cases(shown), wanted.form)
        cells = cells[:_ROWS]
    places = [
        place for place in _order(header, head) if not (hide_answers and _is_answer(header[place], head))
    ]
    header = tuple(header[place] for place in places)
    cells = [tuple(row[place] for place in places) for row in cells]
    sentences = [
        *before,
        *_counts(rows, summaries),
        *_unfinished(summaries, replay),
    ]
    sentences += _signed_with_others(summaries, head)
    sentences += idle_reader_sentences(replay, wanted.reader)
    if kind != "html" and wanted.form != COMMA:
        sentences.append("Cells are parted by semicolons, and decimals have a comma.")
    if kind == "html":
        sentences += _pictures(rows, hide_answers)
    if hide_answers:
        sentences.append(
            "You read blind: what the classifiers said is in the report, and not in this preview."
        )
    return ReportPreview(header, tuple(cells), tuple(sentences))


def _as_read_alone(rows: list[ReportRow], replay: Replay, reader: str) -> tuple[list[ReportRow], str]:
    """The rows as a reader who decides alone may see them, and a sentence where something is hidden."""
    shown, hidden = [], 0
    for row in rows:
        record = row.record
        own = own_decision(
            replay, reader, ListedImage(record.image, record.case, record.status, record.sha256)
        )
        if own.decision is None:
            hidden += row.decision.decision is not None
            row = replace(row, decision=own)
        shown.append(row)
    if not hidden:
        return shown, ""
    return shown, (
        f"Images that you have not decided stand here without the decisions of others: {hidden:,}. The report has them."
    )


def _preview_of_copies(plan: CopyPlan, before: Sequence[str]) -> ReportPreview:
    rows = [
        (str(copy.target), copy.row.record.image, decision.value, decision.reader)
        for copy in plan.copies[:_ROWS]
        if (decision := copy.row.decision.decision) is not None
    ]
    where = f"Copies go to an empty folder, with {PROVENANCE}, which says where each comes from. Nothing is moved."
    return ReportPreview(
        ("copy", "image", "decision", "reader"), tuple(rows), (*before, *plan.sentences, where)
    )


def _order(header: Sequence[str], head: ReportHead) -> list[int]:
    """The columns' places with those before the others that people look for; a sha256 would push them out of sight."""
    labels = [f"{mark.id}_label" for mark in head.classifiers]
    first = [header.index(name) for name in ("image", "case", *labels, *_DECISION) if name in header]
    return [*first, *(place for place in range(len(header)) if place not in first)]


def _is_answer(name: str, head: ReportHead) -> bool:
    return name.startswith((*_ANSWERS, *(f"{mark.id}_" for mark in head.classifiers)))


def _counts(rows: Sequence[ReportRow], summaries: Sequence[CaseSummary]) -> list[str]:
    unreadable = sum(row.record.status == "unreadable" for row in rows)
    cases = count_words(len(summaries), "case")
    words = f"{count_words(len(rows), 'image')} in {cases}: {progress_of(summaries).words}."
    if not unreadable:
        return [words]
    return [
        words,
        f"{count_words(unreadable, 'image')} cannot be read and {_have(unreadable)} a row with the reason.",
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
        sentences.append(f"Unfinished: {count_words(not_screened, 'image')} not screened.")
    if undecided:
        sentences.append(f"Unfinished: {count_words(undecided, 'image')} undecided.")
    if unsigned:
        sentences.append(f"Unfinished: {count_words(unsigned, 'case')} not signed off.")
    return sentences


def _signed_with_others(summaries: Sequence[CaseSummary], head: ReportHead) -> list[str]:
    cases = sum(
        any(was_signed_with_others(event, head.classifiers) for event in summary.sign_offs)
        for summary in summaries
    )
    if not cases:
        return []
    was = "was" if cases == 1 else "were"
    return [
        f"{count_words(cases, 'case')} {was} signed off with other versions of the classifiers than those that answer "
        "here."
    ]


def _pictures(rows: Sequence[ReportRow], hide_answers: bool) -> list[str]:
    most = HtmlChoices().most_pictures
    if hide_answers:
        # Their number follows the flags.
        return [f"Pictures of the flagged and decided images, {most} at most."]
    shown = sum(is_shown(row) for row in rows)
    return [f"{count_words(min(shown, most), 'picture')} of the {shown:,} flagged or decided images."]


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
