"""The panel beside the views: which image, what each classifier says, what they say together."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bloodsmear.classifiers.labels import LABELS
from bloodsmear.images.cells import FoundCells
from bloodsmear.review.cell_words import cell_count_limits, cell_count_words
from bloodsmear.review.decisions import names_of
from bloodsmear.review.flag_words import flag_reasons
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord, RefusedClassifier
from bloodsmear.review.sentences import consensus_sentence, flag_name, flag_sentences
from desktop.gui.reading.classifier_card import ClassifierCard, RefusedCard
from desktop.gui.reading.consensus_box import ConsensusBox
from desktop.gui.reading.map_choice import MapChoice
from desktop.gui.reading.reading_head import ReadingHead
from desktop.gui.theme import Tokens
from desktop.gui.theme.page_parts import tab_through
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.theme.room import Room
from desktop.gui.theme.segmented_choice import Segment, SegmentedChoice
from desktop.gui.theme.toggle_switch import ToggleSwitch

_WIDTH_PX = 300
# Until the classifiers are loaded their cards stand here without names, so that nothing moves when they come.
_COMING = ClassifierMark("", "Classifier", "", "", tuple(label.key for label in LABELS))
_SHIPPED_COUNT = 2
# Below more cards than these the sentence would be cut off at the foot on a laptop, so it stands above them.
_CARDS_ABOVE_SENTENCE = 2
# In a low column more of them scroll.
_MOST_IN_SIGHT = 3
_HIDDEN = "Blind reading: what the classifiers say is shown once you have decided."
_NO_ANSWER = "no answer"
_UNDENOISED = "not denoised"
_COMPARE_FIRST = (
    "Beside the original alone nothing is denoised. Choose Compare to ask about the denoised picture."
)


class ReadingPanel(QFrame):
    """Shows one image's record.

    `denoised_wanted(on)`: whether the probabilities of the denoised picture are wanted, for this image and the
    next ones; `show_denoised_answers` answers. `check_denoised_changed(on)`: whether screening is to check if
    denoising changes the answer (the flag `changes_when_denoised`).
    """

    denoised_wanted = Signal(bool)
    check_denoised_changed = Signal(bool)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._record: ImageRecord | None = None
        self._image = ""
        self._unreadable = ""
        self._denoised: tuple[Answer, ...] = ()
        self._unanswered = False
        # Why there is no answer on the denoised picture; empty while one may come.
        self._no_denoised = ""
        self._hidden = False
        self._signed_with = ""
        self._cards: list[ClassifierCard] = []
        self._loaded = False
        self.setProperty("look", "panel")
        self.setMinimumWidth(_WIDTH_PX - 15 * GRID_PX)
        self._room: Room = "full"
        self._all_labels = False
        self._choices = QHBoxLayout()
        self._head = ReadingHead(self)
        self._which = SegmentedChoice(
            "Probabilities of",
            [
                Segment("original", "Original", "Probabilities of the original picture"),
                Segment("denoised", "Denoised", "Probabilities of the denoised picture, to compare"),
            ],
            self,
        )
        self.map_choice = MapChoice(self)
        self._card_column = QVBoxLayout()
        self._consensus = ConsensusBox(self)
        self._check = ToggleSwitch("Check denoised images, too", tokens, self)
        self._check.setToolTip(
            "Each image is read a second time, denoised, and flagged where the answer changes. It takes longer."
        )
        self._column = self._lay_out()
        self._put_cards((_COMING,) * _SHIPPED_COUNT)
        self._which.chosen.connect(lambda which: self.denoised_wanted.emit(which == "denoised"))
        self._which.chosen.connect(lambda _which: self._show())
        self._head.all_labels_wanted.connect(self._show_all_labels)
        self._check.toggled.connect(self.check_denoised_changed)
        self.show_empty()

    def expect_classifiers(self, count: int) -> None:
        """Keep the places of so many classifiers while they are loaded, so that nothing moves when they come."""
        if not self._loaded:
            self._put_cards((_COMING,) * count)
            self._place_sentence()
            self._show()

    def set_classifiers(
        self, marks: tuple[ClassifierMark, ...], refused: tuple[RefusedClassifier, ...]
    ) -> None:
        """A card per classifier, and below them one per refused classifier with its sentence."""
        self._loaded = True
        self._put_cards(marks)
        refusals = [RefusedCard(each.id, each.reason) for each in refused]
        for card in refusals:
            self._card_column.addWidget(card)
        tab_through(self._cards[-1] if self._cards else self.map_choice, *refusals)
        if not marks and not refused:
            self._card_column.addWidget(
                _quiet("No classifier is installed. `bloodsmear doctor` says what to do.")
            )
        self._place_sentence()
        self._show()

    def show_empty(self) -> None:
        """No image is chosen."""
        self._set_image("")
        self._show()

    def show_loading(self, image: str) -> None:
        """The image was chosen and is being read."""
        self._set_image(image)
        self._show()

    def show_record(self, record: ImageRecord) -> None:
        """What is known of the image."""
        if record.image != self._image:
            self._denoised = ()
        self._set_head(record.image)
        self._record = record
        self._unreadable = (
            f"This image cannot be read: {record.error}" if record.status == "unreadable" else ""
        )
        self._show()

    def show_place(self, number: int, shown: int) -> None:
        """Which of the images shown in the list the chosen one is; 0 where it is not among them."""
        self._head.show_place(number, shown)

    def show_finding_cells(self) -> None:
        """The cells of the image are being found."""
        self._head.show_cells("finding cells…", "")

    def show_cells(self, image: str, found: FoundCells) -> None:
        """How many cells are outlined in this image; those of another image than the shown one are dropped."""
        if image == self._image:
            self._head.show_cells(cell_count_words(found), cell_count_limits(found))

    def show_no_cells(self, sentence: str = "") -> None:
        """Nobody asks for cells, or they cannot be found, and why."""
        self._head.show_cells("cells not found" if sentence else "", sentence)

    def show_denoised_answers(self, image: str, answers: tuple[Answer, ...]) -> None:
        """The probabilities of the denoised picture; those of another image than the shown one are dropped."""
        if image == self._image:
            self._denoised = answers
            self._show()

    def show_denoising(self) -> None:
        """The picture is being denoised, perhaps in another way: an answer on it may come again."""
        self._denoised = ()
        self._no_denoised = _NO_ANSWER if self._unanswered else ""
        self._show()

    def show_unanswered(self, image: str, denoised: bool) -> None:
        """No answer will come on this image, or on its denoised picture alone: something failed."""
        if image == self._image:
            self._no_denoised = _NO_ANSWER
            self._unanswered = self._unanswered or not denoised
            self._show()

    def show_undenoised(self, image: str) -> None:
        """The original is looked at alone, so there is no denoised picture to answer for."""
        if image == self._image:
            self._no_denoised = _UNDENOISED
            self._show()

    def show_unreadable(self, image: str, sentence: str) -> None:
        """The image cannot be read, and why."""
        self._set_image(image)
        self._unreadable = sentence
        self._show()

    def set_hidden(self, on: bool, image: str) -> None:
        """Blind reading: nothing of a classifier is to be seen of this image. That of another one is forgotten first:
        its answers may not be shown on the way."""
        if image != self._image:
            self._set_image(image)
        elif on == self._hidden:
            return
        self._hidden = on
        self._show()

    def show_signed_with(self, sentence: str) -> None:
        """The classifiers with which the image's case was signed off, where others answer now; empty else."""
        if sentence != self._signed_with:
            self._signed_with = sentence
            self._show()

    def set_check_denoised(self, on: bool) -> None:
        """Show the study's choice, without emitting it."""
        self._check.blockSignals(True)
        self._check.setChecked(on)
        self._check.blockSignals(False)
        self._check.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._tokens = tokens
        self._check.set_tokens(tokens)
        for card in self._cards:
            card.set_tokens(tokens)

    @property
    def label_lines(self) -> int:
        """How many lines all labels of all classifiers take."""
        return sum(len(card.bars()) for card in self._cards)

    def set_room(self, room: Room) -> None:
        """Stand closer together where the column is low: both classifiers are to be seen at once.

        In the lowest they are one line each, and never scrolled away.
        """
        self._room = room
        edge_px = {"full": 2 * GRID_PX + 2, "low": GRID_PX // 2}.get(room, GRID_PX)
        self._column.setContentsMargins(2 * GRID_PX + 2, edge_px, 2 * GRID_PX + 2, edge_px)
        for column in (self._column, self._card_column):
            column.setSpacing({"full": 2 * GRID_PX, "low": GRID_PX // 2}.get(room, GRID_PX))
        self._head.set_room(room)
        self._place_sentence()
        self._place_choices()
        self._set_room_of_cards()

    def _show_all_labels(self, on: bool) -> None:
        self._all_labels = on
        self._set_room_of_cards()

    def _set_room_of_cards(self) -> None:
        low = self._room == "low"
        # An image that cannot be read shows nothing: the sentence why needs the room.
        room: Room = "low" if self._unreadable else "short" if low and self._all_labels else self._room
        for card in self._cards:
            card.set_room(room)
        in_sight = self._cards if len(self._cards) <= _MOST_IN_SIGHT else ()
        cards_px = sum(card.sizeHint().height() + GRID_PX for card in in_sight)
        self.setMinimumHeight(self._head.sizeHint().height() + cards_px + 3 * GRID_PX if low else 0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """What must be in sight: it takes what the decision leaves, and scrolls."""
        return self.minimumSizeHint().expandedTo(self.minimumSize())

    def _lay_out(self) -> QVBoxLayout:
        inside = QFrame(self)
        inside.setProperty("look", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(*[2 * GRID_PX + 2] * 4)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self._head)
        self._choices.addWidget(self._which)
        self._choices.addStretch(1)
        self._choices.addWidget(self.map_choice)
        column.addLayout(self._choices)
        self._card_column.setSpacing(2 * GRID_PX)
        column.addLayout(self._card_column)
        column.addWidget(self._consensus)
        column.addStretch(1)
        # At the foot of the panel: above it the sentences may take as many lines as they need.
        column.addWidget(self._check)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        return column

    def _place_sentence(self) -> None:
        """Where it is seen whole: above many cards. In a short column the flags' names stand at the head instead."""
        above = self._card_column.count() > _CARDS_ABOVE_SENTENCE and self._room not in ("short", "low")
        self._column.removeWidget(self._consensus)
        cards = self._column.indexOf(self._card_column)
        self._column.insertWidget(cards if above else cards + 1, self._consensus)

    def _place_choices(self) -> None:
        """Above the cards; in a low column below the sentence, where they cost the cards no room."""
        self._column.removeItem(self._choices)
        before = self._consensus if self._room == "low" else self._head
        self._column.insertLayout(self._column.indexOf(before) + 1, self._choices)

    def _put_cards(self, marks: tuple[ClassifierMark, ...]) -> None:
        """Replace all cards, of refused classifiers too."""
        while (item := self._card_column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        labels = tuple(names_of(marks))
        self._cards = [ClassifierCard(mark, labels, self._tokens) for mark in marks]
        for card in self._cards:
            self._card_column.addWidget(card)
        tab_through(self.map_choice, *self._cards)
        self._set_room_of_cards()

    def _set_image(self, image: str) -> None:
        self._record = None
        self._unreadable = ""
        self._denoised = ()
        self._unanswered, self._no_denoised = False, ""
        self._set_head(image)

    def _set_head(self, image: str) -> None:
        self._image = image
        self._head.show_image(image)

    def _show(self) -> None:
        """Bring cards and sentence up to what is known."""
        self._set_room_of_cards()
        denoised = self._which.current() == "denoised"
        record = self._record
        if self._hidden and not self._unreadable:
            for card in self._cards:
                card.show_waiting("hidden")
            # Also where an image has no flags: that it has none would be an answer, too.
            self._consensus.say(_HIDDEN, asks_for_a_look=False)
            self._head.show_flags("")
            return
        known = self._denoised if denoised else (record.answers if record is not None else ())
        answers = {answer.classifier.id: answer for answer in known}
        for card in self._cards:
            answer = answers.get(card.classifier_id)
            if answer is not None:
                card.show_answer(answer)
            else:
                card.show_waiting(self._waiting_word(denoised))
        reasons = flag_reasons(self._record) if self._record is not None and not self._unreadable else ()
        words, asks_for_a_look = _consensus_words(record, self._unreadable)
        if denoised and words and not self._unreadable:
            # The cards show other figures now.
            words = f"For the original: {words}"
            if not known and self._no_denoised == _UNDENOISED:
                words = f"{_COMPARE_FIRST} {words}"
        if self._signed_with:
            words = f"{self._signed_with} {words}".rstrip()
        self._consensus.say(words, asks_for_a_look or bool(self._signed_with), reasons)
        self._head.show_flags(_flag_names(record, self._unreadable))

    def _waiting_word(self, denoised: bool) -> str:
        if not self._loaded:
            return "loading…"
        if not self._image or self._unreadable:
            return "–"
        if denoised and self._no_denoised:
            return self._no_denoised
        if self._unanswered:
            return _NO_ANSWER
        return "denoising…" if denoised and self._record is not None else "reading…"


def _consensus_words(record: ImageRecord | None, unreadable: str) -> tuple[str, bool]:
    """The consensus' text and whether it asks for a look. It is always that of the original picture."""
    if unreadable:
        return unreadable, True
    if record is None or record.consensus is None:
        return "", False
    parts = [consensus_sentence(record.consensus, record.answers), *flag_sentences(record.consensus.flags)]
    return " ".join(part for part in parts if part), bool(record.consensus.flags)


def _flag_names(record: ImageRecord | None, unreadable: str) -> str:
    if unreadable:
        return "cannot be read"
    if record is None or record.consensus is None:
        return ""
    return " · ".join(flag_name(flag) for flag in record.consensus.flags)


def _quiet(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("look", "muted")
    label.setWordWrap(True)
    return label
