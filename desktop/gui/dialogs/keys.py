"""The page of keys: everything works without a mouse, and with keys of the reader's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

# So many lines fit on a screen of 768 px; what is more stands beside them.
_LINES = 17
# Margins, the scroll bar, and the line below.
_BESIDE_PX, _BELOW_PX = 72, 100
_HINT = "Press a key's button to choose another key for it."


@dataclass(frozen=True, slots=True)
class KeyLine:
    """An action of the page: its name in the program, its words, its keys as this system writes them."""

    name: str
    words: str
    keys: str


class KeysDialog(QDialog):
    """A line for each action. `key_wanted(name, key)` with the key as Qt writes it, `own_wanted(name)` for the one that
    it had at first, `all_own_wanted()`.
    """

    key_wanted = Signal(str, str)
    own_wanted = Signal(str)
    all_own_wanted = Signal()

    def __init__(self, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self._chosen = ""
        self._words: dict[str, str] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._sentence = QLabel(_HINT)
        self._sentence.setObjectName("keys_sentence")
        self._edit = QKeySequenceEdit()
        self._edit.setMaximumSequenceLength(1)
        self._edit.setAccessibleName("The new key")
        self._take = _button("take_key", "Take this key", self._take_key)
        self._own = _button("own_key", "Its first key", lambda: self.own_wanted.emit(self._chosen))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._area_of(lines), 1)
        layout.addLayout(self._foot())
        self._choose("")

    def show_lines(self, lines: Sequence[KeyLine], sentence: str = "") -> None:
        """Show the keys as they are now, and what came of the last wish."""
        for line in lines:
            self._buttons[line.name].setText(line.keys or "–")
        self._choose("")
        self._sentence.setText(sentence or _HINT)

    def complain(self, sentence: str) -> None:
        """The key cannot be taken, and why; another can be pressed."""
        self._sentence.setText(sentence)
        self._edit.clear()
        self._edit.setFocus()

    def _area_of(self, lines: Sequence[KeyLine]) -> QScrollArea:
        """The lines, to be scrolled where the screen is too small for all."""
        inside = QWidget()
        inside.setLayout(self._grid_of(lines))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        wanted, screen = inside.sizeHint(), self.screen().availableGeometry()
        self.resize(
            min(wanted.width() + _BESIDE_PX, screen.width()),
            min(wanted.height() + _BELOW_PX, screen.height()),
        )
        return area

    def _grid_of(self, lines: Sequence[KeyLine]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for number, line in enumerate(lines):
            column, row = divmod(number, _LINES)
            grid.addWidget(QLabel(line.words), row, 2 * column)
            shown = _button(f"key_{line.name}", line.keys or "–", partial(self._choose, line.name))
            shown.setAccessibleName(f"{line.words}: {line.keys or 'no key'}")
            self._words[line.name], self._buttons[line.name] = line.words, shown
            grid.addWidget(shown, row, 2 * column + 1)
        return grid

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        foot.addWidget(self._sentence, 1)
        for part in (self._edit, self._take, self._own):
            foot.addWidget(part)
        foot.addWidget(_button("all_own_keys", "All as at first", self.all_own_wanted.emit))
        foot.addWidget(buttons)
        return foot

    def _choose(self, name: str) -> None:
        self._chosen = name
        for part in (self._edit, self._take, self._own):
            part.setVisible(bool(name))
        if name:
            self._sentence.setText(f"Press the new key for “{self._words[name]}”:")
            self._edit.clear()
            self._edit.setFocus()

    def _take_key(self) -> None:
        key = self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self.key_wanted.emit(self._chosen, key)


def _button(name: str, text: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    # Enter in the field of the new key is a key, too, and presses nothing.
    made.setAutoDefault(False)
    made.clicked.connect(lambda _checked=False: act())
    return made
