"""What each folder stands for, where its name does not say it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from bloodsmear.classifiers.labels import LABELS
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button, button_row, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.training_state import IGNORED, FolderLabel

_CHOICE_PX = 180
# Beside its choice, not a page away from it.
_NAME_PX = 240
_AS_NAMED = ""


class FolderLabelsBox(QWidget):
    """A line a folder with its name and a choice; `labels_wanted(tuple of FolderLabel)` when the reader is done."""

    labels_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, DropDown] = {}
        self._said: tuple[FolderLabel, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX)
        self._grid.setColumnStretch(2, 1)
        again = button("look_again", "Look again")
        again.clicked.connect(lambda _checked=False: self.labels_wanted.emit(self.labels()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(paragraph("What is in the folders, where their names do not say it:"))
        column.addLayout(self._grid)
        column.addLayout(button_row([again], []))

    def show_folders(self, folders: tuple[str, ...], labels: tuple[FolderLabel, ...]) -> None:
        """Show these folders, and what was said of them before. A choice that is not handed in yet stays."""
        self.setVisible(bool(folders))
        # The page is shown anew for other reasons, too: a GPU was found while the reader was choosing.
        if tuple(self._choices) == folders and self._said == labels:
            return
        if tuple(self._choices) != folders:
            self._fill(folders)
        self._said = labels
        said = dict(labels)
        for name, choice in self._choices.items():
            choice.setCurrentIndex(max(0, choice.findData(said.get(name, _AS_NAMED))))

    def labels(self) -> tuple[FolderLabel, ...]:
        """What is chosen now; folders that are left as they are named are left out."""
        chosen = ((name, str(choice.currentData())) for name, choice in self._choices.items())
        return tuple((name, label) for name, label in chosen if label != _AS_NAMED)

    def _fill(self, folders: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._choices = {}
        for row, name in enumerate(folders):
            caption = ElidedLabel(widens=True)
            caption.set_text(name)
            caption.setFixedWidth(_NAME_PX)
            choice = DropDown()
            choice.setAccessibleName(name)
            choice.setFixedWidth(_CHOICE_PX)
            choice.addItem("As it is named", _AS_NAMED)
            for label in LABELS:
                choice.addItem(label.name, label.key)
            choice.addItem("Leave out", IGNORED)
            self._grid.addWidget(caption, row, 0)
            self._grid.addWidget(choice, row, 1)
            self._choices[name] = choice
