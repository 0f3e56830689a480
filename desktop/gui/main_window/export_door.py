"""The way to the page of reports: it previews what the study's file holds, and saves where the reader says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop.gui.dialogs import ExportDialog
from desktop.gui.study_controller import ReportKind, StudyController

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
        controller.review.changed.connect(lambda _state: self._refresh_blind())
        self._was_hidden = False

    def open(self, show_page: Callable[[QDialog], None], page: ExportDialog) -> None:
        """Show the page, and read its first preview."""
        self._page = page
        page.kind_chosen.connect(lambda _kind: self._preview(page))
        page.save_wanted.connect(lambda kind: self._save(cast("ReportKind", kind)))
        page.finished.connect(lambda _code: self._forget(page))
        show_page(page)
        self._preview(page)

    def _preview(self, page: ExportDialog) -> None:
        kind = cast("ReportKind", page.kind)
        hidden = self._was_hidden = self._hidden()
        job = self._controller.file.preview(kind, hidden)
        if job is None:
            page.say("No study is open, so there is nothing to export. Open a folder first.")
            return

        def show(preview: ReportPreview) -> None:
            # An answer for the kind before, for a page that is closed, or from before blind reading began is dropped.
            if self._page is page and page.kind == kind and hidden == self._hidden():
                page.show_preview(preview.header, preview.rows, preview.sentences)

        job.finished.connect(show)
        job.failed.connect(self._say)

    def _refresh_blind(self) -> None:
        if self._page is not None and self._hidden() != self._was_hidden:
            self._page.show_waiting()
            self._preview(self._page)

    def _hidden(self) -> bool:
        return self._controller.review.reviewed.study_answers_hidden

    def _say(self, sentence: str) -> None:
        if self._page is not None:
            self._page.say(sentence)

    def _forget(self, page: ExportDialog) -> None:
        if self._page is page:
            self._page = None
