"""From a study to a report."""

from collections.abc import Iterator
from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.reports.case_report import write_cases
from bloodsmear.reports.csv_report import write_csv
from bloodsmear.reports.report_file import check_target
from bloodsmear.reports.report_rows import ReportHead, ReportRow, without_names
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.reported import reported_decision
from bloodsmear.storage.study_store import StudyStore


def export_csv(study: Path, target: Path, nameless: bool = False) -> int:
    """Write the report of a saved study to `target`; returns its rows.

    `nameless` puts numbers in place of images' and cases' names. Raises UsageError, StudyError, ReportError.
    """
    check_export(study, target)
    with StudyStore.open_existing(study) as store:
        return write_csv(target, ReportHead(store.head.classifiers), report_rows(store, nameless))


def export_cases(study: Path, target: Path, nameless: bool = False) -> int:
    """Write one row for each case of a saved study; returns their number. As `export_csv` otherwise."""
    check_export(study, target)
    with StudyStore.open_existing(study) as store:
        return write_cases(target, ReportHead(store.head.classifiers), report_rows(store, nameless))


def report_rows(store: StudyStore, nameless: bool = False) -> Iterator[ReportRow]:
    """Every image of the study in natural order, with what the readers decided. Raises StudyError."""
    rows = _named_rows(store, Replay(store.events.read()))
    return without_names(rows) if nameless else rows


def check_export(study: Path, target: Path) -> None:
    """Raise UsageError or ReportError when no report of the study can be written to `target`."""
    refuse_study_as_target(study, target)
    check_target(target)


def refuse_study_as_target(study: Path, target: Path) -> None:
    """Raise UsageError when the report would take the place of the study that it is about."""
    if study.resolve() == target.resolve():
        raise UsageError(f"The report {target} would replace the study itself. Give it another name.")


def _named_rows(store: StudyStore, replay: Replay) -> Iterator[ReportRow]:
    for record in store.records():
        listed = ListedImage(record.image, record.case, record.status, record.sha256)
        yield ReportRow(record, reported_decision(replay, listed))
