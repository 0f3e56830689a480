"""The open study's reports, written by the engine in a lane of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bloodsmear.jobs import Cancel, Report
from bloodsmear.reports.report_kind import ReportKind
from desktop.gui.messages import count_words

_NAME_ENDINGS: dict[ReportKind, str] = {"images": ".csv", "cases": " cases.csv", "html": ".html"}


def write_report(kind: ReportKind, study: Path, target: Path, report: Report, cancel: Cancel) -> str:
    """Write a saved study's report; returns what was written. As `bloodsmear report`; raises what the engine does."""
    # Imported on the job's thread: SQLite and OpenCV are not needed for the first picture.
    from bloodsmear.workflows.export import export_cases, export_csv
    from bloodsmear.workflows.html_export import export_html

    if kind == "html":
        exported = export_html(study, target, report=report, cancel=cancel)
        written = f"Wrote the report of {count_words(exported.rows, 'image')} to {target}."
    elif kind == "cases":
        exported = export_cases(study, target)
        written = f"Wrote {count_words(exported.rows, 'case')} to {target}."
    else:
        exported = export_csv(study, target)
        written = f"Wrote {count_words(exported.rows, 'row')} to {target}."
    return f"{written} {exported.complaint}".rstrip()


def suggested_name(folders: Sequence[Path], kind: ReportKind = "images") -> str:
    """What a report of these folders is called until the reader says otherwise."""
    name = folders[0].name if folders else ""
    return f"{name or 'report'}{_NAME_ENDINGS[kind]}"
