"""What leaves the window of an image: its picture and its name copied, the view saved, its file shown elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from bloodsmear.count_words import count_words
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.gallery import GalleryPanel
from desktop.gui.messages import Message
from desktop.gui.preferences import Preferences
from desktop.gui.questions import AskFiles, not_opened_words
from desktop.gui.study import StudyController
from desktop.gui.viewer import ViewerPanel

_NOT_SHOWN = (
    "No image is shown, so there is nothing to copy or save. Choose one that can be read, and wait for it."
)
_NONE_CHOSEN = "No image is chosen. Open a folder first."


class PictureDoor(QObject):
    """`said(Message)`: what was done, or why not.

    The picture and its name are asked of the views in one piece: while another image is being read there is none.
    """

    said = Signal(Message)

    def __init__(
        self,
        controller: StudyController,
        viewer: ViewerPanel,
        gallery: GalleryPanel,
        preferences: Preferences,
        ask: AskFiles,
    ) -> None:
        super().__init__(viewer)
        self._controller = controller
        self._viewer = viewer
        self._gallery = gallery
        self._preferences = preferences
        self._ask = ask

    def copy_view(self) -> None:
        """Copy the views as they are shown, over the caption that names the image."""
        taken = self._viewer.take_view()
        if taken is None:
            self._complain(_NOT_SHOWN)
            return
        QGuiApplication.clipboard().setImage(taken.picture)
        self._inform(f"The view of {taken.image} is copied.")

    def copy_picture(self) -> None:
        """Copy the whole shown image with every pixel and the colours of its file."""
        shown = self._viewer.picture
        if shown is None:
            self._complain(_NOT_SHOWN)
            return
        height_px, width_px, _ = shown.pixels.shape
        QGuiApplication.clipboard().setImage(_image_of(shown.pixels))
        self._inform(f"The picture of {shown.image} is copied, {width_px:,} × {height_px:,} pixels.")

    def copy_name(self) -> None:
        """Copy the names of the marked images, one a line, or that of the chosen one."""
        images = self.images()
        if not images:
            self._complain(_NONE_CHOSEN)
            return
        QGuiApplication.clipboard().setText("\n".join(images))
        what = images[0] if len(images) == 1 else count_words(len(images), "name")
        self._inform(f"Copied: {what}.")

    def save_view(self) -> None:
        """Ask for a place, and write there what `copy_view` copies."""
        # Before the question: while it stands open the reader cannot choose another image, but one may be read anew.
        taken = self._viewer.take_view()
        if taken is None:
            self._complain(_NOT_SHOWN)
            return
        name = Path(taken.image.rpartition("/")[2]).stem
        target = self._ask.view(self._window(), self._preferences.picture_folder / f"{name} view.png")
        if target is None:
            return
        if self._is_an_image_of_the_study(target):
            self._complain(f"{target} is an image of this study, and stays as it is. Choose another name.")
            return
        pixels = _pixels_of(taken.picture)
        job = self._controller.runner.job(lambda _report, _cancel: _write(target, pixels))
        job.finished.connect(lambda _nothing: self._take_saved(target))
        job.failed.connect(self._complain)
        self._controller.runner.start("picture", job)

    def print_view(self) -> None:
        """Print what `copy_view` copies."""
        taken = self._viewer.take_view()
        if taken is None:
            self._complain(_NOT_SHOWN)
        elif self._ask.print_picture(self._window(), taken.picture, taken.image):
            self._inform(f"The view of {taken.image} is printed.")

    def show_in_folder(self) -> None:
        """Have the system show the chosen image's file where it lies."""
        self._with_file(self._ask.show_in_folder)

    def open_elsewhere(self) -> None:
        """Open the chosen image's file in the program that the system has for it."""
        self._with_file(self._ask.open_file)

    def images(self) -> tuple[str, ...]:
        """Those that are meant: the marked ones in the list's order, else the chosen one."""
        chosen = self._gallery.selected()
        return self._gallery.marked.images() or (() if chosen is None else (chosen,))

    def _with_file(self, show: Callable[[Path], bool]) -> None:
        found = self._controller.study.found.get(self._gallery.selected() or "")
        if found is None:
            self._complain(_NONE_CHOSEN)
        elif not show(found.path):
            self._complain(not_opened_words(found.path))

    def _is_an_image_of_the_study(self, target: Path) -> bool:
        wanted = os.path.normcase(target.absolute())
        return any(
            os.path.normcase(one.path.absolute()) == wanted for one in self._controller.study.found.values()
        )

    def _take_saved(self, target: Path) -> None:
        self._preferences.change("picture_folder", str(target.parent))
        self._inform(f"The view is saved as {target}.")

    def _window(self) -> QWidget:
        return self._viewer.window()

    def _inform(self, sentence: str) -> None:
        self.said.emit(Message("info", sentence))

    def _complain(self, sentence: str) -> None:
        self.said.emit(Message("problem", sentence))


def _image_of(pixels: RgbImage) -> QImage:
    height_px, width_px, _ = pixels.shape
    content = np.ascontiguousarray(pixels)
    return QImage(content.data, width_px, height_px, 3 * width_px, QImage.Format.Format_RGB888).copy()


def _pixels_of(image: QImage) -> RgbImage:
    """uint8 H×W×3: rows of Qt's images begin at every fourth byte."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def _write(target: Path, pixels: RgbImage) -> None:
    # It brings in OpenCV.
    from bloodsmear.images.picture_file import write_picture

    write_picture(target, pixels)
