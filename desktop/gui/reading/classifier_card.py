"""The card of one classifier: its name, its label, its bars; or why it does not answer."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.review.records import Answer, ClassifierMark
from desktop.gui.reading.probability_bars import LabelBar, ProbabilityBars
from desktop.gui.theme import Tokens
from desktop.gui.theme.elided_label import ElidedLabel, keep_from_widening
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip
from desktop.gui.theme.room import Room

# Characters that have room beside a classifier's name.
_LONG_OUTCOME = 14


class ClassifierCard(QFrame):
    """Shows a classifier's answers; it has the same height with and without one. In a low column it is one line: the
    name, and the label that it gave with its figure.

    `labels` are the keys of all cards that stand together, in their order: a label has one place and one colour on all.
    """

    def __init__(
        self, mark: ClassifierMark, labels: Sequence[str], tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark = mark
        self._labels = labels
        self.setProperty("look", "card")
        self.setAccessibleName(f"Classifier {mark.name}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The name is a lab's own: a long one is cut, and never widens the panel.
        name = ElidedLabel(self, cut=Qt.TextElideMode.ElideRight)
        name.set_text(mark.name)
        name.setProperty("look", "title")
        name.setToolTip(plain_tooltip(f"{mark.name} {mark.version_mark}"))
        # A label of a lab's own may be long as well, and begin as another one.
        self._outcome = ElidedLabel(self, cut=Qt.TextElideMode.ElideMiddle, widens=True)
        self._outcome.setProperty("look", "small")
        self._bars = ProbabilityBars(tokens, self)
        self._head = QHBoxLayout()
        self._head.addWidget(name, 1)
        self._head.addWidget(self._outcome)
        self._column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._bars)
        self._room: Room | None = None
        self._one_line = False
        self.set_room("full")
        self.show_waiting("")

    @property
    def classifier_id(self) -> str:
        """Whose card this is."""
        return self._mark.id

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self._bars.set_tokens(tokens)

    def set_room(self, room: Room) -> None:
        """Whether the lines stand closer together, or there is one alone."""
        if room == self._room:
            return
        self._room, self._one_line = room, room == "low"
        above_px = {"full": 2 * GRID_PX, "low": GRID_PX // 2}.get(room, GRID_PX)
        beside_px = 2 * GRID_PX if self._one_line else 3 * GRID_PX
        self._column.setContentsMargins(beside_px, above_px, beside_px, above_px)
        self._column.setSpacing(GRID_PX // 2 if room in ("compact", "short") else GRID_PX)
        directions = QBoxLayout.Direction
        self._column.setDirection(directions.LeftToRight if self._one_line else directions.TopToBottom)
        self._column.setStretch(0, 1 if self._one_line else 0)
        self._column.setStretch(1, 3 if self._one_line else 0)
        self._bars.set_room(room)
        self._describe()

    def show_answer(self, answer: Answer) -> None:
        """Show the probabilities in the order of all cards, whatever the order of the classifier's outputs."""
        self._set_bars(answer.classifier, answer.prediction.probabilities)
        self._say_outcome(answer.label_name)
        self._describe()

    def show_waiting(self, word: str) -> None:
        """Empty bars, and in place of the label why there is no answer (yet)."""
        self._set_bars(self._mark, ())
        self._say_outcome(word)
        self._describe()

    def _set_bars(self, mark: ClassifierMark, probabilities: Sequence[float]) -> None:
        by_key, names = dict(zip(mark.label_keys, probabilities, strict=False)), mark.names
        self._bars.set_bars(
            [
                LabelBar(key, by_key.get(key), names[key], label_colour(key, self._labels))
                for key in self._labels
                if key in names
            ]
        )

    def _say_outcome(self, words: str) -> None:
        self._outcome.set_text(words)
        self._outcome.setToolTip(plain_tooltip(words if len(words) > _LONG_OUTCOME else ""))

    def outcome(self) -> str:
        """The word at the right of the name: the label, or what is being waited for."""
        return self._outcome.text()

    def bars(self) -> tuple[LabelBar, ...]:
        """The lines that are shown."""
        return self._bars.bars()

    def _describe(self) -> None:
        # In one line the bar names the label; where there is none the word says why.
        answered = any(bar.probability is not None for bar in self.bars())
        self._bars.setVisible(answered or not self._one_line)
        self._outcome.setVisible(not (answered and self._one_line))
        self.setAccessibleDescription(f"{self.outcome()}. {self._bars.accessibleDescription()}")


class RefusedCard(QFrame):
    """Stands where a classifier's card would stand, with the sentence why it was refused."""

    def __init__(self, classifier_id: str, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "notice")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Classifier {classifier_id} was left out. {reason}")
        title = ElidedLabel(self, cut=Qt.TextElideMode.ElideMiddle)
        title.set_text(f"{classifier_id} was left out")
        title.setToolTip(plain_tooltip(classifier_id))
        title.setProperty("look", "notice_title")
        sentence = PlainLabel(reason, self)
        sentence.setProperty("look", "notice_text")
        sentence.setWordWrap(True)
        keep_from_widening(sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        for label in (title, sentence):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
