"""Which of the reader's own labels matters first: the one whose mistakes an evaluation names before all else."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.page_parts import paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.training.state import OwnLabel

_WORDS = "Whose mistakes matter most"
_WHY = (
    "They stand first in the evaluation: how often it is called another, and how often another is called it."
)
_CAPTION_PX, _CHOICE_PX = 240, 180


class FirstLabel(QWidget):
    """A choice among names of labels, none of them at first: `chosen(key)` when the reader chose one, or none."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._choice = DropDown()
        self._choice.setObjectName("matters_first")
        self._choice.setAccessibleName(_WORDS)
        self._choice.setAccessibleDescription(_WHY)
        self._choice.setFixedWidth(_CHOICE_PX)
        caption = PlainLabel(_WORDS)
        caption.setBuddy(self._choice)
        caption.setFixedWidth(_CAPTION_PX)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4 * GRID_PX)
        line.addWidget(caption)
        line.addWidget(self._choice)
        line.addWidget(paragraph(_WHY, "muted"), 1)
        self._choice.activated.connect(lambda _row: self.chosen.emit(self.key))
        self.show_labels((), "")

    @property
    def key(self) -> str:
        """The key of the chosen label; empty where none matters more than the others."""
        return str(self._choice.currentData() or "")

    def show_labels(self, labels: tuple[OwnLabel, ...], key: str) -> None:
        """Offer these labels, with the one of this key chosen; none where there is none such."""
        self._choice.clear()
        self._choice.addItem("None", "")
        for each, name in labels:
            self._choice.addItem(name, each)
        self._choice.setCurrentIndex(max(0, self._choice.findData(key)))
