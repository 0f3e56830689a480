"""Who reads, typed once, and whether the reading is blind."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.gui.decision.typing_line import TypingLine
from desktop.gui.theme import Tokens
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.toggle_switch import ToggleSwitch


class ReaderRow(QWidget):
    """`named(text)` as typed; `blind_changed(on)`; `left()` when Enter or Escape ended the typing."""

    named = Signal(str)
    blind_changed = Signal(bool)
    left = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = TypingLine("Your name", takes_when_left=True)
        self._field.setToolTip("It is kept with every decision.")
        self._field.setObjectName("reader")
        self._name = ElidedLabel(cut=Qt.TextElideMode.ElideRight)
        self._name.setProperty("look", "small")
        self._change = button("change_reader", "Change", "link")
        self._change.setToolTip("Another reader: each has decisions of their own.")
        self._blind = ToggleSwitch("Blind", tokens)
        self._blind.setToolTip("Hide what the classifiers say until you have decided (Ctrl+B).")
        self._pages = QStackedWidget()
        named = QWidget()
        row = QHBoxLayout(named)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._name, 1)
        row.addWidget(self._change)
        for page in (self._field, named):
            self._pages.addWidget(page)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID_PX)
        whole.addWidget(self._pages, 1)
        whole.addWidget(self._blind)
        self._pages.setFixedHeight(self._field.sizeHint().height())
        self._field.taken.connect(self.named)
        self._field.left.connect(self._end_typing)
        self._change.clicked.connect(self.ask)
        self._blind.toggled.connect(self.blind_changed)
        self._reader = ""

    def show_reader(self, reader: str) -> None:
        """Show the reader's name, or the field for it while there is none."""
        changed, self._reader = reader != self._reader, reader
        self._name.set_text(f"Reader: {reader}")
        self._name.setToolTip(plain_tooltip(reader))
        self._field.set_kept(reader)
        if changed or not self._field.hasFocus():
            self._pages.setCurrentIndex(1 if reader else 0)

    def show_blind(self, on: bool) -> None:
        """Show the choice without emitting it."""
        self._blind.blockSignals(True)
        self._blind.setChecked(on)
        self._blind.blockSignals(False)
        self._blind.update()

    def ask(self) -> None:
        """Put the cursor into the field for the name."""
        self._pages.setCurrentIndex(0)
        self._field.setFocus()
        self._field.selectAll()

    def take_typed(self) -> None:
        """Take over a name that was typed and not ended with Enter."""
        self._field.take_typed()

    def _end_typing(self) -> None:
        self._pages.setCurrentIndex(1 if self._reader else 0)
        self.left.emit()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._blind.set_tokens(tokens)
