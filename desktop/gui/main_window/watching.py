"""Watching the open folder: where its report goes is asked first, then the controller watches."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.gui.main_window.preferences import Preferences
from desktop.gui.main_window.questions import AskFiles
from desktop.gui.study_controller import StudyController, suggested_name


def begin_watching(
    controller: StudyController, preferences: Preferences, ask: AskFiles, over: QWidget
) -> None:
    """Ask for the report to keep up to date and watch; nothing happens when the reader changes their mind."""
    kept = preferences.settings.text("report_folder")
    start = Path(kept) if kept and Path(kept).is_dir() else Path.home()
    report = ask.watched_report(over, start / suggested_name(controller.study.folders))
    if report is not None:
        preferences.change("report_folder", str(report.parent))
        controller.screening.watch(report)
