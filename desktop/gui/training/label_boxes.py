"""What the folders of images stand for: which of the built-in labels, or labels of the reader's own."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.classifiers.labels import LABELS, Label, label_key, label_name
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button, button_row, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.training.first_label import FirstLabel
from desktop.gui.training.state import IGNORED, OUR_LABELS, DataSeen, FolderLabel, OwnLabel

_CHOICE_PX = 180
# Beside its choice, not a page away from it.
_NAME_PX = 240
_AS_NAMED = ""
_OWN = (
    "Labels of your own, in the order of lists and keys. A name may be written anew; folders with one name are one "
    "label, and a folder without a name is left out."
)


class FolderLabelsBox(QWidget):
    """A line a folder: a choice among the built-in labels, or the name of a label of the reader's own.

    `labels_wanted(tuple of FolderLabel, tuple of OwnLabel, key)` when the reader is done; `key` is that of the label
    whose mistakes matter most, empty for none.
    """

    labels_wanted = Signal(tuple, tuple, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: DataSeen | None = None
        self._handed: object = ()
        self.ours = _OurLabels()
        self.own = _OwnLabels()
        self._words = paragraph("")
        again = button("look_again", "Look again")
        again.clicked.connect(lambda _checked=False: self._tell(self._is_own))
        self._other = button("other_labels", "", "plain")
        self._other.clicked.connect(lambda _checked=False: self._change_kind())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self._words, self.ours, self.own):
            column.addWidget(part)
        column.addLayout(button_row([again, self._other], []))

    @property
    def _is_own(self) -> bool:
        data = self._shown
        return data is not None and bool(data.names or (data.own and data.own != OUR_LABELS))

    def show_data(self, data: DataSeen | None) -> None:
        """Show the folders, and what was said of them before. What is chosen and not handed in yet stays."""
        known = data is not None and bool(data.folders)
        self.setVisible(known)
        if data is None or not known or (self._shown is not None and _said(self._shown) == _said(data)):
            # The page is shown anew for other reasons, too: a GPU was found while the reader was choosing.
            return
        self._shown = data
        self.ours.setVisible(not self._is_own)
        self.own.setVisible(self._is_own)
        if self._is_own:
            self.own.show_folders(data.folders, dict(data.labels), data.names or data.own, data.matters_first)
        else:
            self.ours.show_folders(data.folders, dict(data.labels))
        self._handed = self._labels()
        self._words.setText(
            _OWN if self._is_own else "What is in the folders, where their names do not say it:"
        )
        self._other.setText(
            "They are Benign, Early Pre-B, Pre-B, Pro-B" if self._is_own else "They are labels of your own"
        )

    def hand_in(self) -> bool:
        """Tell what was chosen and is not handed in yet; whether there is any."""
        pending = not self.isHidden() and self._labels() != self._handed
        if pending:
            self._tell(self._is_own)
        return pending

    def _labels(self) -> object:
        return self.own.labels() if self._is_own else self.ours.labels()

    def _tell(self, own: bool) -> None:
        if own:
            self.labels_wanted.emit(*self.own.labels())
        else:
            # Said where the folders could be taken for others.
            said = OUR_LABELS if self._shown is not None and self._shown.own == OUR_LABELS else ()
            self.labels_wanted.emit(self.ours.labels(), said, "")

    def _change_kind(self) -> None:
        if self._shown is None:
            return
        if self._is_own:
            self.labels_wanted.emit((), OUR_LABELS, "")
        else:
            self.own.show_folders(self._shown.folders, {}, ())
            self._tell(own=True)


def _said(data: DataSeen) -> tuple[object, ...]:
    return data.folder, data.folders, data.labels, data.own, data.names, data.matters_first


class _OurLabels(QWidget):
    """A line a folder with its name and a choice."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[str, DropDown] = {}
        self._grid = _folder_grid(self)

    def show_folders(self, folders: tuple[str, ...], said: Mapping[str, str]) -> None:
        """Show these folders with what was said of them."""
        if tuple(self._choices) != folders:
            self._put(folders)
        for name, choice in self._choices.items():
            choice.setCurrentIndex(max(0, choice.findData(said.get(name, _AS_NAMED))))

    def _put(self, folders: tuple[str, ...]) -> None:
        _empty(self._grid)
        self._choices = {}
        for row, name in enumerate(folders):
            choice = DropDown()
            choice.setAccessibleName(name)
            choice.setFixedWidth(_CHOICE_PX)
            choice.addItem("As it is named", _AS_NAMED)
            for label in LABELS:
                choice.addItem(label.name, label.key)
            choice.addItem("Leave out", IGNORED)
            self._grid.addWidget(_caption(name), row, 0)
            self._grid.addWidget(choice, row, 1)
            self._choices[name] = choice

    def labels(self) -> tuple[FolderLabel, ...]:
        """What is chosen now; folders that are left as they are named are left out."""
        chosen = ((name, str(choice.currentData())) for name, choice in self._choices.items())
        return tuple((name, label) for name, label in chosen if label != _AS_NAMED)


