"""The field and the chips above the list."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.gui.gallery.image_filter import KINDS, Kind
from desktop.gui.theme.flow_row import FlowRow
from desktop.gui.theme.palette import GRID_PX

_CHIP_NAMES: dict[Kind, str] = {
    "all": "All",
    "disagree": "Disagree",
    "flagged": "Flagged",
    "unreadable": "Unreadable",
}
# Blind reading shows nothing of a classifier.
_OF_CLASSIFIERS: tuple[Kind, ...] = ("disagree", "flagged")
# While a word is being typed the list is filtered once, not per key.
_TYPING_MS = 120


class FilterBar(QWidget):
    """Emits `text_changed(text)` and `kind_chosen(kind)`; the chips show a count each."""

    text_changed = Signal(str)
    kind_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blind = False
        self._counts: dict[Kind, int] = dict.fromkeys(KINDS, 0)
        self._field = QLineEdit(self)
        self._field.setPlaceholderText("Filter by name or case")
        self._field.setAccessibleName("Filter by name or case")
        self._field.setClearButtonEnabled(True)
        self._chips = {kind: self._chip(kind) for kind in KINDS}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._field)
        row = FlowRow(GRID_PX, self)
        for chip in self._chips.values():
            group.addButton(chip)
            row.add(chip)
        column.addWidget(row)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.text_changed.emit(self._field.text()))
        self._field.textChanged.connect(lambda _text: self._typing.start())
        group.buttonToggled.connect(self._on_toggled)
        self.set_counts(self._counts)

    def set_counts(self, counts: dict[Kind, int]) -> None:
        """Write the number of images of each kind onto its chip."""
        self._counts = counts
        for kind, chip in self._chips.items():
            hidden = self._blind and kind in _OF_CLASSIFIERS
            text = _CHIP_NAMES[kind] if hidden else f"{_CHIP_NAMES[kind]} {counts[kind]:,}"
            chip.setEnabled(not hidden)
            if text != chip.text():
                chip.setText(text)
                shown = "off in blind reading" if hidden else f"{counts[kind]:,} images"
                chip.setAccessibleName(f"Show {_CHIP_NAMES[kind].lower()}: {shown}")

    def set_blind(self, on: bool) -> None:
        """Blind reading: no filter by what classifiers say, and no count of it."""
        self._blind = on
        if on and any(self._chips[kind].isChecked() for kind in _OF_CLASSIFIERS):
            self._chips["all"].setChecked(True)
        self.set_counts(self._counts)

    def reset(self) -> None:
        """Show everything again."""
        self._field.clear()
        self._typing.stop()
        self._chips["all"].setChecked(True)
        self.text_changed.emit("")

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self._field.setFocus()

    def _chip(self, kind: Kind) -> QPushButton:
        chip = QPushButton(self)
        chip.setCheckable(True)
        chip.setChecked(kind == "all")
        chip.setProperty("look", "chip")
        return chip

    def _on_toggled(self, button: QPushButton, checked: bool) -> None:
        if checked:
            self.kind_chosen.emit(next(kind for kind, chip in self._chips.items() if chip is button))
