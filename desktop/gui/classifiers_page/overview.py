"""The first view of the page: the list, what is known of the selected one, and what was said last."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.classifiers_page.classifier_list import ClassifierList
from desktop.gui.classifiers_page.classifier_words import can_use, choice_words
from desktop.gui.classifiers_page.details import ClassifierDetails
from desktop.gui.classifiers_page.message_rows import MessageRows
from desktop.gui.classifiers_state import ClassifiersState
from desktop.gui.theme.page_parts import button, button_row, page_column, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

_LIST_PX = 260
_INTRODUCTION = "Ticked classifiers answer for every image, side by side: two, or one, or three."
_DROP_HINT = "Or drop a zip, a folder, or an .h5 or .keras file here."


class Overview(QWidget):
    """`use_wanted(tuple of ids)`, `add_file_wanted()`, `add_folder_wanted()`, `offers_wanted()`.

    The details and the messages have signals of their own.
    """

    use_wanted = Signal(object)
    add_file_wanted = Signal()
    add_folder_wanted = Signal()
    offers_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ClassifiersState | None = None
        self.list = ClassifierList()
        self.details = ClassifierDetails()
        self.messages = MessageRows()
        self._choice = paragraph("", "muted")
        self._choice.setObjectName("choice")
        self._use = button("use", "Use these", "primary")
        self._add_file = button("add_file", "Add a file…")
        self._add_folder = button("add_folder", "Add a folder…")
        self._offers = button("offers", "Download published ones…", "plain")
        self._lay_out()
        self.list.selected.connect(lambda _id: self._show_details())
        self.list.ticked_changed.connect(self._show_choice)
        self._use.clicked.connect(lambda _checked=False: self.use_wanted.emit(self.list.ticked()))
        self._add_file.clicked.connect(lambda _checked=False: self.add_file_wanted.emit())
        self._add_folder.clicked.connect(lambda _checked=False: self.add_folder_wanted.emit())
        self._offers.clicked.connect(lambda _checked=False: self.offers_wanted.emit())

    def show_state(self, state: ClassifiersState) -> None:
        """Show this state; what is ticked and not used yet stays ticked."""
        before, self._state = self._state, state
        anew = before is None or before.listed is None or state.in_use != before.in_use
        ticked = state.in_use if anew else self.list.ticked()
        if before is None or (state.listed, state.in_use) != (before.listed, before.in_use):
            self.list.show_classifiers(state.listed or (), state.in_use, ticked)
        if before is not None and state.selected != before.selected:
            self.list.select(state.selected)
        self.messages.show_state(state)
        for part in (self._add_file, self._add_folder, self._offers):
            part.setEnabled(state.work is None)
        self._offers.setVisible(bool(state.offers))
        self._show_details()
        self._show_choice()

    def _show_details(self) -> None:
        if self._state is not None:
            chosen = self.list.selected_id()
            one = next((one for one in self._state.listed or () if one.id == chosen), None)
            self.details.show_classifier(one, busy=self._state.work is not None)

    def _show_choice(self) -> None:
        state = self._state
        if state is None or state.listed is None:
            self._choice.setText("Reading the classifiers of this PC…")
            self._use.setEnabled(False)
            return
        ticked = self.list.ticked()
        self._choice.setText(choice_words(state.listed, state.in_use, ticked))
        self._use.setEnabled(can_use(state.in_use, ticked) and state.work is None)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(2 * GRID_PX)
        left.addWidget(paragraph(_INTRODUCTION, "muted"))
        left.addWidget(self.list, 1)
        left.addWidget(self._choice)
        left.addLayout(button_row([self._use], []))
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedWidth(1)
        columns = QHBoxLayout()
        columns.setSpacing(4 * GRID_PX)
        held = QWidget()
        held.setFixedWidth(_LIST_PX)
        left.setContentsMargins(0, 0, 0, 0)
        held.setLayout(left)
        for part in (held, line, self.details):
            columns.addWidget(part, 1 if part is self.details else 0)
        whole = page_column(self)
        whole.addLayout(columns, 1)
        whole.addWidget(self.messages)
        hint = PlainLabel(_DROP_HINT)
        hint.setProperty("look", "small")
        whole.addLayout(button_row([self._add_file, self._add_folder, hint], [self._offers]))
