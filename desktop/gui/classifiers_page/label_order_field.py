"""The labels of a network in the order of its outputs: the one thing about a file that goes wrong unseen."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from bloodsmear.classifiers.labels import LABELS, PUBLISHED_LABELS, label_key, label_name
from desktop.gui.theme.page_parts import NoticeBox, page_column, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice

PUBLISHED, OURS, OTHER = "published", "ours", "other"
_ORDERS: dict[str, tuple[str, ...]] = {
    PUBLISHED: PUBLISHED_LABELS,
    OURS: tuple(label.key for label in LABELS),
}
_TRAP = (
    "The order is that of the network's outputs, not that of reading. Keras sorts the folders that it learned from by "
    "name, capitals before small letters: Benign, [Malignant] Pre-B, [Malignant] Pro-B, [Malignant] early Pre-B. So "
    "the published models answer Benign, Pre-B, Pro-B, Early Pre-B. In a wrong order images are named wrongly, and "
    "nothing shows it."
)


_TWO = (
    "The network answers one number from 0 to 1. Name first the label that 0 stands for, then the label of 1. Keras "
    "sorts the folders that it learned from by name, capitals before small letters: the first of them is 0. In a wrong "
    "order every image is named wrongly, and nothing shows it."
)
_LINE_HINTS = {
    False: "Benign, Pre-B, …: in the order of the outputs",
    True: "the label of 0, the label of 1",
}


class LabelOrderField(QWidget):
    """A choice of known orders over a line to type another one. `changed()`; `published_chosen()`: the preset was."""

    changed = Signal()
    published_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = SegmentedChoice(
            "Labels",
            [
                Segment(PUBLISHED, "The published models", "Benign, Pre-B, Pro-B, Early Pre-B"),
                Segment(OURS, "Bloodsmear's order", "Benign, Early Pre-B, Pre-B, Pro-B"),
                Segment(OTHER, "Another"),
            ],
        )
        self._line = QLineEdit()
        self._line.setObjectName("labels")
        self._line.setAccessibleName("Labels in the order of the outputs, with commas between them")
        self._numbered = paragraph("", "muted")
        self._numbered.setObjectName("numbered")
        self._trap = NoticeBox("trap", amber=False)
        self._one_output = False
        column = page_column(self)
        column.setSpacing(2 * GRID_PX)
        for part in (self._known, self._line, self._numbered, self._trap):
            column.addWidget(part)
        self._known.chosen.connect(self._choose)
        self._line.textChanged.connect(lambda _text: self._show_typed())
        self._known.choose(OTHER)
        self.ask_for_two(False)

    @property
    def complete(self) -> bool:
        """Whether there are as many labels as the network can answer."""
        return len(self.keys()) == 2 if self._one_output else len(self.keys()) >= 2

    def ask_for_two(self, one_output: bool) -> None:
        """Ask about a network that answers one number for two labels, or about one with a number for each."""
        self._one_output = one_output
        self._known.setVisible(not one_output)
        self._trap.say(_TWO if one_output else _TRAP)
        self._line.setPlaceholderText(_LINE_HINTS[one_output])
        self._show_typed()

    def keys(self) -> tuple[str, ...]:
        """The labels' keys in the order that was typed; what is no label is left out."""
        return tuple(key for key in (label_key(word) for word in self._line.text().split(",")) if key)

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show these labels."""
        self._line.setText(", ".join(label_name(key) for key in keys))

    def choose(self, known: str) -> None:
        """Choose one of the known orders, as a person does."""
        self._known.choose(known)
        self._choose(known)

    def _choose(self, known: str) -> None:
        if known in _ORDERS:
            self.set_keys(_ORDERS[known])
        else:
            self._line.setFocus()
        if known == PUBLISHED:
            self.published_chosen.emit()

    def _show_typed(self) -> None:
        keys = self.keys()
        self._known.choose(next((name for name, order in _ORDERS.items() if order == keys), OTHER))
        # Of one number, 0 and 1 are what stands for the labels.
        numbered = (
            f"{number} {label_name(key)}" for number, key in enumerate(keys, 0 if self._one_output else 1)
        )
        self._numbered.setText("   ".join(numbered) or "Type the labels with commas between them.")
        self.changed.emit()
