"""What the mouse does on the views besides moving the picture: it measures, draws, picks the glass; one at a time."""

import math
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QWidget

from bloodsmear.review.marks import DrawnShape
from desktop.gui.viewer.eye_colours import EyeColours
from desktop.gui.viewer.marks import Marks
from desktop.gui.viewer.picture_pane import PicturePane
from desktop.gui.viewer.ruler import Ruler
from desktop.gui.viewer.view_picture import ShownPicture
from desktop.gui.viewer.view_range import ViewRange
from desktop.gui.viewer.words_line import WordsLine


class MouseTools(QObject):
    """`ruler`, `marks`, and the glass of `colours`, on all `panes` alike; the first pane gets the keys of a tool."""

    def __init__(
        self,
        panes: Iterable[PicturePane],
        area: QWidget,
        colours: EyeColours,
        picture: Callable[[], ShownPicture | None],
    ) -> None:
        super().__init__(area)
        self.ruler, self.marks = Ruler(self), Marks(self)
        # What is measured on another image has that one's scale.
        self.pinned_ruler = Ruler(self)
        self.pinned_ruler.follow(self.ruler)
        self.ruler.follow(self.pinned_ruler)
        self._panes: list[PicturePane] = []
        self._area = area
        self._colours = colours
        self._picture = picture
        self._words = WordsLine(area)
        self._words_at = QPointF()
        for pane in panes:
            self.join(pane)
        self._view = self._panes[0].view
        # Escape is for the view then, wherever the focus was.
        for begun in (self.ruler.chosen, self.marks.tool_chosen, self._words.left):
            begun.connect(self._view.setFocus)
        self.ruler.chosen.connect(lambda: self._begin(self.ruler) if self.ruler.draws else None)
        self.marks.tool_chosen.connect(lambda: self._begin(self.marks))
        colours.picking_changed.connect(self._show_picking)
        self.marks.words_wanted.connect(self._begin_words)
        self._words.taken.connect(self.marks.take_words)
        self._words.given_up.connect(self.marks.drop_words)

    def join(self, pane: PicturePane) -> None:
        """The mouse does the same on this pane as on the others."""
        self._panes.append(pane)
        pane.view.set_layers(self.marks, self.ruler)
        pane.view.picked.connect(self._pick_glass)
        pane.view.picking_left.connect(lambda: self._colours.set_picking(on=False))

    def join_pinned(self, pane: PicturePane) -> None:
        """The mouse measures on this pane, too, which shows another image: nothing else is drawn on it."""
        pane.view.set_layers(self.pinned_ruler)

    def leave(self, pane: PicturePane) -> None:
        """This pane goes."""
        self._panes.remove(pane)

    def follow(self, view_range: ViewRange) -> None:
        """Words that are being typed stay where they stand on the image."""
        view_range.changed.connect(self._place_words)

    def take_typed(self) -> None:
        """The image is left: keep the words that are being typed on it."""
        self._words.take_typed()

    def _begin(self, tool: QObject) -> None:
        """This one has the mouse: the others give it up."""
        for other in (self.ruler, self.marks):
            if other is not tool and other.draws:
                other.leave()
        if tool is not self._colours:
            self._colours.set_picking(on=False)

    def _show_picking(self) -> None:
        picks = self._colours.is_picking
        for pane in self._panes:
            pane.view.set_picking(picks)
        if picks:
            self._begin(self._colours)
            self._view.setFocus()

    def _pick_glass(self, x: float, y: float) -> None:
        picture = self._picture()
        if picture is not None:
            self._colours.pick(picture.pixels, math.floor(x), math.floor(y))

    def _begin_words(self, drawn: DrawnShape, typed: str) -> None:
        self._words_at = QPointF(*drawn.words_place)
        # The letter may have been typed in the second window.
        self._area.activateWindow()
        self._words.begin(drawn.words, typed)
        self._place_words()

    def _place_words(self) -> None:
        if self._words.isVisible():
            at = self._view.view_position(self._words_at)
            self._words.move_to(self._view.viewport().mapTo(self._area, at.toPoint()))
