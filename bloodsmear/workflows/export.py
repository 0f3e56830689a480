"""From a study to a report."""

from pathlib import Path

from bloodsmear.errors import UsageError
from bloodsmear.reports.csv_report import ReportHead, check_target, write_csv
from bloodsmear.storage.study_store import StudyStore


def export_csv(study: Path, target: Path) -> int:
    """Write the report of a saved study to `target`; returns its rows. Raises UsageError, StudyError, ReportError."""
    refuse_study_as_target(study, target)
    check_target(target)
    with StudyStore.open_existing(study) as store:
        return write_csv(target, ReportHead(store.head.classifiers), store.records())


def refuse_study_as_target(study: Path, target: Path) -> None:
    """Raise UsageError when the report would take the place of the study that it is about."""
    if study.resolve() == target.resolve():
        raise UsageError(f"The report {target} would replace the study itself. Give it another name.")
