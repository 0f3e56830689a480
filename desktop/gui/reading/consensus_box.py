"""What the classifiers say together, in sentences; amber where a look is asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop.gui.theme.palette import GRID_PX

# Two lines are kept free, so that a flag on the next image moves nothing below.
_LINES_KEPT = 2


class ConsensusBox(QFrame):
    """A box with one text. It keeps its place while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._text.setMinimumHeight(_LINES_KEPT * self._text.fontMetrics().lineSpacing())
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.addWidget(self._text)
        self.say("", asks_for_a_look=False)

    def say(self, text: str, asks_for_a_look: bool) -> None:
        """Show `text`, on amber where it asks for a look."""
        self._text.setText(text)
        self.setAccessibleName(text)
        look = "notice" if asks_for_a_look else "quiet"
        if self.property("look") != look:
            for part in (self, self._text):
                part.setProperty("look", look)
                part.style().unpolish(part)
                part.style().polish(part)

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def asks_for_a_look(self) -> bool:
        """Whether it is amber."""
        return bool(self.property("look") == "notice")
