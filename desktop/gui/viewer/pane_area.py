"""Where the panes lie: beside or above each other, or the denoised one over the original."""

from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.palette import GRID_PX
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.wipe_divider import WipeDivider

LayoutName = Literal["auto", "side_by_side", "stacked", "wipe", "blink", "difference"]
# In these the denoised pane lies over the original, in exactly the same place.
OVERLAYS = frozenset[LayoutName]({"wipe", "blink", "difference"})

GAP_PX = 2 * GRID_PX


def larger_layout(area: QSize, picture: QSize) -> LayoutName:
    """Which of the two shows a picture of this shape (px) larger in an area (px); beside each other where equal."""
    beside = min((area.width() - GAP_PX) / 2 / picture.width(), area.height() / picture.height())
    above = min(area.width() / picture.width(), (area.height() - GAP_PX) / 2 / picture.height())
    return "stacked" if above > beside else "side_by_side"


class PaneArea(QWidget):
    """Gives two panes exactly the same size, so that both show exactly the same part of the image."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: tuple[PicturePane, PicturePane] | None = None
        self._layout_name: LayoutName = "auto"
        self._picture = QSize(4, 3)
        self._both = True
        self._blinked = False
        self._divider = WipeDivider(self)
        self._divider.moved.connect(lambda _share: self._place())
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_panes(self, first: PicturePane, second: PicturePane) -> None:
        """The two panes; they become children of this area."""
        self._panes = (first, second)
        first.setParent(self)
        second.setParent(self)
        self._place()

    def set_layout_name(self, name: LayoutName) -> None:
        """How the two are compared; `auto`: beside or above each other, whichever shows more."""
        self._layout_name = name
        self._blinked = False
        self._place()

    def set_picture_size(self, width_px: int, height_px: int) -> None:
        """The shape that `auto` goes by."""
        self._picture = QSize(width_px, height_px)
        self._place()

    def set_both(self, both: bool) -> None:
        """Show both panes, or the first alone."""
        self._both = both
        self._place()

    def blink(self) -> None:
        """In the layout `blink`: show the other picture."""
        self._blinked = not self._blinked
        self._place()

    def actual_layout(self) -> LayoutName:
        """The layout that is used now; never `auto`."""
        return larger_layout(self.size(), self._picture) if self._layout_name == "auto" else self._layout_name

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the panes out again."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self._panes is None:
            return
        first, second = self._panes
        layout = self.actual_layout()
        overlaid = layout in OVERLAYS
        second.setVisible(self._both and not (layout == "blink" and self._blinked))
        # What lies over the original is only seen: mouse and wheel reach the view beneath, which has the same range.
        second.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, overlaid)
        wipe = layout == "wipe" and self._both
        first.set_chips_to("left" if wipe else "spread")
        second.set_chips_to("right" if wipe else "spread")
        self._place_divider(second, wipe)
        if not self._both or overlaid:
            first.setGeometry(self.rect())
            second.setGeometry(self.rect())
            return
        if layout == "side_by_side":
            width_px, height_px = (self.width() - GAP_PX) // 2, self.height()
            offset = (width_px + GAP_PX, 0)
        else:
            width_px, height_px = self.width(), (self.height() - GAP_PX) // 2
            offset = (0, height_px + GAP_PX)
        first.setGeometry(QRect(0, 0, width_px, height_px))
        second.setGeometry(QRect(*offset, width_px, height_px))

    def _place_divider(self, second: PicturePane, wipe: bool) -> None:
        self._divider.setVisible(wipe)
        if not wipe:
            second.clearMask()
            return
        line_px = self._divider.line_px()
        # An empty mask would be none at all; a region beside the pane hides all of it.
        shown = QRect(line_px, 0, max(1, self.width() - line_px), self.height())
        second.setMask(QRegion(shown))
        second.raise_()
        self._divider.place()
        self._divider.raise_()
