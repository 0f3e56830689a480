"""A text that wraps inside a word, too: a label cuts a sha256 or a path where its column ends."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget


class WrappedText(QTextEdit):
    """Reads and looks as a paragraph: as high as its text, never markup, to be copied without a break in a word."""

    def __init__(self, look: str = "wrapped", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", look)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # By a click alone: Ctrl+C is for what has the keys, and Tab leads past it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        for place in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            place(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)

    def say(self, text: str) -> None:
        """Show this text; nothing is to be seen without one."""
        self.setPlainText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._fit_height()

    def text(self) -> str:
        """What it says."""
        return self.toPlainText()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height that this width asks for."""
        super().resizeEvent(event)
        self._fit_height()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave turning to the page around it: there is nothing to scroll here."""
        event.ignore()

    def _fit_height(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(math.ceil(self.document().size().height()))
