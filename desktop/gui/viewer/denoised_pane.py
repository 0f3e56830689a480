"""The pane of the denoised picture, which comes later than the original: as a preview, tile by tile, or at once."""

from typing import Literal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from bloodsmear.images.difference import difference_picture
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.shown_colours import FILES_COLOURS, ShownColours
from desktop.gui.theme import Tokens
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.pixel_words import change_words
from desktop.gui.viewer.view_range import ViewRange

# What comes sooner replaces the original without a word in between: nothing blinks.
PATIENCE_MS = 120
# What stands where the picture is not exact yet.
_Base = Literal["original", "denoised otherwise", "preview"]
_WAITING_WORDS: dict[_Base, str] = {
    "original": "Not denoised yet…",
    "denoised otherwise": "Denoising…",
    "preview": "Preview · denoising…",
}
_PARTLY = "Denoising…"
_GAIN_WORDS = "4 times, grey is unchanged"


class DenoisedPane(PicturePane):
    """While a picture is being made, its original stands in its place, in the same zoom, and the pane says so.

    What is exact already is drawn over it; only that can be read under the cursor.
    """

    def __init__(
        self, name: str, view_range: ViewRange, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, view_range, tokens, parent)
        self._original: RgbImage | None = None
        self._coming_caption = ""
        self._waiting = self._difference = False
        self._eye_colours = FILES_COLOURS
        self._base: _Base = "original"
        self._exact: list[Region] = []
        self._exact_pixels: RgbImage | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._say_what_stands_here)

    def wait_for_picture(self, of: PicturePane, caption: str) -> None:
        """A picture called `caption` is being made of the one that another pane shows, which stands in for it at once.

        What is shown of the same original, denoised in another way, stays until the new picture covers it.
        """
        original = of.pixels
        if original is None:
            return
        self._coming_caption = caption
        self._exact, self._exact_pixels = [], None
        if original is not self._original or self.pixels is None:
            self._original, self._base = original, "original"
            self._show_base(original, of)
        elif not self._waiting:
            self._base = "denoised otherwise"
        self._waiting = True
        if self.busy():
            self._say_what_stands_here()
        elif not self._patience.isActive():
            self._patience.start()

    def show_preview(self, pixels: RgbImage) -> None:
        """Show what is nearly right until the exact picture is there."""
        if self._waiting:
            self._base = "preview"
            self._show_base(pixels)
            self._say_what_stands_here()

    def show_part(self, pixels: RgbImage, region: Region) -> None:
        """This region of `pixels` is exact now."""
        if self._waiting:
            self._exact.append(region)
            self._exact_pixels = pixels
            self._put(region)
            self._say_what_stands_here()

    def show_denoised(self, pixels: RgbImage, caption: str) -> None:
        """Show the picture, complete and exact."""
        self._stop_waiting()
        self.set_busy("")
        self._coming_caption = caption
        self.set_caption(caption)
        self._show_base(pixels)

    def show_nothing(self, why: str = "") -> None:
        """No picture, and none is being made; `why` where there should be one."""
        self._stop_waiting()
        self.set_busy("")
        self.set_caption("")
        self.show_message(why)

    def blank(self) -> None:
        """Another image was chosen."""
        self._stop_waiting()
        self.set_busy("")
        super().blank()

    def readable_pixels(self, column: int, row: int) -> RgbImage | None:
        """Only what is exact: neither a preview nor the stand-in is what the pane is named after."""
        if not self._waiting:
            return self.pixels
        place = Region(column, row, 1, 1)
        return self._exact_pixels if any(region.meets(place) for region in self._exact) else None

    def set_difference(self, on: bool) -> None:
        """Show what denoising changes in place of what it leaves."""
        if on == self._difference:
            return
        self._difference = on
        self.set_colours(self._eye_colours)
        self.set_caption(self._coming_caption if self.caption() else "")
        if self.pixels is not None:
            self._show_base(self.pixels)

    def set_colours(self, colours: ShownColours) -> None:
        """As the original's; a difference has no colours of the file, and its grey must stay grey."""
        self._eye_colours = colours
        super().set_colours(FILES_COLOURS if self._difference else colours)

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

    def _stop_waiting(self) -> None:
        self._patience.stop()
        self._waiting = False
        self._exact, self._exact_pixels = [], None

    def _show_base(self, pixels: RgbImage, shown_by: PicturePane | None = None) -> None:
        self.show_pixels(pixels, shown_by)
        if self._difference and self._original is not None:
            self.view.set_pixels(_difference_of(self._original, pixels))
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

    def _say_what_stands_here(self) -> None:
        self._patience.stop()
        self.set_caption(self._coming_caption)
        partly = bool(self._exact) and self._base == "original"
        self.set_busy(_PARTLY if partly else _WAITING_WORDS[self._base])


def _difference_of(original: RgbImage, denoised: RgbImage) -> RgbImage:
    # It brings in OpenCV, which was loaded with the first image.

    return difference_picture(original, denoised)
