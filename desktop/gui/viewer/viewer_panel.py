"""The panel of the views: original and denoised picture under one toolbar."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.viewer.denoised_pane import PATIENCE_MS, DenoisedPane
from desktop.gui.viewer.pane_area import LayoutName, PaneArea
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.picture_view import ZOOM_STEP
from desktop.gui.viewer.pixel_readout import PixelReadout
from desktop.gui.viewer.view_range import ViewRange
from desktop.gui.viewer.viewer_toolbar import OFF, ViewerToolbar

if TYPE_CHECKING:
    # The name alone is needed, and the module costs the start OpenCV.
    from bloodsmear.images.denoise_settings import DenoiserName

_NOTHING_OPEN = "Open a folder of smear images, or drop one onto this window."


class ViewerPanel(QWidget):
    """Shows pictures it is given. `denoiser_chosen(name)`: a DenoiserName, or None for off.

    `layout_chosen(name)`: auto, side_by_side or stacked. It begins with non-local means, the reference pipeline's.
    """

    denoiser_chosen = Signal(object)
    layout_chosen = Signal(str)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = ""
        self._range = ViewRange(self)
        self._toolbar = ViewerToolbar(tokens, self)
        self._area = PaneArea(self)
        self._original = PicturePane("Original picture", self._range, tokens, self._area)
        self._denoised = DenoisedPane("Denoised picture", self._range, tokens, self._area)
        self._area.set_panes(self._original, self._denoised)
        self._readout = PixelReadout((self._original, self._denoised))
        self._loading = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * GRID_PX] * 4)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._toolbar)
        column.addWidget(self._area, 1)
        self._toolbar.denoisers.choose("non_local_means")
        self._connect()
        self.show_empty()

    def show_empty(self, sentence: str = _NOTHING_OPEN) -> None:
        """No image is chosen; the sentence says so, or how to begin."""
        self._forget("", sentence)
        self._area.set_both(False)

    def show_loading(self, image: str) -> None:
        """The image was chosen and is being read; the one before stays for a moment, so that nothing blinks."""
        self._image = image
        self._denoised.stop_waiting()
        self._loading.start()

    def show_original(self, image: str, pixels: RgbImage) -> None:
        """Show an image; of the same size as the one before, it keeps zoom and place."""
        self._loading.stop()
        height_px, width_px, _ = pixels.shape
        self._image = image
        self._original.set_caption("Original")
        self._original.show_pixels(pixels)
        self._denoised.wait_for_picture(pixels, "Denoised")
        self._area.set_picture_size(width_px, height_px)
        self._area.set_both(self.denoiser() is not None)
        self._range.set_image_size(width_px, height_px)
        self._show_percent()

    def show_denoising(self, caption: str) -> None:
        """The denoised picture is being made; `caption` is what it will be called."""
        if self._original.pixels is not None and not self._loading.isActive():
            self._denoised.wait_for_picture(self._original.pixels, caption)

    def show_denoised(self, image: str, pixels: RgbImage, caption: str) -> None:
        """Show the denoised picture; that of another image than the shown one is dropped."""
        if image == self._image and self._original.pixels is not None and not self._loading.isActive():
            self._denoised.show_denoised(pixels, caption)

    def show_denoising_failed(self, sentence: str) -> None:
        """There will be no denoised picture, and why."""
        if self._original.pixels is not None and not self._loading.isActive():
            self._denoised.show_nothing(sentence)

    def show_error(self, image: str, sentence: str) -> None:
        """The image cannot be shown, and why."""
        self._forget(image, sentence)

    def fit(self) -> None:
        """Show the whole picture."""
        self._range.fit()

    def one_to_one(self) -> None:
        """One image pixel on one screen pixel."""
        self._range.one_to_one()

    def zoom_in(self) -> None:
        """A step closer."""
        self._range.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """A step back."""
        self._range.zoom(1 / ZOOM_STEP)

    def denoiser(self) -> "DenoiserName | None":
        """The chosen denoiser, None for off."""
        key = self._toolbar.denoisers.current()
        return None if key == OFF else cast("DenoiserName", key)

    def set_denoiser(self, name: "DenoiserName | None") -> None:
        """Choose a denoiser without emitting `denoiser_chosen`."""
        self._toolbar.denoisers.choose(name or OFF)
        self._show_or_hide_denoised()

    def set_layout(self, name: LayoutName) -> None:
        """Choose a layout without emitting `layout_chosen`."""
        self._toolbar.layouts.choose(name)
        self._area.set_layout_name(name)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette; the views are the same in all."""
        self._toolbar.set_tokens(tokens)

    def _connect(self) -> None:
        toolbar = self._toolbar
        toolbar.layouts.chosen.connect(lambda name: self._area.set_layout_name(cast("LayoutName", name)))
        toolbar.layouts.chosen.connect(self.layout_chosen)
        toolbar.denoisers.chosen.connect(self._show_or_hide_denoised)
        toolbar.denoisers.chosen.connect(lambda _key: self.denoiser_chosen.emit(self.denoiser()))
        toolbar.fit_clicked.connect(self.fit)
        toolbar.one_to_one_clicked.connect(self.one_to_one)
        toolbar.zoom_in_clicked.connect(self.zoom_in)
        toolbar.zoom_out_clicked.connect(self.zoom_out)
        self._original.resized.connect(lambda: _measure_view(self._original, self._range))
        self._range.changed.connect(self._show_percent)
        self._loading.timeout.connect(
            lambda: self._forget(self._image, f"Reading {_file_name(self._image)}…")
        )

    def _forget(self, image: str, message: str) -> None:
        """No picture, a message in its place; the panes stay where they are."""
        self._image = image
        self._loading.stop()
        self._original.set_caption("")
        self._original.show_message(message)
        self._denoised.show_nothing()
        self._show_percent()

    def _show_or_hide_denoised(self) -> None:
        on = self.denoiser() is not None
        self._area.set_both(on and self._image != "")
        if on and self._original.pixels is not None:
            self._denoised.wait_for_picture(self._original.pixels, "Denoised")
        else:
            self._denoised.show_nothing()

    def _show_percent(self) -> None:
        shown = self._original.pixels is not None
        self._toolbar.set_percent(100 * self._range.scale * self.devicePixelRatioF() if shown else None)


def _measure_view(pane: PicturePane, view_range: ViewRange) -> None:
    size = pane.view.viewport().size()
    view_range.set_view_size(size.width(), size.height(), pane.devicePixelRatioF())


def _file_name(image: str) -> str:
    return image.rpartition("/")[2]
