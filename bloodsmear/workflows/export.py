"""From a study to a report."""

from pathlib import Path

from bloodsmear.reports.csv_report import ReportHead, check_target, write_csv
from bloodsmear.storage.study_store import StudyStore


def export_csv(study: Path, target: Path) -> int:
    """Write the report of a saved study to `target`; returns its rows. Raises StudyError, ReportError."""
    check_target(target)
    with StudyStore.open_existing(study) as store:
        return write_csv(target, ReportHead(store.head.classifiers), store.records())
