"""A sentence in place: what stands in the way of a decision or a sign-off, and the way to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.gui.theme.elided_label import keep_from_widening
from desktop.gui.theme.page_parts import button, paragraph
from desktop.gui.theme.palette import GRID_PX


class SentenceLine(QFrame):
    """`image_wanted(image)` when the reader wants to see the image that is in the way. Hidden while empty."""

    image_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = ""
        self._text = paragraph("")
        self._text.setObjectName("decision_sentence")
        keep_from_widening(self._text)
        self._go = button("go_to_image", "Go to the first one", "link")
        self._go.clicked.connect(lambda: self.image_wanted.emit(self._image))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(0)
        column.addWidget(self._text)
        column.addWidget(self._go, 0, Qt.AlignmentFlag.AlignLeft)
        self.say("", amber=False)

    @property
    def is_complaint(self) -> bool:
        """Whether it says what was refused."""
        return bool(self.property("look") == "notice")

    def say(self, text: str, amber: bool, image: str = "") -> None:
        """Show this text, amber where something was refused; nothing is to be seen without one."""
        self._image = image
        self._text.setText(text)
        self.setAccessibleName(text)
        self._go.setVisible(bool(image))
        for part, look in (
            (self, "notice" if amber else "quiet"),
            (self._text, "notice_text" if amber else "plain"),
        ):
            part.setProperty("look", look)
            part.style().unpolish(part)
            part.style().polish(part)
        self.setVisible(bool(text))
