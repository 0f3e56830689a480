"""What the pixel under the cursor holds, in each pane its own."""

import math
from collections.abc import Sequence

from desktop.gui.viewer.picture_pane import PicturePane


class PixelReadout:
    """Writes the same place of all pictures into all panes: so they can be compared pixel by pixel."""

    def __init__(self, panes: Sequence[PicturePane]) -> None:
        self._panes: list[PicturePane] = []
        for pane in panes:
            self.join(pane)

    def join(self, pane: PicturePane) -> None:
        """This pane tells its own values, too."""
        self._panes.append(pane)
        pane.hovered.connect(self._show)
        pane.left.connect(self._hide)

    def _show(self, x: float, y: float) -> None:
        column, row = math.floor(x), math.floor(y)
        for pane in self._panes:
            pane.set_readout(pane.pixel_words(column, row))

    def _hide(self) -> None:
        for pane in self._panes:
            pane.set_readout("")
