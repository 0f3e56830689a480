"""Where the panes lie: beside or above each other, or the denoised one over the original."""

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QRegion, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui.theme.palette import GRID_PX
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.wipe_divider import WipeDivider

# The five ways to look at original and denoised. In all but `compare` they have exactly the same place.
Way = Literal["original", "compare", "wipe", "blink", "difference"]
# How `compare` lays them out; `auto`: whichever shows more.
Arrangement = Literal["auto", "side_by_side", "stacked"]
# `nothing`: no image is chosen. `message`: one is, and a sentence stands in its place.
Content = Literal["nothing", "message", "picture"]

GAP_PX = 2 * GRID_PX


def larger_arrangement(area: QSize, picture: QSize) -> Arrangement:
    """Which of the two shows a picture of this shape (px) larger in an area (px); beside each other where equal."""
    beside = min((area.width() - GAP_PX) / 2 / picture.width(), area.height() / picture.height())
    above = min(area.width() / picture.width(), (area.height() - GAP_PX) / 2 / picture.height())
    return "stacked" if above > beside else "side_by_side"


class PaneArea(QWidget):
    """Gives two panes exactly the same size, so that both show exactly the same part of the image.

    `laid_out()`: they lie elsewhere, or otherwise.
    """

    laid_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: tuple[PicturePane, PicturePane] | None = None
        self._pinned: PicturePane | None = None
        self._way: Way = "compare"
        self._arrangement: Arrangement = "auto"
        self._picture = QSize(4, 3)
        self._content: Content = "nothing"
        self._blinked = self._swapped = False
        self._on_top: QWidget | None = None
        self._divider = WipeDivider(self)
        self._divider.moved.connect(lambda _share: self._place())
        self._divider.wheeled.connect(self._zoom)
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_panes(self, first: PicturePane, second: PicturePane) -> None:
        """The two panes; they become children of this area."""
        self._panes = (first, second)
        first.setParent(self)
        second.setParent(self)
        self._place()

    def set_pinned(self, pane: PicturePane | None) -> None:
        """Beside the first pane this one stands in place of the second, whatever the way; None brings that back."""
        if pane is None and self._panes is not None and self._pinned is not None:
            self._keep_keys(self._panes[0], self._pinned.view, is_shown=False)
            self._pinned.hide()
        self._pinned = pane
        self._place()

    @property
    def of_shown_image(self) -> QRect:
        """Where nothing but the shown image is: beside another one its own pane, else all of the area."""
        return self._panes[0].geometry() if self._panes is not None and self.has_pinned else self.rect()

    @property
    def has_pinned(self) -> bool:
        """Whether another image stands beside the shown one."""
        return self._pinned is not None

    def set_on_top(self, part: QWidget) -> None:
        """This part of the area lies over the panes, in each way to compare."""
        self._on_top = part

    def set_way(self, way: Way) -> None:
        """How the two are compared."""
        self._way = way
        self._blinked = self._swapped = False
        self._place()

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """How they lie while they are compared beside or above each other."""
        self._arrangement = arrangement
        self._place()

    def set_picture_size(self, width_px: int, height_px: int) -> None:
        """The shape that `auto` goes by."""
        self._picture = QSize(width_px, height_px)
        self._place()

    def set_content(self, content: Content) -> None:
        """A message stands in the first pane, and nothing may lie over it."""
        self._content = content
        self._place()

    def blink(self) -> None:
        """In the way `blink`: show the other picture."""
        self._blinked = not self._blinked
        self._place()

    def swap(self, on: bool) -> None:
        """Show each picture in the other's place, while it is on."""
        if on != self._swapped:
            self._swapped = on
            self._place()

    def actual_arrangement(self) -> Arrangement:
        """The arrangement that is used now; never `auto`."""
        automatic = self._arrangement == "auto"
        return larger_arrangement(self.size(), self._picture) if automatic else self._arrangement

    def take_picture(self) -> QPixmap:
        """What stands here, without what mouse and keys leave on it: values under the cursor, the ring of the focus."""
        panes = [*(self._panes or ()), *([self._pinned] if self._pinned else [])]
        for pane in panes:
            pane.set_bare(True)
        # The way through the picture is not a part of it.
        hidden = self._on_top is not None and self._on_top.isVisible()
        if self._on_top is not None and hidden:
            self._on_top.hide()
        picture = self.grab()
        if self._on_top is not None and hidden:
            self._on_top.show()
        for pane in panes:
            pane.set_bare(False)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the panes out again."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self._panes is None:
            return
        first, denoised = self._panes
        second = self._pinned or denoised
        beside = (self._way == "compare" or self.has_pinned) and self._content != "nothing"
        if second is not denoised:
            self._keep_keys(first, denoised.view, is_shown=False)
            denoised.hide()
        shows_second = beside or (self._content == "picture" and self._shows_second())
        self._keep_keys(first, second.view, shows_second)
        second.setVisible(shows_second)
        # What lies over the original is only seen: mouse and wheel reach the view beneath, which has the same range.
        second.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not beside)
        self._place_divider(first, second)
        whole = QRect(self.rect())
        one, other = self._halves() if beside else (whole, whole)
        first.setGeometry(other if self._swapped else one)
        second.setGeometry(one if self._swapped else other)
        if self._on_top is not None:
            self._on_top.raise_()
        self.laid_out.emit()

    def _keep_keys(self, first: PicturePane, part: QWidget, is_shown: bool) -> None:
        """From a part that goes Qt would give the keys to the next button, and Space would press it."""
        if not is_shown and self.window().focusWidget() is part:
            first.view.setFocus()

    def _zoom(self, units: int, at: QPointF) -> None:
        if self._panes is not None:
            view = self._panes[0].view
            view.zoom_by_wheel(units, QPointF(view.viewport().mapFrom(self, at.toPoint())))

    def _shows_second(self) -> bool:
        """Whether the denoised pane is seen where it lies over the original."""
        match self._way:
            case "original":
                return self._swapped
            case "blink":
                return self._blinked == self._swapped
            case "difference":
                return not self._swapped
        return True

    def _halves(self) -> tuple[QRect, QRect]:
        if self.actual_arrangement() == "side_by_side":
            size = QSize((self.width() - GAP_PX) // 2, self.height())
            return QRect(0, 0, size.width(), size.height()), QRect(
                size.width() + GAP_PX, 0, size.width(), size.height()
            )
        size = QSize(self.width(), (self.height() - GAP_PX) // 2)
        return QRect(0, 0, size.width(), size.height()), QRect(
            0, size.height() + GAP_PX, size.width(), size.height()
        )

    def _place_divider(self, first: PicturePane, second: PicturePane) -> None:
        wipe = self._way == "wipe" and self._content == "picture" and not self.has_pinned
        self._keep_keys(first, self._divider, wipe)
        self._divider.setVisible(wipe)
        if not wipe:
            second.clearMask()
            for pane in (first, second):
                pane.set_chips_to("spread")
            return
        line_px = self._divider.line_px()
        # An empty mask would be none at all; a region beside the pane hides all of it.
        right = QRect(line_px, 0, max(1, self.width() - line_px), self.height())
        left = QRect(0 if line_px else -1, 0, max(1, line_px), self.height())
        second.setMask(QRegion(left if self._swapped else right))
        at_left, at_right = (second, first) if self._swapped else (first, second)
        at_left.set_chips_to("left", line_px)
        at_right.set_chips_to("right", self.width() - line_px)
        second.raise_()
        self._divider.place()
        self._divider.raise_()
