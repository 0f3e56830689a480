"""The pages of the image that is shown: its scale, and what its file says. They follow it from image to image."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from bloodsmear.images.scale import (
    Objective,
    ScaleSource,
    objectives_in,
    um_words,
    with_objective,
    without_objective,
)
from desktop.gui.dialogs import InformationDialog, ScaleDialog, ScaleShown
from desktop.gui.preferences import Preferences
from desktop.gui.study import StudyController
from desktop.gui.viewer import ViewerPanel

ShowPage = Callable[[QDialog], None]
_NO_IMAGE = "No image is chosen. Open a folder first."


class ScaleDoor(QObject):
    """Opens a page over the window and keeps it true to the image that is shown."""

    def __init__(
        self, controller: StudyController, viewer: ViewerPanel, preferences: Preferences, window: QWidget
    ) -> None:
        super().__init__(window)
        self._image = controller.image
        self._scales = controller.scales
        self._ruler = viewer.ruler
        self._preferences = preferences
        self._window = window
        self._page: ScaleDialog | None = None
        self._information: InformationDialog | None = None
        self._measured = ""
        for changed in (self._image.loading, self._image.original_ready, self._image.unreadable):
            changed.connect(lambda *_: self._show())
        self._scales.changed.connect(self._show)
        self._scales.failed.connect(self._say_problem)
        self._ruler.changed.connect(self._show_line)
        self._ruler.ended.connect(self._come_back)
        self._ruler.chosen.connect(self._come_back)

    def open(self, show_page: ShowPage) -> None:
        """Show the page of the scale."""
        page = ScaleDialog(self._window)
        page.set_wanted.connect(
            lambda um, source, for_folder: self._scales.set(um, cast("ScaleSource", source), for_folder)
        )
        page.remove_wanted.connect(self._scales.clear)
        page.line_wanted.connect(self._draw_line)
        page.objective_named.connect(self._keep_objective)
        page.objective_forgotten.connect(self._forget_objective)
        # One that stepped aside is closed without a word, when another page comes.
        for gone in (page.finished, page.destroyed):
            gone.connect(lambda *_: self._forget(page))
        self._page, self._measured = page, ""
        show_page(page)
        self._show_objectives()
        self._show()
        self._show_line()

    def show_information(self, show_page: ShowPage) -> None:
        """Show what the chosen image's file says of itself."""
        page = InformationDialog(self._window)
        page.finished.connect(lambda _code: self._forget(page))
        self._information = page
        show_page(page)
        self._read()

    def _show(self) -> None:
        if self._information is not None:
            self._read()
        page, scales = self._page, self._scales
        if page is None:
            return
        image = self._image.image or ""
        page.show_image(
            ScaleShown(image, scales.size_px, scales.now, scales.stated, scales.folder, scales.hindrance)
        )
        if self._image.shown is None:
            # Other pixels may come under the same name.
            self._measured = ""
        elif image != self._measured:
            self._measured = image
            self._measure(page, image)

    def _measure(self, page: ScaleDialog, image: str) -> None:
        def show(length_px: float | None) -> None:
            if page is self._page and image == self._image.image:
                page.show_bar(length_px)

        if (job := self._scales.measure_bar()) is not None:
            job.finished.connect(show)

    def _read(self) -> None:
        page, image = self._information, self._image.image
        if page is None:
            return
        page.show_waiting()

        def is_current() -> bool:
            return page is self._information and image == self._image.image

        def show(lines: tuple[tuple[str, str], ...]) -> None:
            if is_current():
                now = self._scales.now
                words = "not known" if now is None else f"{um_words(now.um_per_px)} a pixel, {now.origin}"
                page.show_lines((*lines, ("Scale that counts", words)))

        def fail(sentence: str) -> None:
            if is_current():
                page.say(sentence)

        job = self._scales.read_information()
        if job is None:
            page.show_nothing(_NO_IMAGE)
            return
        job.finished.connect(show)
        job.failed.connect(fail)

    def _show_line(self) -> None:
        if self._page is not None:
            self._page.show_line(self._ruler.length_px if self._ruler.kind == "line" else None)

    def _draw_line(self) -> None:
        """The page steps aside: it lies over the picture."""
        if self._ruler.kind != "line":
            self._ruler.toggle("line")
        if self._page is not None:
            self._page.hide()
        self._window.activateWindow()

    def _come_back(self) -> None:
        drawn = self._ruler.length_px is not None or self._ruler.kind != "line"
        if drawn and self._page is not None and self._page.isHidden():
            self._page.come_back()

    def _show_objectives(self) -> None:
        if self._page is not None:
            self._page.show_objectives(objectives_in(self._preferences.settings.objectives))

    def _keep_objective(self, name: str, um_per_px: float) -> None:
        lines = with_objective(self._preferences.settings.objectives, Objective(name, um_per_px))
        self._preferences.change("objectives", lines)
        self._show_objectives()

    def _forget_objective(self, name: str) -> None:
        self._preferences.change("objectives", without_objective(self._preferences.settings.objectives, name))
        self._show_objectives()

    def _say_problem(self, sentence: str) -> None:
        if self._page is not None:
            self._page.say_problem(sentence)

    def _forget(self, page: QDialog) -> None:
        if self._page is page:
            self._page = None
        if self._information is page:
            self._information = None
