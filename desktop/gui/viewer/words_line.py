"""A line over the picture into which the words of a mark are typed."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from bloodsmear.review.marks import LONGEST_WORDS
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.typing_line import TypingLine

_WIDTH_PX = 240


class WordsLine(TypingLine):
    """`taken(words)` by Enter or a click elsewhere, changed or not; `given_up()` by Escape. Then it is gone."""

    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Words of the mark", parent=parent)
        self._over = parent
        self.setMaxLength(LONGEST_WORDS)
        self.hide()

    def begin(self, words: str, typed: str = "") -> None:
        """Type these words on, or anew; go on with what is `typed` already in their place."""
        self.setText(typed or words)
        self.show()
        self.raise_()
        self.setFocus()
        if not typed:
            self.selectAll()

    def move_to(self, at: QPoint) -> None:
        """Stand at this place of the parent, as far as there is room."""
        area = self._over.rect()
        self.resize(min(_WIDTH_PX, area.width()), self.sizeHint().height())
        edge_px = GRID_PX
        left = max(edge_px, min(at.x(), area.width() - self.width() - edge_px))
        top = max(edge_px, min(at.y(), area.height() - self.height() - edge_px))
        self.move(left, top)

    def take_typed(self) -> None:
        """Take over what was typed and not ended with Enter."""
        if self.isVisible():
            self.finish(taken=True)

    def finish(self, taken: bool) -> None:
        """Take the words over, or give them up."""
        words = self.text()
        # First: the focus goes with it, and a line that is not seen takes nothing over.
        self.hide()
        if taken:
            self.taken.emit(words)
        else:
            self.given_up.emit()
