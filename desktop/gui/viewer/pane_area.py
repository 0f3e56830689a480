"""Where the panes lie: one alone, or two beside or above each other, whichever shows the picture larger."""

from typing import Literal

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.palette import GRID_PX

LayoutName = Literal["auto", "side_by_side", "stacked"]
LAYOUTS: tuple[LayoutName, ...] = ("auto", "side_by_side", "stacked")

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
        self._panes: tuple[QWidget, QWidget] | None = None
        self._layout_name: LayoutName = "auto"
        self._picture = QSize(4, 3)
        self._both = True
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_panes(self, first: QWidget, second: QWidget) -> None:
        """The two panes; they become children of this area."""
        self._panes = (first, second)
        first.setParent(self)
        second.setParent(self)
        self._place()

    def set_layout_name(self, name: LayoutName) -> None:
        """Beside each other, above each other, or whichever shows more."""
        self._layout_name = name
        self._place()

    def set_picture_size(self, width_px: int, height_px: int) -> None:
        """The shape that `auto` goes by."""
        self._picture = QSize(width_px, height_px)
        self._place()

    def set_both(self, both: bool) -> None:
        """Show both panes, or the first alone."""
        self._both = both
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
        second.setVisible(self._both)
        if not self._both:
            first.setGeometry(self.rect())
            return
        if self.actual_layout() == "side_by_side":
            width_px, height_px = (self.width() - GAP_PX) // 2, self.height()
            offset = (width_px + GAP_PX, 0)
        else:
            width_px, height_px = self.width(), (self.height() - GAP_PX) // 2
            offset = (0, height_px + GAP_PX)
        first.setGeometry(QRect(0, 0, width_px, height_px))
        second.setGeometry(QRect(*offset, width_px, height_px))
