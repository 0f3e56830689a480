"""A line over the picture into which the words of a mark are typed."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from bloodsmear.review.marks import LONGEST_WORDS
from desktop.gui.theme.palette import GRID_PX

_WIDTH_PX = 240
_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class WordsLine(QLineEdit):
    """`taken(words)` by Enter or a click elsewhere, `given_up()` by Escape. Then it is gone; `ended()`: by a key."""

    taken = Signal(str)
    given_up = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setMaxLength(LONGEST_WORDS)
        self.setPlaceholderText("Words of the mark")
        self.setAccessibleName("Words of the mark")
        self.hide()

    def begin(self, words: str, typed: str = "") -> None:
        """Type these words on, or anew; go on with what is `typed` already in their place."""
        self.setText(typed or words)
        if not typed:
            self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

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
            self._end(taken=True)

    def event(self, event: QEvent) -> bool:
        """Claim Enter and Escape: elsewhere they confirm and stop."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter takes the words over, Escape gives them up."""
        if event.key() in _OWN_KEYS:
            self._end(taken=event.key() != Qt.Key.Key_Escape)
            self.ended.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """What was typed is not lost by a click elsewhere."""
        super().focusOutEvent(event)
        # Its own menu opens over it: nobody went elsewhere.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.take_typed()

    def _end(self, taken: bool) -> None:
        words = self.text()
        # First: the focus goes with it, and a line that is not seen takes nothing over.
        self.hide()
        if taken:
            self.taken.emit(words)
        else:
            self.given_up.emit()
