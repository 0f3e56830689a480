"""The pane of the denoised picture, which comes later than the original: as a preview, tile by tile, or at once."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.theme import Tokens
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.pixel_words import change_words
from desktop.gui.viewer.view_range import ViewRange

# What comes sooner replaces the picture before without a word in between: nothing blinks.
PATIENCE_MS = 120
_BUSY = "Denoising…"
_PREVIEW = "Preview · denoising…"
_GAIN_WORDS = "4 times, grey is unchanged"


class DenoisedPane(PicturePane):
    """While a picture is being made, the original stands in its place, faint, in the same zoom.

    What is exact already is drawn over it; only that can be read under the cursor.
    """

    def __init__(
        self, name: str, view_range: ViewRange, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, view_range, tokens, parent)
        self._original: RgbImage | None = None
        self._coming_caption = ""
        # Whether what is shown is of this original, however denoised.
        self._shows_it = False
        self._exact: list[Region] = []
        self._exact_pixels: RgbImage | None = None
        self._difference = self._faint = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._show_stand_in)

    def wait_for_picture(self, original: RgbImage, caption: str) -> None:
        """A picture called `caption` is being made of `original`; what is shown stays for a moment.

        Of the same original denoised otherwise it stays until the new one covers it.
        """
        if original is not self._original:
            self._original, self._shows_it = original, False
        shown = self.pixels
        self._coming_caption = caption
        self._exact, self._exact_pixels = [], None
        if self._shows_it:
            self._patience.start()
        elif shown is None or shown.shape != original.shape or self.busy():
            # Nothing that could stay: another size would jump, and who waits already goes on waiting.
            self._patience.stop()
            self._show_stand_in()
        elif not self._patience.isActive():
            self._patience.start()

    def show_preview(self, pixels: RgbImage) -> None:
        """Show what is nearly right until the exact picture is there."""
        if self._original is None:
            return
        self._patience.stop()
        self.set_caption(self._coming_caption)
        self.set_busy(_PREVIEW)
        self._show_base(pixels)

    def show_part(self, pixels: RgbImage, region: Region) -> None:
        """This region of `pixels` is exact now."""
        if self._original is None:
            return
        if not self.busy():
            self._patience.stop()
            self._show_stand_in()
        self._exact.append(region)
        self._exact_pixels = pixels
        self._put(region)

    def show_denoised(self, pixels: RgbImage, caption: str) -> None:
        """Show the picture, complete and exact."""
        self.stop_waiting()
        self.set_busy("")
        self._coming_caption = caption
        self.set_caption(caption)
        self._show_base(pixels)

    def show_nothing(self, why: str = "") -> None:
        """No picture, and none is being made; `why` where there should be one."""
        self.stop_waiting()
        self.set_busy("")
        self.set_caption("")
        self._shows_it = False
        self.show_message(why)

    def stop_waiting(self) -> None:
        """Leave what is shown as it is."""
        self._patience.stop()
        self._exact, self._exact_pixels = [], None

    def readable_pixels(self, column: int, row: int) -> RgbImage | None:
        """Only what is exact: neither a preview nor the stand-in is what the pane is named after."""
        if not self.busy():
            return self.pixels
        place = Region(column, row, 1, 1)
        return self._exact_pixels if any(region.meets(place) for region in self._exact) else None

    def set_difference(self, on: bool) -> None:
        """Show what denoising changes in place of what it leaves."""
        if on == self._difference:
            return
        self._difference = on
        self.set_caption(self._coming_caption if self.caption() else "")
        if self._shows_it and self.pixels is not None:
            self._show_base(self.pixels, self._faint)

    def set_caption(self, text: str) -> None:
        """The chip; of a difference it says how to read it."""
        if self._difference and text:
            text = f"{text.replace('Denoised', 'Difference', 1)} · {_GAIN_WORDS}"
        super().set_caption(text)

    def pixel_words(self, column: int, row: int) -> str:
        """The values, or by how much they were changed."""
        if not self._difference:
            return super().pixel_words(column, row)
        return change_words(self._original, self.readable_pixels(column, row), column, row)

    def _show_base(self, pixels: RgbImage, faint: bool = False) -> None:
        self._shows_it, self._faint = True, faint
        self.show_pixels(pixels, faint)
        if self._difference and self._original is not None:
            self.view.set_pixels(_difference_of(self._original, pixels), faint)
        for region in self._exact:
            self._put(region)

    def _put(self, region: Region) -> None:
        if self._exact_pixels is None or self._original is None:
            return
        if self._difference:
            part = _difference_of(self._original[region.slices()], self._exact_pixels[region.slices()])
        else:
            part = self._exact_pixels[region.slices()]
        self.view.put_pixels(part, region)

    def _show_stand_in(self) -> None:
        if self._original is None:
            return
        self.set_caption(self._coming_caption)
        self.set_busy(_BUSY)
        if not self._shows_it:
            self._show_base(self._original, faint=True)


def _difference_of(original: RgbImage, denoised: RgbImage) -> RgbImage:
    # It brings in OpenCV, which was loaded with the first image.
    from bloodsmear.images.difference import difference_picture

    return difference_picture(original, denoised)
