"""What the pixel under the cursor holds, in each pane its own."""

import math
from collections.abc import Sequence

from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.viewer.picture_pane import PicturePane


class PixelReadout:
    """Writes the same place of both pictures into both panes: so they can be compared pixel by pixel."""

    def __init__(self, panes: Sequence[PicturePane]) -> None:
        self._panes = tuple(panes)
        for pane in self._panes:
            pane.hovered.connect(self._show)
            pane.left.connect(self._hide)

    def _show(self, x: float, y: float) -> None:
        column, row = math.floor(x), math.floor(y)
        for pane in self._panes:
            pane.set_readout(_pixel_words(pane.readable_pixels(column, row), column, row))

    def _hide(self) -> None:
        for pane in self._panes:
            pane.set_readout("")


def _pixel_words(pixels: RgbImage | None, column: int, row: int) -> str:
    """`x 412 y 233 · 168 104 211` (red, green, blue); empty outside the picture."""
    if pixels is None:
        return ""
    height_px, width_px, _ = pixels.shape
    if not (0 <= column < width_px and 0 <= row < height_px):
        return ""
    red, green, blue = (int(value) for value in pixels[row, column])
    return f"x {column} y {row} · {red} {green} {blue}"
