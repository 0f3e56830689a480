"""The names of a set with their keys, how many cells have each, and its share with the 95 % interval."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from bloodsmear.cells.differential import Differential, NamedCount, differential_of, limits_words, share_words
from bloodsmear.cells.names import CellName, NameSet
from desktop.gui.theme.page_parts import button, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip

_HEADER = ("", "", "Cells", "Share", "95 %")
_FIGURES = (2, 3, 4)
_USUAL = ("000", "00.0 per 100", "00–000")
_ROW_PX = 5
_LIMITS = (
    "The 95 % interval: with so many cells counted, the true share lies between these per cents 95 times of 100 "
    "(Clopper and Pearson; Rümke's limits)."
)


class NamesTable(QWidget):
    """`chosen(id)` when a name's key is pressed anywhere in the window that the table stands in, or its button."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: NameSet | None = None
        self._counts: Mapping[str, int] = {}
        self._shown: tuple[CellName, ...] = ()
        self._can = True
        self._shortcuts: list[QShortcut] = []
        self._rows: dict[str, tuple[QPushButton, tuple[QLabel, ...]]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID_PX)
        self._grid.setVerticalSpacing(_ROW_PX)
        self._grid.setColumnStretch(1, 1)
        # Without any cell there are no shares yet: the columns have their room, so that nothing moves at the first.
        for column, widest in zip(_FIGURES, _USUAL, strict=True):
            self._grid.setColumnMinimumWidth(column, self.fontMetrics().horizontalAdvance(widest))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_names(self, names: NameSet) -> None:
        """Offer these names."""
        if names != self._names:
            self._names = names
            for shortcut in self._shortcuts:
                shortcut.setEnabled(False)
                shortcut.deleteLater()
            self._shortcuts = [self._shortcut(one) for one in names.names]
            self._show()

    def show_counts(self, counts: Mapping[str, int]) -> Differential:
        """How many cells have each name (by id), names of other sets among them; returns what that comes to."""
        self._counts = counts
        return self._show()

    def figures(self, id_: str) -> tuple[QLabel, ...]:
        """Of a name: how many, their share, and its limits."""
        return self._rows[id_][1]

    def set_can_choose(self, can: bool) -> None:
        """Whether a name can be given now."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(can)
        self._can = can
        for id_, (key, _) in self._rows.items():
            key.setEnabled(can and self._has_key(id_))

    def _shortcut(self, name: CellName) -> QShortcut:
        shortcut = QShortcut(QKeySequence(name.key), self)
        # A key that is held down would count twenty cells.
        shortcut.setAutoRepeat(False)
        shortcut.setEnabled(self._can)
        shortcut.activated.connect(lambda: self.chosen.emit(name.id))
        return shortcut

    def _show(self) -> Differential:
        differential = differential_of(self._counts, self._names.names if self._names else ())
        counted = {one.name.id: one for one in differential.all}
        own = self._names.names if self._names else ()
        shown = (*own, *(one.name for one in differential.all if one.name not in own))
        if shown != self._shown:
            self._lay_out(shown)
        for id_, (_, figures) in self._rows.items():
            for label, words in zip(figures, _words(counted[id_]), strict=True):
                if label.text() != words:
                    label.setText(words)
        return differential

    def _has_key(self, id_: str) -> bool:
        """Whether the chosen set has this name: in another set its letter may be of another one."""
        return self._names is not None and any(one.id == id_ for one in self._names.names)

    def _lay_out(self, shown: tuple[CellName, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._shown, self._rows = shown, {}
        for column, words in enumerate(_HEADER):
            label = _cell(words, "small", column)
            if column == _FIGURES[-1]:
                label.setToolTip(plain_tooltip(_LIMITS))
            self._grid.addWidget(label, 0, column)
        for line, name in enumerate(shown, 1):
            has_key = self._has_key(name.id)
            key = button(f"name_{name.id}", name.key if has_key else "–", "keycap")
            key.setAccessibleName(f"{name.name}, key {name.key}" if has_key else name.name)
            # Space and Enter on it would count it once more.
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setEnabled(self._can and has_key)
            key.clicked.connect(lambda _checked=False, id_=name.id: self.chosen.emit(id_))
            figures = tuple(_cell("", "plain", column) for column in _FIGURES)
            look = "plain" if name.counting == "white" else "muted"
            self._grid.addWidget(key, line, 0)
            called = _cell(name.name, look, 1)
            # A reader's own name may be long: it takes a second line, and not the figures' room.
            called.setWordWrap(True)
            self._grid.addWidget(called, line, 1)
            for column, figure in zip(_FIGURES, figures, strict=True):
                self._grid.addWidget(figure, line, column)
            self._rows[name.id] = key, figures


def _words(one: NamedCount) -> tuple[str, str, str]:
    return f"{one.count:,}", share_words(one), limits_words(one)


def _cell(words: str, look: str, column: int) -> QLabel:
    label = paragraph(words, look)
    label.setWordWrap(False)
    if column in _FIGURES:
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
