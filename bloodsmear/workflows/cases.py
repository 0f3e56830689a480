"""The cases of a saved study as one reader has them: the figures of the reports, of this reader's own decisions."""

from dataclasses import dataclass
from pathlib import Path

from bloodsmear.classifiers.labels import Names
from bloodsmear.reports.case_summary import CaseSummary, summarise_cases
from bloodsmear.reports.report_rows import ReportRow
from bloodsmear.review.decisions import decision_choices, names_of
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.reported import own_decision
from bloodsmear.review.sign_off import images_to_read
from bloodsmear.storage.study_store import StudyStore


@dataclass(frozen=True, slots=True)
class ReaderCase:
    """A case's figures and its images, in natural order."""

    summary: CaseSummary
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class ReaderCases:
    """All cases of a study in natural order. `choices` are the decisions that it allows, in the order to show.
    `names` are those of its labels by key.

    `for_consensus`: the reader reads for consensus, so that only images on which readers differ are here.
    """

    choices: tuple[str, ...]
    names: Names
    cases: tuple[ReaderCase, ...]
    for_consensus: bool = False


def read_cases(study: Path, reader: str) -> ReaderCases:
    """Read a saved study as `reader` has it. Raises StudyError."""
    with StudyStore.open_existing(study) as store:
        replay = Replay(store.events.readable())
        wanted = {one.image for one in images_to_read(replay, reader, store.listed_images())}
        rows = []
        for record in store.records():
            if record.image in wanted:
                listed = ListedImage(record.image, record.case, record.status, record.sha256)
                rows.append(ReportRow(record, own_decision(replay, reader, listed)))
        choices, names = decision_choices(store.head.classifiers), names_of(store.head.classifiers)
    # Of several folders a case's images need not stand together.
    rows_of: dict[str, list[ReportRow]] = {}
    for row in rows:
        rows_of.setdefault(row.record.case, []).append(row)
    cases = tuple(ReaderCase(summary, tuple(rows_of[summary.case])) for summary in summarise_cases(rows))
    return ReaderCases(choices, names, cases, replay.reads_for_consensus(reader))
