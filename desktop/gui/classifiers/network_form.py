"""What a network file of another program cannot tell, asked for in place."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from bloodsmear.adding.typed_words import free_id
from desktop.gui.classifiers.network_fields import LabelOrderField, PreparationFields
from desktop.gui.classifiers.state import ClassifiersState, NetworkWish
from desktop.gui.classifiers.words import MessageRows
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button, button_row, page_column, paragraph, scrolling
from desktop.gui.theme.palette import GRID_PX

_LONGEST_NAME = 40
_NAME_PX = 300
_INTRODUCTION = (
    "Such a file holds a network, but not how it is used: whoever made it knows that. The file is looked at as data "
    "and rebuilt from a list of known layers; whatever might be code in it is refused."
)
_NO_FOLDER = "no folder"
_FOLDER_HINT = (
    "A folder with one folder for each label, of images whose labels you know. When another order of the labels fits "
    "far better there, nothing is added and the order is shown."
)


class NetworkForm(QWidget):
    """`add_wanted(NetworkWish)`, `back_wanted()`, `folder_wanted()` to try the labels on, `no_folder_wanted()`."""

    add_wanted = Signal(NetworkWish)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ClassifiersState()
        self._file: Path | None = None
        self._head = paragraph("", "title")
        self._head.setObjectName("form_head")
        self._name = QLineEdit()
        self._name.setObjectName("network_name")
        self._name.setAccessibleName("Name")
        self._name.setMaxLength(_LONGEST_NAME)
        self._name.setFixedWidth(_NAME_PX)
        self._kept_as = ElidedLabel(widens=True)
        self._kept_as.setProperty("look", "muted")
        self._kept_as.setObjectName("kept_as")
        self.labels = LabelOrderField()
        self.preparation = PreparationFields()
        self._folder = ElidedLabel(widens=True)
        self._folder.setObjectName("check_folder")
        self._choose = button("choose_check_folder", "Choose a folder…")
        self._no_folder = button("no_check_folder", "Leave that out", "plain")
        self.messages = MessageRows()
        self._better = button("use_better_order", "Use that order")
        self._back = button("form_back", "Back")
        self._add = button("add_network", "Add", "primary")
        self._lay_out()
        self._connect()

    def show_state(self, state: ClassifiersState) -> None:
        """Ask about the file of this state; what was typed about it stays."""
        self._state = state
        if state.to_describe is not None and state.to_describe != self._file:
            self._begin(state.to_describe)
            self.labels.ask_for_two(state.one_output)
        self.messages.show_state(state)
        self._better.setVisible(bool(state.better_order))
        self._folder.set_text(str(state.check_on) if state.check_on is not None else _NO_FOLDER)
        self._no_folder.setVisible(state.check_on is not None)
        self._show_whether_complete()

    def forget(self) -> None:
        """The file was added or put away: the next one, or the same one again, is asked about from the start."""
        self._file = None

    def wish(self) -> NetworkWish | None:
        """The file as it was described; None while name or labels are missing."""
        name, labels, prepared = self._name.text().strip(), self.labels.keys(), self.preparation
        if self._file is None or not name or not self.labels.complete:
            return None
        return NetworkWish(
            file=self._file,
            id=free_id(name, self._state.taken_ids),
            name=name,
            labels=labels,
            resize=prepared.resize_method,
            scale=prepared.scale,
            offset=prepared.offset,
            channels=prepared.channels,
            size=prepared.size_words,
            check_on=self._state.check_on,
        )

    def _begin(self, file: Path) -> None:
        self._file = file
        self._head.setText(f"{file.name}: what it cannot tell of itself")
        self._name.setText(file.stem.replace("_", " ")[:_LONGEST_NAME])
        self.labels.set_keys(())
        self.preparation.set_published()
        self._name.setFocus()
        self._name.selectAll()

    def _show_whether_complete(self) -> None:
        wish, busy = self.wish(), self._state.work is not None
        name = self._name.text().strip()
        self._kept_as.set_text(
            f"Kept as {free_id(name, self._state.taken_ids)}." if name else "Give it a name of your own."
        )
        self._add.setEnabled(wish is not None and not busy)
        for part in (self._back, self._choose, self._no_folder, self._better):
            part.setEnabled(not busy)

    def _lay_out(self) -> None:
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        form.setHorizontalSpacing(6 * GRID_PX)
        form.setVerticalSpacing(3 * GRID_PX)
        form.addRow(paragraph(_INTRODUCTION, "muted"))
        form.addRow("Name", button_row([self._name, self._kept_as], []))
        form.addRow("Labels", self.labels)
        form.addRow("Preparation", self.preparation)
        form.addRow("Try the labels on", self._folder)
        form.addRow("", button_row([self._choose, self._no_folder], []))
        form.addRow("", paragraph(_FOLDER_HINT, "small"))
        column = page_column(self)
        column.addWidget(self._head)
        column.addWidget(scrolling(body), 1)
        column.addWidget(self.messages)
        column.addLayout(button_row([self._back], [self._better, self._add]))

    def _connect(self) -> None:
        self._name.textChanged.connect(lambda _text: self._show_whether_complete())
        self.labels.changed.connect(self._show_whether_complete)
        self.labels.published_chosen.connect(self.preparation.set_published)
        self.folder_wanted = self._choose.clicked
        self.no_folder_wanted = self._no_folder.clicked
        self._better.clicked.connect(lambda _checked=False: self.labels.set_keys(self._state.better_order))
        self.back_wanted = self._back.clicked
        self._add.clicked.connect(lambda _checked=False: self.add_wanted.emit(self.wish()))
