"""The page of agreement: opened at once, filled when the study's file was read."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.dialogs import AgreementDialog
from desktop.gui.study_controller import StudyController


def open_agreement(controller: StudyController, show_page: Callable[[QDialog], None], over: QWidget) -> None:
    """Show who agrees with whom in the open study; nothing of a classifier while images are to be decided blind."""
    reviewed = controller.review.reviewed
    page = AgreementDialog(lambda: reviewed.study_answers_hidden, over)
    show_page(page)
    job = controller.file.compare()
    if job is None:
        page.show_failure("No study is open, so there is nothing to compare. Open a folder first.")
        return
    # The page's own methods: Qt lets go of them when it is closed before the figures come.
    job.finished.connect(page.show_comparisons)
    job.failed.connect(page.show_failure)
