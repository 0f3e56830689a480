"""The pane of the denoised picture, which always comes later than the original."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme import Tokens
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.view_range import ViewRange

# What comes sooner replaces the picture before without a word in between: nothing blinks.
PATIENCE_MS = 120
_BUSY = "Denoising…"


class DenoisedPane(PicturePane):
    """While a picture is being made, the original stands in its place, faint, in the same zoom."""

    def __init__(
        self, name: str, view_range: ViewRange, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, view_range, tokens, parent)
        self._stand_in: RgbImage | None = None
        self._coming_caption = ""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_stand_in)

    def wait_for_picture(self, original: RgbImage, caption: str) -> None:
        """A picture called `caption` is being made of `original`; what is shown stays for a moment."""
        shown = self.pixels
        self._stand_in = original
        self._coming_caption = caption
        if shown is None or shown.shape != original.shape or self.busy():
            # Nothing that could stay: another size would jump, and who waits already goes on waiting.
            self._patience.stop()
            self._show_stand_in()
        elif not self._patience.isActive():
            self._patience.start()

    def show_denoised(self, pixels: RgbImage, caption: str) -> None:
        """Show the picture."""
        self.stop_waiting()
        self.set_busy("")
        self.set_caption(caption)
        self.show_pixels(pixels)

    def show_nothing(self, why: str = "") -> None:
        """No picture, and none is being made; `why` where there should be one."""
        self.stop_waiting()
        self.set_busy("")
        self.set_caption("")
        self.show_message(why)

    def stop_waiting(self) -> None:
        """Leave what is shown as it is."""
        self._patience.stop()
        self._stand_in = None

    def _show_stand_in(self) -> None:
        if self._stand_in is not None:
            self.set_caption(self._coming_caption)
            self.set_busy(_BUSY)
            self.show_pixels(self._stand_in, dimmed=True)
