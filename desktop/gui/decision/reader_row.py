"""Who reads, typed once, and whether the reading is blind."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.gui.decision.decision_words import new_reader_words
from desktop.gui.theme import Tokens
from desktop.gui.theme.elided_label import ElidedLabel, keep_from_widening
from desktop.gui.theme.page_parts import button, paragraph
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import plain_tooltip
from desktop.gui.theme.toggle_switch import ToggleSwitch
from desktop.gui.theme.typing_line import TypingLine


class ReaderRow(QWidget):
    """`named(text)` as typed; `blind_changed(on)`; `left()` when Enter or Escape ended the typing.

    Who has read the study before is offered. Any other name is asked about once: `new_reader_meant(name)` where it is
    somebody else, `kept()` where it was a slip.
    """

    kept = Signal()
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
        line = QHBoxLayout()
        line.setSpacing(GRID_PX)
        line.addWidget(self._pages, 1)
        line.addWidget(self._blind)
        self._question = _NewReader()
        self.new_reader_meant = self._question.meant
        self._question.slipped.connect(self._type_again)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID_PX)
        whole.addWidget(self._question)
        whole.addLayout(line)
        self._pages.setFixedHeight(self._field.sizeHint().height())
        self.named = self._field.taken
        self._field.left.connect(self._end_typing)
        self._change.clicked.connect(self.ask)
        self.blind_changed = self._blind.toggled
        self._reader = ""

    def show_reader(self, reader: str, readers: Sequence[str] = (), new_reader: str = "") -> None:
        """Show the reader's name, or the field for it while there is none.

        `readers` are offered; `new_reader` was typed, and is asked about.
        """
        self._field.offer(readers)
        self._question.ask(new_reader, readers)
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
        """Put the cursor into the field for the name, also where a key in the second window asked for it.

        A page beside the window keeps its keys: they name and count cells there, and would be typed as a name here.
        """
        if not isinstance(QApplication.activeWindow(), QDialog):
            self.window().raise_()
            self.window().activateWindow()
        self._pages.setCurrentIndex(0)
        self._field.setFocus()
        self._field.selectAll()
        self._field.show_offered()

    def take_typed(self) -> None:
        """Take over a name that was typed and not ended with Enter."""
        self._field.take_typed()

    def _type_again(self) -> None:
        self.kept.emit()
        self.ask()

    def _end_typing(self) -> None:
        self._pages.setCurrentIndex(1 if self._reader else 0)
        self.left.emit()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._blind.set_tokens(tokens)


class _NewReader(QFrame):
    """Asks whether a name is somebody who has not read the study before. `meant(name)`, or `slipped()`."""

    meant = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._reader = ""
        self.setProperty("look", "notice")
        self._words = paragraph("", "notice_text")
        self._words.setObjectName("new_reader_question")
        keep_from_widening(self._words)
        yes, no = (
            button("new_reader", "A new reader", "link"),
            button("no_new_reader", "Change the name", "link"),
        )
        yes.clicked.connect(lambda: self.meant.emit(self._reader))
        self.slipped = no.clicked
        answers = QHBoxLayout()
        answers.setSpacing(2 * GRID_PX)
        answers.addWidget(yes)
        answers.addWidget(no)
        answers.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(0)
        column.addWidget(self._words)
        column.addLayout(answers)
        self.hide()

    def ask(self, name: str, readers: Sequence[str]) -> None:
        """Ask about this name; without one nothing is to be seen."""
        self._reader = name
        self._words.setText(new_reader_words(name, readers) if name else "")
        self.setAccessibleName(self._words.text())
        self.setVisible(bool(name))
