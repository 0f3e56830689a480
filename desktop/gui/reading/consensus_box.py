"""What the classifiers say together, in sentences; amber where a look is asked for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

# Two lines are kept free, so that a flag on the next image moves nothing below.
_LINES_KEPT = 2


class ConsensusBox(QFrame):
    """A box with one text. It keeps its place while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = PlainLabel(parent=self)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        kept = "\n".join("x" * _LINES_KEPT)
        self._text.setMinimumHeight(self._text.fontMetrics().size(0, kept).height())
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.addWidget(self._text)
        self.say("", asks_for_a_look=False)

    def say(self, text: str, asks_for_a_look: bool, reasons: Sequence[str] = ()) -> None:
        """Show `text`, on amber where it asks for a look; without a text nothing is to be seen.

        `reasons` stand in the tooltip, a line each.
        """
        self._text.setText(text)
        self.setToolTip(plain_tooltip("\n".join(reasons)))
        self.setAccessibleName(text)
        self.setAccessibleDescription(" ".join(reasons))
        looks = ("notice", "notice_text") if asks_for_a_look else ("quiet" if text else "blank", "plain")
        if self.property("look") != looks[0]:
            for part, look in zip((self, self._text), looks, strict=True):
                part.setProperty("look", look)
                part.style().unpolish(part)
                part.style().polish(part)

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def asks_for_a_look(self) -> bool:
        """Whether it is amber."""
        return bool(self.property("look") == "notice")
