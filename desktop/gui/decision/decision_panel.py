"""The panel below the reading: the reader's own decision for the chosen image."""

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.decision.choice_grid import ChoiceGrid, KeyButton
from desktop.gui.decision.decision_words import sentence_of, standing_words
from desktop.gui.decision.reader_row import ReaderRow
from desktop.gui.decision.sentence_line import SentenceLine
from desktop.gui.decision.sign_off_row import SignOffRow
from desktop.gui.decision.typing_line import TypingLine
from desktop.gui.review_state import ReviewState
from desktop.gui.theme import Tokens
from desktop.gui.theme.palette import GRID_PX


class DecisionPanel(QFrame):
    """Shows a ReviewState and says what the reader wants; nothing is chosen before the reader chose it.

    `chosen(choice)`, `confirmed()`, `acknowledged()`, `noted(text)`, `reader_named(text)`, `blind_changed(on)`,
    `sign_off_wanted(whole study?)`, `reopen_wanted(whole study?, reason)`, `image_wanted(image)`; `left()` when typing
    ended and the keys are wanted for deciding again.
    """

    chosen = Signal(str)
    confirmed = Signal()
    acknowledged = Signal()
    noted = Signal(str)
    reader_named = Signal(str)
    blind_changed = Signal(bool)
    sign_off_wanted = Signal(bool)
    reopen_wanted = Signal(bool, str)
    image_wanted = Signal(str)
    left = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self._state = ReviewState()
        self._title = QLabel("Your decision")
        self._title.setProperty("look", "title")
        self._standing = QLabel()
        self._standing.setObjectName("standing")
        self._standing.setProperty("look", "small")
        self._choices = ChoiceGrid()
        self._confirm = KeyButton("Confirm and next", "Enter", "primary")
        self._note = TypingLine("Note (N)", takes_when_left=True)
        self._note.setObjectName("note")
        self._sentence = SentenceLine()
        self._reader = ReaderRow(tokens)
        self._sign_off = SignOffRow()
        self._lay_out()
        self._wire()
        self.show_state(self._state)

    @property
    def state(self) -> ReviewState:
        """What is shown."""
        return self._state

    def show_state(self, state: ReviewState) -> None:
        """Show how the chosen image's review stands; an older complaint goes away when something changed."""
        before, self._state = self._state, state
        self._standing.setText(standing_words(state, datetime.now(UTC)))
        self._choices.show_state(state)
        self._confirm.setEnabled(state.is_done)
        if state.image != before.image:
            self._note.clear()
        self._note.set_kept(state.note)
        self._note.setEnabled(state.can_decide)
        self._reader.show_reader(state.reader)
        self._reader.show_blind(state.blind)
        self._sign_off.show_state(state)
        if state != before or not self._sentence.is_complaint:
            self._sentence.say(sentence_of(state), amber=False)

    def complain(self, sentence: str, image: str = "") -> None:
        """Say in place what was refused and what to do; with a way to `image` where that one is in the way."""
        self._sentence.say(sentence, amber=True, image=image)
        if not self._state.reader and not self._state.waiting:
            self._reader.ask()

    def begin_note(self) -> None:
        """Put the cursor into the note."""
        self._note.setFocus()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._reader.set_tokens(tokens)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._standing)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX + 2, GRID_PX, 2 * GRID_PX + 2, 2 * GRID_PX)
        column.setSpacing(GRID_PX + 2)
        column.addLayout(head)
        parts = (self._sentence, self._choices, self._confirm, self._note)
        for part in (*parts, self._reader, self._sign_off):
            column.addWidget(part)

    def _wire(self) -> None:
        self._choices.chosen.connect(self._choose)
        self._confirm.clicked.connect(self.confirmed)
        self._choices.acknowledged.connect(self.acknowledged)
        self._note.taken.connect(self.noted)
        self._sentence.image_wanted.connect(self.image_wanted)
        self._reader.named.connect(self.reader_named)
        self._reader.blind_changed.connect(self.blind_changed)
        self._sign_off.sign_off_wanted.connect(self.sign_off_wanted)
        self._sign_off.reopen_wanted.connect(self.reopen_wanted)
        for ended in (self._note.left, self._reader.left, self._sign_off.left):
            ended.connect(self.left)

    def _choose(self, choice: str) -> None:
        # A click on a choice takes no focus, so a name that was just typed is still in its field.
        self._reader.take_typed()
        self.chosen.emit(choice)
