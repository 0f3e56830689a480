"""The open study's reports, written by the engine in a lane of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bloodsmear.jobs import Cancel, Report
from bloodsmear.reports.report_kind import ReportKind, ReportWanted
from desktop.gui.messages import count_words

_NAME_ENDINGS: dict[ReportKind, str] = {"images": ".csv", "cases": " cases.csv", "html": ".html"}


def write_report(wanted: ReportWanted, study: Path, target: Path, report: Report, cancel: Cancel) -> str:
    """Write a saved study's report; returns what was written, and which readers decided nothing.

    As `bloodsmear report`; raises what the engine does.
    """
    # Imported on the job's thread: SQLite and OpenCV are not needed for the first picture.
    from bloodsmear.workflows.export import export_cases, export_csv, idle_sentences
    from bloodsmear.workflows.html_export import export_html

    match wanted.kind:
        case "html":
            exported = export_html(study, target, report=report, cancel=cancel)
            what = f"the report of {count_words(exported.rows, 'image')}"
        case "cases":
            exported = export_cases(study, target, form=wanted.form)
            what = count_words(exported.rows, "case")
        case "images":
            exported = export_csv(study, target, form=wanted.form)
            what = count_words(exported.rows, "row")
    told = (f"Wrote {what} to {target}.", *idle_sentences(study, wanted.reader), exported.complaint)
    return " ".join(sentence for sentence in told if sentence)


def suggested_name(folders: Sequence[Path], kind: ReportKind = "images") -> str:
    """What a report of these folders is called until the reader says otherwise."""
    name = folders[0].name if folders else ""
    return f"{name or 'report'}{_NAME_ENDINGS[kind]}"
