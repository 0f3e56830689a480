"""The page of agreement: opened at once, filled when the study's file was read."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.dialogs import AgreementDialog
from desktop.gui.main_window.study_follower import StudyFollower
from desktop.gui.study import StudyController


def open_agreement(controller: StudyController, show_page: Callable[[QDialog], None], over: QWidget) -> None:
    """Show who agrees with whom in the open study; nothing of a classifier while images are to be decided blind."""
    page = AgreementDialog(over)
    follower = StudyFollower(
        controller, page, lambda _hidden: controller.file.compare(), page.show_comparisons
    )
    show_page(page)
    follower.read()
