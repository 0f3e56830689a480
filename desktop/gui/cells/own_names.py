"""Which set of names is used: one of the built-in ones, or the reader's own, which is typed on a small page."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from bloodsmear.cells.names import FIVE_PART, NameSet, own_names
from bloodsmear.errors import ReviewError
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.page_parts import NoticeBox, button, button_row, close_button, paragraph
from desktop.gui.theme.palette import GRID_PX

_SIZE_PX = (420, 460)
_OTHERS = "Own names…"
_HOW = (
    "A line for each name: its key, a space, the name, as “H Hairy cell”. Names of the built-in sets count as they do "
    "there; every other one counts as a white cell."
)


class SetChoice(DropDown):
    """`chosen(id)` when another set was chosen, `own_wanted()` when the reader's own is to be typed."""

    chosen = Signal(str)
    own_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cell_names")
        self.setAccessibleName("Names")
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._sets: dict[str, NameSet] = {}
        self._id = ""
        self.activated.connect(self._choose)

    def show_sets(self, sets: Sequence[NameSet], chosen: str) -> None:
        """Offer these, with one chosen; the first where there is none of this id."""
        self._sets = {one.id: one for one in sets}
        self._id = chosen if chosen in self._sets else next(iter(self._sets))
        with QSignalBlocker(self):
            self.clear()
            for one in sets:
                self.addItem(one.name, one.id)
            self.addItem(_OTHERS, None)
            self.setCurrentIndex(self.findData(self._id))

    def current(self) -> NameSet:
        """The chosen set."""
        return self._sets[self._id]

    def _choose(self) -> None:
        chosen = self.currentData()
        if chosen is None:
            self.setCurrentIndex(self.findData(self._id))
            self.own_wanted.emit()
        else:
            self._id = chosen
            self.chosen.emit(chosen)


class OwnNamesDialog(QDialog):
    """`saved(lines)`: a set that can be used. It begins with the reader's own, else with the five-part one."""

    saved = Signal(tuple)

    def __init__(self, lines: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Own names")
        self.resize(*_SIZE_PX)
        self._text = QPlainTextEdit()
        self._text.setObjectName("own_names")
        self._text.setAccessibleName("Keys and names")
        self._text.setTabChangesFocus(True)
        self._text.setPlainText("\n".join(lines or [f"{one.key} {one.name}" for one in FIVE_PART.names]))
        self._problem = NoticeBox("own_names_problem", amber=True)
        save = button("save_own_names", "Use these names", "primary")
        save.clicked.connect(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[5 * GRID_PX] * 4)
        column.setSpacing(3 * GRID_PX)
        column.addWidget(paragraph(_HOW, "muted"))
        column.addWidget(self._text, 1)
        column.addWidget(self._problem)
        column.addLayout(button_row([], [close_button(self), save]))
        self._text.setFocus()

    def _save(self) -> None:
        lines = tuple(line.strip() for line in self._text.toPlainText().splitlines() if line.strip())
        try:
            own_names(lines)
        except ReviewError as error:
            self._problem.say(str(error))
            return
        self.saved.emit(lines)
        self.accept()
