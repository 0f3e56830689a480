"""The way to reports: where one goes is asked first; the page previews what the study's file holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear.reports.report_kind import SEMICOLON, ReportKind, ReportScope, ReportWanted
from bloodsmear.review.sentences import case_words
from desktop.gui.dialogs import ExportDialog
from desktop.gui.gallery import GalleryPanel
from desktop.gui.job_runner import Job
from desktop.gui.main_window.study_follower import StudyFollower
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles, not_opened_words
from desktop.gui.study import StudyController, suggested_name

if TYPE_CHECKING:
    from bloodsmear.workflows.report_preview import ReportPreview

_NO_IMAGE = "No image is among those that were asked for. Mark some in the list, or choose All images."


class ExportDoor(QObject):
    """Opens the page for `controller`'s study, and asks where a report goes, with the page or without."""

    def __init__(
        self,
        controller: StudyController,
        preferences: Preferences,
        ask: AskFiles,
        window: QWidget,
        gallery: GalleryPanel | None = None,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._gallery = gallery
        self._preferences = preferences
        self._ask = ask
        self._window = window
        self._page: ExportDialog | None = None
        self._saved: Path | None = None
        controller.file.exported.connect(self._take_saved)
        controller.file.failed.connect(self._say_problem)

    def open(self, show_page: Callable[[QDialog], None], page: ExportDialog) -> None:
        """Show the page, and read its first preview; what it shows follows the study and the list from then on."""
        previewed: ReportScope | None = None

        def ask(hidden: bool) -> Job | None:
            nonlocal previewed
            previewed = scope = self._scope(page.scope)
            return self._controller.file.preview(self._wanted(cast("ReportKind", page.kind), scope), hidden)

        def follow_list(*_: object) -> None:
            # What is saved is of the images that are marked, shown or chosen then: no others are previewed.
            if self._scope(page.scope) != previewed:
                page.show_waiting()
                follower.read_soon()

        def show(preview: ReportPreview, _hidden: bool) -> None:
            page.show_preview(preview.header, preview.rows, preview.sentences)

        def choose_form(name: str) -> None:
            self._preferences.change("csv_form", name)
            follower.read()

        page.show_form("semicolon" if self._preferences.csv_form == SEMICOLON else "comma")
        self._page = page
        follower = StudyFollower(self._controller, page, ask, show)
        page.kind_chosen.connect(follower.read)
        page.form_chosen.connect(choose_form)
        page.scope_chosen.connect(follower.read)
        page.save_wanted.connect(lambda kind: self.save(cast("ReportKind", kind)))
        page.open_wanted.connect(lambda: self._look(self._ask.open_file))
        page.folder_wanted.connect(lambda: self._look(self._ask.show_in_folder))
        page.finished.connect(lambda _code: self._forget(page))
        if (gallery := self._gallery) is not None:
            moved = gallery.marked.changed, gallery.image_selected, gallery.order_changed
            for heard in (*moved, gallery.choices.changed):
                heard.connect(follow_list)
                page.finished.connect(lambda _code, heard=heard: heard.disconnect(follow_list))
        show_page(page)
        follower.read()

    def save(self, kind: ReportKind) -> None:
        """Ask for a place and write a report there."""
        scope = None if self._page is None else self._scope(self._page.scope)
        if scope is not None and not scope.images:
            self._say_problem(_NO_IMAGE)
            return
        suggested = self._preferences.report_folder / suggested_name(self._controller.study.folders, kind)
        over = self._page or self._window
        if kind in ("folders", "marks"):
            target = self._ask.new_folder(over, suggested.parent)
        else:
            target = self._ask.report(over, suggested)
        if self._page is not None:
            self._page.take_focus()
        if target is not None:
            self._controller.file.export(target, self._wanted(kind, scope))

    def watch(self) -> None:
        """Ask for a report to keep up to date, and watch the open folders once there is one."""
        suggested = self._preferences.report_folder / suggested_name(self._controller.study.folders)
        report = self._ask.watched_report(self._window, suggested)
        if report is not None:
            self._controller.screening.watch(report, self._preferences.csv_form)

    def _wanted(self, kind: ReportKind, scope: ReportScope | None = None) -> ReportWanted:
        reader = self._controller.review.reviewed.reader
        return ReportWanted(kind, self._preferences.csv_form, reader, scope)

    def _scope(self, name: str) -> ReportScope | None:
        """The images as they are marked, shown or chosen now; None for all of the study."""
        gallery, review = self._gallery, self._controller.review
        if gallery is None or name == "all":
            return None
        if name == "marked":
            return ReportScope("those marked in the list", frozenset(gallery.marked.images()))
        if name == "case":
            case = review.state.case
            return ReportScope(f"those of {case_words(case)}", frozenset(review.reviewed.images(case)))
        asked = ", ".join(gallery.choices.filter.words)
        words = f"those that the list shows ({asked})" if asked else "those that the list shows"
        return ReportScope(words, frozenset(gallery.shown_images()))

    def _take_saved(self, sentence: str, target: Path) -> None:
        # Only where something could be written: the next report is not offered a drive that is gone.
        self._preferences.change("report_folder", str(target.parent))
        self._saved = target
        if self._page is not None:
            self._page.show_saved(sentence)

    def _say_problem(self, sentence: str) -> None:
        if self._page is not None:
            self._page.show_problem(sentence)

    def _look(self, show: Callable[[Path], bool]) -> None:
        if self._saved is not None and not show(self._saved) and self._page is not None:
            self._page.say_problem(not_opened_words(self._saved))

    def _forget(self, page: ExportDialog) -> None:
        if self._page is page:
            self._page = None
