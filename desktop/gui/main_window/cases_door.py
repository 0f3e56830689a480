"""The way to the page of cases, which follows the open study and what is decided in it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.cases import CasesPage
from desktop.gui.gallery import GalleryPanel
from desktop.gui.main_window.review_desk import ReviewDesk
from desktop.gui.main_window.study_follower import StudyFollower
from desktop.gui.placing import make_way
from desktop.gui.study import StudyController


class CasesDoor:
    """Opens the page over the window; what is wanted on it is done in the window."""

    def __init__(
        self, controller: StudyController, gallery: GalleryPanel, review: ReviewDesk, window: QWidget
    ) -> None:
        self._controller = controller
        self._gallery = gallery
        self._review = review
        self._window = window

    def open(self, show_page: Callable[[QDialog], None]) -> None:
        """Show the page with the case of the chosen image."""
        controller, page = self._controller, CasesPage(self._window)
        page.choose_case(controller.review.state.case)
        file, reviewed = controller.file, controller.review.reviewed
        follower = StudyFollower(
            controller, page, lambda _hidden: file.cases(reviewed.reader), page.show_cases
        )
        ready, stale = controller.thumbnails.ready, controller.thumbnails.stale
        drop = page.grid.images.drop_thumbnail
        ready.connect(page.set_thumbnail)
        stale.connect(drop)
        page.thumbnail_needed.connect(controller.thumbnails.request)
        page.image_wanted.connect(lambda image: self._go_to(image, page))
        page.sign_off_wanted.connect(
            lambda case: self._review.sign_off(whole_study=False, case=case, over=page)
        )
        page.finished.connect(lambda _code: ready.disconnect(page.set_thumbnail))
        page.finished.connect(lambda _code: stale.disconnect(drop))
        show_page(page)
        follower.read()

    def _go_to(self, image: str, page: CasesPage) -> None:
        self._gallery.select(image)
        make_way(page, self._window)
        self._window.activateWindow()
