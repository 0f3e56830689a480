"""What the page says in place: what is under way, what was done, what went wrong, and what must be decided first."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.gui.classifiers_state import ClassifiersState
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, page_column
from desktop.gui.theme.palette import GRID_PX


class MessageRows(QWidget):
    """Hidden while there is nothing to say. `replace_wanted()` and `keep_wanted()` answer where an id is taken."""

    replace_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._working = NoticeBox("working", amber=False)
        self._said = NoticeBox("said", amber=False)
        self._problem = NoticeBox("problem", amber=True)
        self._taken = NoticeBox("taken", amber=True)
        self._replace = button("replace", "Put it in its place")
        self._keep = button("keep_present", "Leave it as it is")
        column = page_column(self)
        column.setSpacing(GRID_PX)
        for box in (self._working, self._said, self._problem, self._taken):
            column.addWidget(box)
        column.addLayout(button_row([self._replace, self._keep], []))
        self._replace.clicked.connect(lambda _checked=False: self.replace_wanted.emit())
        self._keep.clicked.connect(lambda _checked=False: self.keep_wanted.emit())
        self.show_state(ClassifiersState())

    def show_state(self, state: ClassifiersState) -> None:
        """Show what there is to say."""
        asks = state.taken.sentence if state.taken is not None else ""
        texts = (state.working, state.said, state.problem, asks)
        for box, text in zip((self._working, self._said, self._problem, self._taken), texts, strict=True):
            box.say(text)
        for answer in (self._replace, self._keep):
            answer.setVisible(bool(asks))
        self.setVisible(any(texts))
