"""The way to the page of reports: it previews what the study's file holds, and saves where the reader says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from bloodsmear.reports.report_kind import ReportKind
from desktop.gui.dialogs import ExportDialog
from desktop.gui.job_runner import Job
from desktop.gui.main_window.study_follower import StudyFollower
from desktop.gui.study_controller import StudyController

if TYPE_CHECKING:
    from bloodsmear.workflows.report_preview import ReportPreview


class ExportDoor(QObject):
    """Opens the page for `controller`'s study; `save(kind)` asks where and writes."""

    def __init__(
        self, controller: StudyController, save: Callable[[ReportKind], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._save = save
        self._page: ExportDialog | None = None
        for said in (controller.file.exported, controller.file.failed):
            said.connect(self._say)

    def open(self, show_page: Callable[[QDialog], None], page: ExportDialog) -> None:
        """Show the page, and read its first preview; what it shows follows the study from then on."""

        def ask(hidden: bool) -> Job | None:
            return self._controller.file.preview(cast("ReportKind", page.kind), hidden)

        def show(preview: ReportPreview, _hidden: bool) -> None:
            page.show_preview(preview.header, preview.rows, preview.sentences)

        self._page = page
        follower = StudyFollower(self._controller, page, ask, show)
        page.kind_chosen.connect(follower.read)
        page.save_wanted.connect(lambda kind: self._save(cast("ReportKind", kind)))
        page.finished.connect(lambda _code: self._forget(page))
        show_page(page)
        follower.read()

    def _say(self, sentence: str) -> None:
        if self._page is not None:
            self._page.say(sentence)

    def _forget(self, page: ExportDialog) -> None:
        if self._page is page:
            self._page = None
