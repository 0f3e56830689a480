"""What the training starts from, and which earlier images stay in it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.training.state import StartingPoint, TrainingState

# Wide enough for a long name; with the button beside it, it fits on a screen of 1366 × 768 at 200 %.
FIELD_PX = 300


class StartRow(QWidget):
    """A list of starting points and a button for a file. `chosen()`, `file_wanted()`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._starts: tuple[StartingPoint, ...] = ()
        self._file: StartingPoint | None = None
        self._list = DropDown()
        self._list.setObjectName("start_from")
        self._list.setAccessibleName("Start from")
        self._list.setFixedWidth(FIELD_PX)
        self._from_file = button("start_file", "From a file…")
        self._from_file.setToolTip(
            "An exported classifier (.zip, or model.keras in its folder), or ImageNet's weights of VGG16 (.h5)."
        )
        field_row(self, [self._list, self._from_file])
        self.setFocusProxy(self._list)
        self.chosen = self._list.currentIndexChanged
        self.file_wanted = self._from_file.clicked

    def show_state(self, state: TrainingState) -> None:
        """Show what can be chosen from. What was chosen stays, until a file comes to it: that is chosen then."""
        if state.all_starts == self._starts:
            return
        newest = state.file_start
        is_new = newest is not None and newest != self._file
        wanted = newest.key if is_new and newest is not None else self._list.currentData()
        self._starts, self._file = state.all_starts, newest
        self._list.clear()
        for start in self._starts:
            self._list.addItem(start.name, start.key)
        self._list.setCurrentIndex(max(0, self._list.findData(wanted)))

    def current(self) -> StartingPoint | None:
        """What is chosen now; None while nothing is known to choose from."""
        key = self._list.currentData()
        return next((start for start in self._starts if start.key == key), None)


class KeepRow(QWidget):
    """The folder of the images that a classifier learned from. `folder_wanted()`, `nothing_wanted()`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = ElidedLabel(widens=True)
        self._folder.setObjectName("keep_folder")
        self._choose = button("keep", "Choose folder…")
        self._leave_out = button("keep_nothing", "Leave out")
        field_row(self, [self._folder, self._choose, self._leave_out])
        self.setFocusProxy(self._choose)
        self.folder_wanted = self._choose.clicked
        self.nothing_wanted = self._leave_out.clicked

    def show_folder(self, folder: Path | None) -> None:
        """Show the folder, or that there is none."""
        self._folder.set_text(str(folder) if folder is not None else "None")
        self._leave_out.setVisible(folder is not None)


def field_row(row: QWidget, parts: list[QWidget]) -> None:
    """Lay the parts of a field side by side, at the left."""
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(2 * GRID_PX)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)


def explained(field: QWidget, explanation: QLabel) -> QWidget:
    """A field with what is to be said of it close below."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID_PX)
    column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(explanation)
    return both
