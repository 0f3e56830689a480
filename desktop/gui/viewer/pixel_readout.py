"""What the pixel under the cursor holds, in each pane its own."""

import math
from collections.abc import Sequence

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
            pane.set_readout(pane.pixel_words(column, row))

    def _hide(self) -> None:
        for pane in self._panes:
            pane.set_readout("")
