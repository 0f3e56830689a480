"""Watching the open folder: where its report goes is asked first, then the controller watches."""

from PySide6.QtWidgets import QWidget

from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles
from desktop.gui.study import StudyController, suggested_name


def begin_watching(
    controller: StudyController, preferences: Preferences, ask: AskFiles, over: QWidget
) -> None:
    """Ask for the report to keep up to date and watch; nothing happens when the reader changes their mind."""
    suggested = preferences.report_folder / suggested_name(controller.study.folders)
    report = ask.watched_report(over, suggested)
    if report is not None:
        controller.screening.watch(report, preferences.csv_form)
