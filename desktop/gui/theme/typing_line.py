"""A line to type into that keeps its keys: Enter takes the text over, Escape leaves it as it was."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

# A key of ours brought the cursor here, not the mouse, Tab or another window.
_BY_KEY = (Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.OtherFocusReason)
_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down)


class TypingLine(QLineEdit):
    """`taken(text)` when Enter was pressed, and with `takes_when_left` when the cursor went elsewhere.

    `entered()`: the cursor came into it; `left()`: Enter or Escape ended the typing.
    """

    taken = Signal(str)
    left = Signal()
    entered = Signal()

    def __init__(self, name: str, takes_when_left: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._was_taken = False
        self._takes_when_left = takes_when_left
        self._offered = QStringListModel(self)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.textChanged.connect(self._note_typing)

    def set_kept(self, text: str) -> None:
        """Show what is kept; what is being typed stays."""
        if text != self._kept or not self.hasFocus():
            unchanged = self.text() == self._kept
            self._kept = text
            if unchanged or not self.hasFocus():
                self.setText(text)
                if not self.hasFocus():
                    # A long one is read from its beginning.
                    self.setCursorPosition(0)

    def offer(self, texts: Sequence[str]) -> None:
        """Offer these below the line: those that hold what is being typed, all of them before anything is."""
        if list(texts) == self._offered.stringList():
            return
        self._offered.setStringList(list(texts))
        if self.completer() is None:
            offering = QCompleter(self._offered, self)
            offering.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            offering.setFilterMode(Qt.MatchFlag.MatchContains)
            if (popup := offering.popup()) is not None:
                popup.setProperty("look", "offered")
            # The line holds the text by then.
            offering.activated.connect(lambda _text: self._end(taken=True))
            self.setCompleter(offering)

    def show_offered(self) -> None:
        """Show everything that is offered."""
        if self._offered.rowCount():
            self.completer().setCompletionPrefix("")
            self.completer().complete()

    def event(self, event: QEvent) -> bool:
        """Claim Enter, Escape and the arrows: elsewhere they confirm, stop and move."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter takes the text over, Escape gives it up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(taken=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end(taken=False)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """What is typed now comes here."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY:
            # It was shown from its beginning; it is typed on at its end.
            self.end(False)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """A text that was typed is not lost by a click elsewhere."""
        super().focusOutEvent(event)
        # What is offered opens over the line: nobody went elsewhere.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.take_typed()

    def take_typed(self) -> None:
        """Take over what was typed and not ended with Enter."""
        if self._takes_when_left and self.text() != self._kept and not self._was_taken:
            self._was_taken = True
            self.taken.emit(self.text())

    def _end(self, taken: bool) -> None:
        if self.completer() is not None and (popup := self.completer().popup()) is not None:
            popup.hide()
        self.finish(taken)
        self.left.emit()

    def finish(self, taken: bool) -> None:
        """Take the text over, or leave it as it was."""
        if taken:
            self._was_taken = True
            self.taken.emit(self.text())
        else:
            self.setText(self._kept)

    def _note_typing(self) -> None:
        self._was_taken = False
