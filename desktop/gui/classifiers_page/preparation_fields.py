"""How an image becomes a network's input: size, resize method, values, order of colours."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from bloodsmear.classifiers.recipe import ResizeMethod
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice

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
