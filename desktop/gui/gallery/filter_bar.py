"""What stands above the list: the field, the chips, how many images are shown, and the ways to other ones."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.gallery.list_filter import KIND_NAMES, KINDS, KINDS_OF_CLASSIFIERS, Kind, ListFilter
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

# While a word is being typed the list is filtered once, not per key.
_TYPING_MS = 120


class FilterBar(QWidget):
    """Emits `text_changed(text)`, `kind_chosen(kind)` and `clear_wanted()`; the chips show a count each.

    `filter_menu` and `order_menu` are filled by others when they open.
    """

    text_changed = Signal(str)
    kind_chosen = Signal(str)
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blind = False
        self._counts: dict[Kind, int] = dict.fromkeys(KINDS, 0)
        self.filter_menu, self.order_menu = QMenu(self), QMenu(self)
        self._field = QLineEdit(self)
        self._field.setPlaceholderText("Name or case")
        self._field.setAccessibleName("Filter by name or case")
        self._field.setClearButtonEnabled(True)
        self._filter = _menu_button("Filter", self.filter_menu, self)
        self._order = _menu_button("Order", self.order_menu, self)
        self._order.setAccessibleName("Order and headings of the list")
        self._order.setProperty("look", "link")
        self._clear = QPushButton("Clear", self)
        self._clear.setProperty("look", "link")
        self._clear.clicked.connect(self.clear_wanted)
        self._shown = PlainLabel(parent=self)
        self._shown.setProperty("look", "small")
        self._chips = {kind: self._chip(kind) for kind in KINDS}
        self._group = QButtonGroup(self)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.text_changed.emit(self._field.text()))
        self._field.textChanged.connect(lambda _text: self._typing.start())
        self._group.buttonToggled.connect(self._on_toggled)
        self.set_counts(self._counts)
        self.show_filter(ListFilter())

    def set_counts(self, counts: dict[Kind, int]) -> None:
        """Write the number of images of each kind onto its chip."""
        self._counts = counts
        for kind, chip in self._chips.items():
            hidden = self._blind and kind in KINDS_OF_CLASSIFIERS
            text = KIND_NAMES[kind] if hidden else f"{KIND_NAMES[kind]} {counts[kind]:,}"
            chip.setEnabled(not hidden)
            if text != chip.text():
                chip.setText(text)
                shown = "off in blind reading" if hidden else f"{counts[kind]:,} images"
                chip.setAccessibleName(f"Show {KIND_NAMES[kind].lower()}: {shown}")

    def set_shown(self, shown: int, listed: int) -> None:
        """Say how many of the listed images are shown."""
        self._shown.setText(f"{shown:,} shown" if shown == listed else f"{shown:,} of {listed:,}")

    def show_filter(self, list_filter: ListFilter) -> None:
        """Say what is asked for, and offer to clear it."""
        count = len(list_filter.menu_words)
        self._filter.setText(f"Filter {count}" if count else "Filter")
        told = ", ".join(list_filter.menu_words)
        self._filter.setToolTip(plain_tooltip(f"Shown: {told}" if told else ""))
        self._filter.setAccessibleName(f"Filter: {told}" if told else "Filter")
        self._clear.setEnabled(list_filter.is_active)
        told = ", ".join(list_filter.words)
        self._clear.setToolTip(plain_tooltip(f"Show all images again, not only: {told}" if told else ""))
        self._clear.setAccessibleName("Clear all filters")

    def set_blind(self, on: bool) -> None:
        """Blind reading: no filter by what classifiers say, and no count of it."""
        self._blind = on
        if on and any(self._chips[kind].isChecked() for kind in KINDS_OF_CLASSIFIERS):
            self._chips["all"].setChecked(True)
        self.set_counts(self._counts)

    def reset(self) -> None:
        """Empty the field and show every kind again."""
        self._field.clear()
        self._typing.stop()
        self._chips["all"].setChecked(True)

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        first = QHBoxLayout()
        first.setSpacing(GRID_PX)
        first.addWidget(self._field, 1)
        first.addWidget(self._filter)
        column.addLayout(first)
        chips = FlowRow(GRID_PX, self)
        for chip in self._chips.values():
            self._group.addButton(chip)
            chips.add(chip)
        column.addWidget(chips)
        last = QHBoxLayout()
        last.setSpacing(0)
        last.addWidget(self._shown, 1)
        last.addWidget(self._clear)
        last.addWidget(self._order)
        column.addLayout(last)

    def _chip(self, kind: Kind) -> QPushButton:
        chip = QPushButton(self)
        chip.setCheckable(True)
        chip.setChecked(kind == "all")
        chip.setProperty("look", "chip")
        return chip

    def _on_toggled(self, button: QPushButton, checked: bool) -> None:
        if checked:
            self.kind_chosen.emit(next(kind for kind, chip in self._chips.items() if chip is button))


def _menu_button(words: str, menu: QMenu, parent: QWidget) -> QPushButton:
    button = QPushButton(words, parent)
    button.setMenu(menu)
    return button
