"""What stands in place of the list while there is nothing to list: empty, loading, nothing fits, an error."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.gui.theme import Tokens
from desktop.gui.theme.icons import IconName, icon_pixmap
from desktop.gui.theme.page_parts import scrolling
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

_ICON_PX = 40


class MessagePage(QWidget):
    """An icon, a title and a sentence in the middle of the page."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._icon_name: IconName = "folder"
        self._icon = PlainLabel(parent=self)
        self._title = PlainLabel(parent=self)
        self._title.setProperty("look", "title")
        self._sentence = PlainLabel(parent=self)
        self._sentence.setProperty("look", "muted")
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(2)
        for label in (self._icon, self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(3)
        # On a low screen the filter above keeps its lines; this scrolls.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(inside))

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self._draw_icon()

    def show_message(self, icon_name: IconName, title: str, sentence: str) -> None:
        """Say this."""
        self._icon_name = icon_name
        self._draw_icon()
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"{title}. {sentence}".strip())

    def words(self) -> str:
        """Title and sentence in one piece."""
        return f"{self._title.text()} {self._sentence.text()}".strip()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icon_pixmap(self._icon_name, self._tokens.text_disabled, _ICON_PX))
