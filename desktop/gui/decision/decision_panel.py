"""The panel below the reading: the reader's own decision for the chosen image."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.decision.choice_grid import ChoiceGrid, KeyButton
from desktop.gui.decision.decision_words import confirm_words, marked_sentence, sentence_of, standing_words
from desktop.gui.decision.reader_row import ReaderRow
from desktop.gui.decision.sentence_line import SentenceLine
from desktop.gui.decision.sign_off_row import SignOffRow
from desktop.gui.review_state import Marked, ReviewState
from desktop.gui.theme import Tokens
from desktop.gui.theme.page_parts import button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.room import Room
from desktop.gui.theme.typing_line import TypingLine


class DecisionPanel(QFrame):
    """Shows a ReviewState and says what the reader wants; nothing is chosen before the reader chose it.

    `chosen(choice)`, `confirmed()`, `acknowledged()`, `noted(text)`, `reader_named(text)`, `blind_changed(on)`,
    `new_reader_named(name)` and `reader_kept()` where a name beside others' was asked about,
    `many_chosen(choice)` for the marked images, once confirmed, and `unmark_wanted()`; `sign_off_wanted(whole
    study?)`, `reopen_wanted(whole study?, reason)`, `image_wanted(image)`; `left()` when typing ended and the keys are
    wanted for deciding again.
    """

    chosen = Signal(str)
    confirmed = Signal()
    noted = Signal(str)
    many_chosen = Signal(str)
    left = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self._state = ReviewState()
        self._marked = Marked()
        # What is to be decided for the marked images, once it is confirmed.
        self._proposed = ""
        self._title = PlainLabel("Your decision")
        self._title.setProperty("look", "title")
        self._standing = PlainLabel()
        self._standing.setObjectName("standing")
        self._standing.setProperty("look", "small")
        self._unmark = button("unmark", "Unmark", "link")
        self._choices = ChoiceGrid()
        self._confirm = KeyButton("Confirm and next", "", "primary")
        self._confirm.setObjectName("confirm")
        # The image whose note is being typed while its study is opened again, and what was taken over meanwhile.
        self._held = ""
        self._held_note: str | None = None
        self._note = TypingLine("Note", takes_when_left=True)
        self._note.setObjectName("note")
        self._sentence = SentenceLine()
        self._reader = ReaderRow(tokens)
        self._sign_off = SignOffRow()
        self._room: Room = "full"
        self._column = self._lay_out()
        self._wire()
        self.show_state(self._state)

    @property
    def state(self) -> ReviewState:
        """What is shown."""
        return self._state

    def show_state(self, state: ReviewState) -> None:
        """Show how the chosen image's review stands; an older complaint goes away when something changed."""
        before, self._state = self._state, state
        if state.image not in ("", self._held):
            self._held, self._held_note = "", None
        if state.image != before.image and not self._held:
            self._note.clear()
        if not self._held or state.can_decide:
            self._note.set_kept(state.note)
        self._reader.show_reader(state.reader, state.readers, state.new_reader)
        self._reader.show_blind(state.blind)
        self._sign_off.show_state(state)
        if self._held and state.image and not state.waiting:
            self._let_note_go()
        self._show(keep_complaint=state == before)

    def show_marked(self, marked: Marked) -> None:
        """Offer to decide for so many images together; none or one brings back the chosen image alone."""
        self._marked, self._proposed = marked, ""
        self._show()

    def choose(self, choice: str) -> None:
        """Decide for the chosen image, or propose it for the marked ones, which have to be confirmed."""
        # A click on a choice takes no focus, so a name that was just typed is still in its field.
        self._reader.take_typed()
        if not self._marked.count:
            self.chosen.emit(choice)
        elif self._state.can_decide or self._state.locked:
            self._proposed = choice
            self._show()

    def confirm(self) -> None:
        """Keep what was proposed for the marked images, or go on to the next one."""
        if not self._marked.count:
            self.confirmed.emit()
        elif self._proposed:
            # Once: while it is being kept another Enter would do it again, and Undo would take back that alone.
            proposed, self._proposed = self._proposed, ""
            self._show()
            self.many_chosen.emit(proposed)

    def complain(self, sentence: str, image: str = "") -> None:
        """Say in place what was refused and what to do; with a way to `image` where that one is in the way."""
        self._sentence.say(sentence, amber=True, image=image)
        if not self._state.reader and not self._state.waiting:
            self._reader.ask()

    def take_typed(self) -> None:
        """Take over a name and a note that were typed and not ended with Enter."""
        self._reader.take_typed()
        self._note.take_typed()

    def take_note(self) -> None:
        """Take over a note that was typed and not ended with Enter: its image is being left."""
        if not self._held:
            self._note.take_typed()

    def hold_note(self) -> None:
        """The study is opened again: a note that is being typed goes on, and is kept once its image is there again."""
        self._held = self._state.image if self._note.hasFocus() else ""

    def begin_note(self) -> None:
        """Put the cursor into the note."""
        # The key may have been pressed in the second window, where the letters of the note would decide.
        self.activateWindow()
        self._note.setFocus()

    def begin_reopening(self) -> None:
        """Ask why the chosen image's case is to be opened again."""
        self.activateWindow()
        self._sign_off.ask_why(whole=False)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show these keys (by the action's name, as this system writes them)."""
        self._choices.set_keys(keys)
        self._confirm.set_key(keys.get("confirm", ""))
        self._note.setPlaceholderText(f"Note ({keys['note']})" if keys.get("note") else "Note")

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._reader.set_tokens(tokens)

    @property
    def choice_rows(self) -> int:
        """How many lines of choices there are."""
        return self._choices.rows

    def set_room(self, room: Room) -> None:
        """Stand closer together; in a short column signing off is left to the menu while nothing is signed off."""
        self._room = room
        tight = room != "full"
        gap_px = GRID_PX // 2 if room == "low" else GRID_PX
        self._column.setSpacing(gap_px if tight else GRID_PX + 2)
        self._choices.set_gap(gap_px)
        self._column.setContentsMargins(
            2 * GRID_PX + 2, gap_px, 2 * GRID_PX + 2, gap_px if tight else 2 * GRID_PX
        )
        self._show(keep_complaint=True)

    def _lay_out(self) -> QVBoxLayout:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._standing)
        head.addWidget(self._unmark)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX + 2, GRID_PX, 2 * GRID_PX + 2, 2 * GRID_PX)
        column.setSpacing(GRID_PX + 2)
        column.addLayout(head)
        parts = (self._sentence, self._choices, self._confirm, self._note)
        for part in (*parts, self._reader, self._sign_off):
            column.addWidget(part)
        return column

    def _wire(self) -> None:
        self._choices.chosen.connect(self.choose)
        self._confirm.clicked.connect(self.confirm)
        self.unmark_wanted = self._unmark.clicked
        self.acknowledged = self._choices.acknowledged
        self._note.taken.connect(self._take_note)
        self.image_wanted = self._sentence.image_wanted
        self.reader_named = self._reader.named
        self.new_reader_named = self._reader.new_reader_meant
        self.reader_kept = self._reader.kept
        self.blind_changed = self._reader.blind_changed
        self.sign_off_wanted = self._sign_off.sign_off_wanted
        self.reopen_wanted = self._sign_off.reopen_wanted
        for ended in (self._note.left, self._reader.left, self._sign_off.left):
            ended.connect(self.left)

    def _take_note(self, text: str) -> None:
        if self._held:
            self._held_note = text
        else:
            self.noted.emit(text)

    def _let_note_go(self) -> None:
        text, self._held, self._held_note = self._held_note, "", None
        if text is not None:
            self.noted.emit(text)

    def _show(self, keep_complaint: bool = False) -> None:
        """Bring choices, confirmation and sentence up to the chosen image, or to the marked ones."""
        state, marked = self._state, self._marked
        if marked.count:
            # Which of them are locked or unreadable is said when it is confirmed.
            state = replace(
                state,
                decision=self._proposed,
                locked="",
                unreadable=False,
                acknowledged=False,
                decided_at=None,
            )
        words = standing_words(state, datetime.now(UTC)) if not marked.count else f"{marked.count:,} marked"
        self._standing.setText(words)
        self._unmark.setVisible(marked.count > 0)
        short = self._room in ("short", "low")
        # The list says the same of the chosen image.
        for part in (self._title, self._standing):
            part.setVisible(not short or marked.count > 0)
        self._sign_off.setVisible(not short or bool(self._state.locked))
        self._choices.show_state(state)
        self._confirm.set_words(confirm_words(marked, self._proposed, state.names))
        self._confirm.setEnabled(state.is_done)
        self._note.setEnabled((state.can_decide or bool(self._held)) and not marked.count)
        if not (keep_complaint and self._sentence.is_complaint):
            text = (
                marked_sentence(marked, self._proposed, state.names) if marked.count else sentence_of(state)
            )
            self._sentence.say(text, amber=False)
