"""The page of keys: everything works without a mouse, and with keys of the reader's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.theme.page_parts import button, close_button, scrolling
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel

_SIZE_PX = (600, 640)
_KEY_WIDTH_PX = 160
_HINT = "Press a key's button to choose another key for it."


@dataclass(frozen=True, slots=True)
class KeyLine:
    """An action of the page: its menu, its name in the program, its words, its keys as this system writes them."""

    menu: str
    name: str
    words: str
    keys: tuple[str, ...]


class _KeyEdit(QKeySequenceEdit):
    """Takes one key, any but Esc: that one is the page's."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self.setAccessibleName("The new key")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Show the key."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class KeysDialog(QDialog):
    """A line for each action. `key_wanted(name, key)` with the key as Qt writes it, `own_wanted(name)` for the one that
    it had at first, `all_own_wanted()`.
    """

    key_wanted = Signal(str, str)
    own_wanted = Signal(str)

    def __init__(self, lines: Sequence[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self._chosen = ""
        self._words: dict[str, str] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._sentence = PlainLabel(_HINT)
        self._sentence.setObjectName("keys_sentence")
        self._edit = _KeyEdit()
        self._take = button("take_key", "Take this key", "primary")
        self._take.clicked.connect(self._take_key)
        self._own = button("own_key", "Its first key")
        self._own.clicked.connect(lambda: self.own_wanted.emit(self._chosen))
        self.resize(*_SIZE_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(scrolling(self._list_of(lines)), 1)
        layout.addWidget(self._sentence)
        layout.addLayout(self._foot())
        self._choose("")

    def show_lines(self, lines: Sequence[KeyLine], sentence: str = "") -> None:
        """Show the keys as they are now, and what came of the last wish."""
        for line in lines:
            if line.name in self._buttons:
                self._show_key(line)
        self._choose("")
        self._sentence.setText(sentence or _HINT)

    def complain(self, sentence: str) -> None:
        """The key cannot be taken, and why; another can be pressed."""
        self._sentence.setText(sentence)
        self._edit.clear()
        self._edit.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc gives up waiting for a key; while none is waited for it closes the page."""
        if event.key() == Qt.Key.Key_Escape and self._chosen:
            self._choose("")
            self._sentence.setText(_HINT)
        else:
            super().keyPressEvent(event)

    def _list_of(self, lines: Sequence[KeyLine]) -> QWidget:
        """A heading for each menu, and under it its actions, in the menus' order."""
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 2 * GRID_PX, 0)
        grid.setVerticalSpacing(GRID_PX)
        grid.setColumnStretch(0, 1)
        for menu, actions in groupby(lines, key=lambda line: line.menu):
            heading = PlainLabel(menu)
            heading.setProperty("look", "title")
            heading.setContentsMargins(0, 2 * GRID_PX if self._words else 0, 0, 0)
            grid.addWidget(heading, grid.rowCount(), 0)
            for line in actions:
                row = grid.rowCount()
                grid.addWidget(PlainLabel(line.words), row, 0)
                grid.addWidget(self._key_of(line), row, 1)
        return body

    def _key_of(self, line: KeyLine) -> QPushButton:
        shown = button(f"key_{line.name}", "")
        shown.setFixedWidth(_KEY_WIDTH_PX)
        shown.clicked.connect(partial(self._choose, line.name))
        self._words[line.name], self._buttons[line.name] = line.words, shown
        self._show_key(line)
        return shown

    def _show_key(self, line: KeyLine) -> None:
        shown = self._buttons[line.name]
        keys = " or ".join(line.keys)
        shown.setText(keys or "–")
        shown.setAccessibleName(f"{line.words}: {keys or 'no key'}")

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(2 * GRID_PX)
        all_own = button("all_own_keys", "All as at first")
        self.all_own_wanted = all_own.clicked
        for part in (self._edit, self._take, self._own):
            foot.addWidget(part)
        foot.addStretch(1)
        foot.addWidget(all_own)
        foot.addWidget(close_button(self))
        return foot

    def _choose(self, name: str, _checked: bool = False) -> None:
        if not name and self._chosen:
            # Before its parts go: Qt would lead the keys to what stands behind them.
            self._buttons[self._chosen].setFocus()
        self._chosen = name
        for part in (self._edit, self._take, self._own):
            part.setVisible(bool(name))
        if name:
            self._sentence.setText(f"Press the new key for “{self._words[name]}”; Esc leaves it as it is.")
            self._edit.clear()
            self._edit.setFocus()

    def _take_key(self) -> None:
        key = self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self.key_wanted.emit(self._chosen, key)
