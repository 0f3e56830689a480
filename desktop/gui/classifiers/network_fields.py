"""What a network file can't tell: its labels in the order of its outputs, and how an image becomes its input.

The order of the labels is the one thing that goes wrong unseen.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from bloodsmear.classifiers.labels import LABELS, PUBLISHED_LABELS, label_key, label_name
from bloodsmear.classifiers.recipe import ResizeMethod
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.page_parts import NoticeBox, page_column, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
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
        """The labels' keys in the order that was typed; what is not a label is left out."""
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


_FIELD_PX = 300
_NUMBER_PX = 90
_METHODS: tuple[tuple[ResizeMethod, str], ...] = (
    ("nearest", "Nearest (Keras when nothing is said)"),
    ("bilinear", "Bilinear (Pillow)"),
    ("bicubic", "Bicubic (Pillow)"),
    ("bilinear_cv2", "Bilinear (OpenCV)"),
    ("bicubic_cv2", "Bicubic (OpenCV)"),
    ("area", "Area (OpenCV)"),
)
# Factor and summand of a grey level of 0 to 255, as they are typed on the command line, too.
_RANGES = (
    (("1/255", "0"), "0 to 1 (value / 255)"),
    (("2/255", "-1"), "−1 to 1 (value × 2/255 − 1)"),
    (("1", "0"), "0 to 255 (as it is, the network scales)"),
    (None, "Another: value × … + …"),
)


class PreparationFields(QWidget):
    """Four questions with an answer each; nothing is guessed from the file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resize = DropDown()
        self._resize.setObjectName("resize")
        for method, words in _METHODS:
            self._resize.addItem(words, method)
        self._range = DropDown()
        self._range.setObjectName("range")
        for numbers, words in _RANGES:
            self._range.addItem(words, numbers)
        self._scale, self._offset = _line("scale", "1/255", _NUMBER_PX), _line("offset", "0", _NUMBER_PX)
        self._channels = SegmentedChoice(
            "Order of colours",
            [
                Segment("rgb", "RGB", "Red first: Pillow, Keras"),
                Segment("bgr", "BGR", "Blue first: OpenCV's imread"),
            ],
        )
        self._size = _line("size", "what the file says", _FIELD_PX // 2)
        self._other_range = QWidget()
        self._lay_out()
        self._range.currentIndexChanged.connect(lambda _index: self._show_range())
        self.set_published()

    @property
    def resize_method(self) -> str:
        """The resize method's name in a recipe."""
        return str(self._resize.currentData())

    @property
    def scale(self) -> str:
        """The factor, as it was typed."""
        return str(self._numbers()[0])

    @property
    def offset(self) -> str:
        """The summand, as it was typed."""
        return str(self._numbers()[1])

    @property
    def channels(self) -> str:
        """The order of colours in a recipe: rgb or bgr."""
        return self._channels.current()

    @property
    def size_words(self) -> str:
        """The size as it was typed; empty for the file's own."""
        return self._size.text().strip()

    def set_published(self) -> None:
        """As the published models are used: nearest, 0 to 1, red first, the size of the file."""
        self._resize.setCurrentIndex(0)
        self._range.setCurrentIndex(0)
        self._channels.choose("rgb")
        self._size.clear()
        self._show_range()

    def _numbers(self) -> tuple[str, str]:
        scale, offset = self._range.currentData() or (self._scale.text(), self._offset.text() or "0")
        return str(scale), str(offset)

    def _show_range(self) -> None:
        self._other_range.setVisible(self._range.currentData() is None)

    def _lay_out(self) -> None:
        other = QHBoxLayout(self._other_range)
        other.setContentsMargins(0, 0, 0, 0)
        other.setSpacing(2 * GRID_PX)
        for part in (PlainLabel("value ×"), self._scale, PlainLabel("+"), self._offset):
            other.addWidget(part)
        other.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6 * GRID_PX)
        grid.setVerticalSpacing(2 * GRID_PX)
        grid.setColumnStretch(2, 1)
        for drop_down in (self._resize, self._range):
            drop_down.setFixedWidth(_FIELD_PX)
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Resized by", self._resize),
            ("Values", self._range),
            ("", self._other_range),
            ("Colours", self._channels),
            ("Size in px", self._size),
        )
        for row, (words, field) in enumerate(rows):
            if words:
                caption = PlainLabel(words)
                caption.setBuddy(field)
                field.setAccessibleName(words)
                grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)


def _line(name: str, placeholder: str, width_px: int) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(name.capitalize())
    line.setPlaceholderText(placeholder)
    line.setFixedWidth(width_px)
    return line