class _OwnLabels(QWidget):
    """A line a folder with the name of its label, to be written anew and moved up or down; and which matters first."""

    def __init__(self) -> None:
        super().__init__()
        self._fields: list[tuple[str, QLineEdit]] = []
        self._keys: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        lines, self._first, self._first_folder = QWidget(), FirstLabel(), ""
        self._first.chosen.connect(self._choose_first)
        self._grid = _folder_grid(lines)
        column.addWidget(lines)
        column.addWidget(self._first)

    def show_folders(
        self,
        folders: tuple[str, ...],
        said: Mapping[str, str],
        names: tuple[OwnLabel, ...],
        matters_first: str = "",
    ) -> None:
        """Show these folders by the labels that they stand for, in the labels' order; all by themselves without any."""
        self._keys = {name.casefold(): key for key, name in names}
        places = {key: place for place, (key, _) in enumerate(names)}
        key_of = {folder: said.get(folder) or _key_among(folder, names) for folder in folders}
        ordered = sorted(folders, key=lambda folder: places.get(key_of[folder], len(places)))
        shown = dict(names)
        self._put([(folder, shown.get(key_of[folder], "" if names else folder)) for folder in ordered])
        self._choose_first(matters_first)
        self._name_anew()

    def labels(self) -> tuple[tuple[FolderLabel, ...], tuple[OwnLabel, ...], str]:
        """Each folder's label, the labels in order, and which matters first. One that keeps its name keeps its key."""
        return *self._named(), self._first.key

    def _named(self) -> tuple[tuple[FolderLabel, ...], tuple[OwnLabel, ...]]:
        pairs: list[FolderLabel] = []
        own: dict[str, OwnLabel] = {}
        for folder, field in self._fields:
            name = field.text().strip()
            if not name:
                pairs.append((folder, IGNORED))
                continue
            word = name.casefold()
            if word not in own:
                taken = {key for key, _ in own.values()} | set(self._keys.values())
                key = self._keys.get(word) or _free_key(name, taken)
                # A built-in label keeps its name in any set.
                own[word] = key, label_name(key, {key: name})
            pairs.append((folder, own[word][0]))
        return tuple(pairs), tuple(own.values())

    def _put(self, lines: list[tuple[str, str]]) -> None:
        _empty(self._grid)
        self._fields = []
        for row, (folder, name) in enumerate(lines):
            field = QLineEdit(name)
            field.setAccessibleName(f"The label of {folder}")
            field.setPlaceholderText("left out")
            field.setMaxLength(80)
            field.setFixedWidth(_CHOICE_PX)
            field.textEdited.connect(lambda _text: self._name_anew())
            self._fields.append((folder, field))
            self._grid.addWidget(_caption(folder), row, 0)
            self._grid.addWidget(field, row, 1)
            self._grid.addWidget(self._mover("↑", f"{folder} up", row, -1, row > 0), row, 2)
            self._grid.addWidget(self._mover("↓", f"{folder} down", row, 1, row + 1 < len(lines)), row, 3)
        for place in range(self._grid.count()):
            if (item := self._grid.itemAt(place)) is not None and (widget := item.widget()) is not None:
                # At once, so that one of them can take the focus.
                widget.show()

    def _choose_first(self, key: str) -> None:
        # By its folder: while a name is written anew, its key comes and goes.
        self._first_folder = next((folder for folder, label in self._named()[0] if label == key), "")

    def _name_anew(self) -> None:
        pairs, labels = self._named()
        self._first.show_labels(labels, dict(pairs).get(self._first_folder, ""))

    def _mover(self, sign: str, words: str, row: int, step: int, on: bool) -> QPushButton:
        mover = button(f"move_{row}_{step}", sign, "plain")
        mover.setAccessibleName(words)
        mover.setEnabled(on)
        mover.clicked.connect(self._moving(row, step))
        return mover

    def _moving(self, row: int, step: int) -> Callable[[], None]:
        def move() -> None:
            lines = [(folder, field.text()) for folder, field in self._fields]
            lines[row], lines[row + step] = lines[row + step], lines[row]
            self._put(lines)
            self._name_anew()
            moved = self.findChild(QPushButton, f"move_{row + step}_{step}")
            if moved is not None:
                (moved if moved.isEnabled() else self._fields[row + step][1]).setFocus()

        return move


def _key_among(folder: str, names: tuple[OwnLabel, ...]) -> str:
    """The label that a folder's name says; empty for none."""
    try:
        return LabelSet(tuple(Label(key, name) for key, name in names)).key_of(folder) or ""
    except ValueError:
        # Nothing is known yet, or it was refused.
        return ""


def _free_key(name: str, taken: set[str]) -> str:
    """A key for a label's name, whatever letters it has."""
    begun = label_key(name)[:60] or "label"
    number = 1
    while (key := begun if number == 1 else f"{begun}_{number}") in taken:
        number += 1
    return key


def _folder_grid(of: QWidget) -> QGridLayout:
    grid = QGridLayout(of)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(4 * GRID_PX)
    grid.setVerticalSpacing(GRID_PX)
    grid.setColumnStretch(4, 1)
    return grid


def _caption(folder: str) -> ElidedLabel:
    caption = ElidedLabel(widens=True)
    caption.set_text(folder)
    caption.setFixedWidth(_NAME_PX)
    return caption


def _empty(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            # Not to be found by its name any more: the next one has it.
            widget.setObjectName("")
            widget.hide()
            widget.deleteLater()
