"""The few parts that the pages beside the window (training, classifiers) are built of."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.theme.elided_label import keep_from_widening
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel


class NoticeBox(QFrame):
    """A box with one text: amber for what must be seen to, quiet for what is worth knowing. Hidden while empty."""

    def __init__(self, name: str, amber: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "notice" if amber else "quiet")
        self._text = paragraph("", "notice_text" if amber else "plain")
        self._text.setObjectName(name)
        keep_from_widening(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.addWidget(self._text)
        self.hide()

    def say(self, text: str) -> None:
        """Show this text; nothing is to be seen without one."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What it says."""
        return self._text.text()


def paragraph(text: str, look: str = "plain") -> PlainLabel:
    """A text that wraps and can be copied; file names in it are never taken for markup."""
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setProperty("look", look)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def line_across() -> QFrame:
    """A line of one px between two parts."""
    line = QFrame()
    line.setProperty("look", "line")
    line.setFixedHeight(1)
    return line


def button(name: str, text: str, look: str = "") -> QPushButton:
    """A button with a name for tests and style; Enter in a field presses none but the one with the focus."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("look", look)
    made.setAutoDefault(False)
    return made


def tab_through(*widgets: QWidget) -> None:
    """Let Tab lead from one to the next: what is made later stands at the end of the window's own order."""
    for one, next_one in pairwise(widgets):
        QWidget.setTabOrder(one, next_one)


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget another look than it was made with."""
    widget.setProperty("look", look)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def close_button(page: QDialog) -> QPushButton:
    """The button that closes a page, the same on all of them: last on the right, or before what the page is for."""
    made = button("close_page", "Close")
    made.clicked.connect(page.reject)
    return made


def button_row(left: Sequence[QWidget], right: Sequence[QWidget]) -> QHBoxLayout:
    """What leads back or away stands left, what leads on stands right."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2 * GRID_PX)
    for widget in left:
        row.addWidget(widget)
    row.addStretch(1)
    for widget in right:
        row.addWidget(widget)
    return row


def scrolling(body: QWidget, across: bool = False) -> QScrollArea:
    """The body of a page with a scroll bar where there is no room for all of it: many sentences, a small screen.

    `across`: sideways, too, for what is not only sentences, which wrap.
    """
    area = QScrollArea()
    area.setWidget(body)
    area.setWidgetResizable(True)
    if not across:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # Its buttons and texts take the focus, it does not.
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    body.setAutoFillBackground(False)
    return area


def page_column(page: QWidget) -> QVBoxLayout:
    """The column that the parts of a page, or of one of its steps, stand in."""
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3 * GRID_PX)
    return column
