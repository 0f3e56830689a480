"""The line under the columns: what the program is not for, what it is at work on, and who reads."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from bloodsmear import RESEARCH_USE
from bloodsmear.count_words import count_words
from bloodsmear.review.records import ClassifierMark
from desktop.gui.messages import progress_words, time_left_words, waiting_words
from desktop.gui.study import ScreeningState
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.training.state import FitSeen, TrainingState, Unfinished

_HEIGHT_PX = 26
_NARROWEST_WORK_PX, _PADDING_PX = 72, 10
_PLACE = "this PC only, no network"
# A training's name may have 40: beside the Research-Use sentence and a screening that is too long for a small screen.
_LONGEST_NAME = 22


class WorkButton(QPushButton):
    """What the window is at work on; its words are cut where the screen is small, and widen no window."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "link")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show these words; nothing is to be seen without any."""
        # A single & would underline the letter behind it.
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Little: the words can be cut."""
        return super().minimumSizeHint().boundedTo(QSize(_NARROWEST_WORK_PX, _HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw as many of the words as there is room for."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room_px = self.width() - _PADDING_PX
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room_px)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)


class Footer(QFrame):
    """The Research-Use sentence on the left, then training and screening while there are any, the classifiers right.

    `training_wanted()` when the training is pressed; the screening opens a menu with `stop`.
    """

    def __init__(self, stop: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "panel")
        self.setFixedHeight(_HEIGHT_PX)
        sentence = PlainLabel(RESEARCH_USE)
        sentence.setObjectName("research_use")
        self._training = WorkButton("footer_training")
        self._training.setToolTip("Show the training page")
        self._screening = WorkButton("footer_screening")
        menu = QMenu(self._screening)
        menu.addAction(stop)
        self._screening.setMenu(menu)
        # Three long names must not set how narrow the window can be.
        self._classifiers = ElidedLabel(cut=Qt.TextElideMode.ElideRight, widens=True)
        self._classifiers.set_text(f"loading the classifiers · {_PLACE}")
        self._classifiers.setObjectName("classifiers")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        for label in (sentence, self._classifiers):
            label.setProperty("look", "small")
        row.addWidget(sentence)
        row.addStretch(1)
        for work in (self._training, self._screening):
            work.hide()
            row.addWidget(work)
        row.addWidget(self._classifiers)
        self.training_wanted = self._training.clicked

    def show_classifiers(self, marks: Sequence[ClassifierMark]) -> None:
        """Name the classifiers that answer: `VGG16 1.0 · U-Net 1.0 · this PC only, no network`."""
        names = [f"{mark.name} {mark.version_mark.partition('+')[0]}" for mark in marks]
        self._classifiers.set_text(" · ".join([*(names or ["no classifier"]), _PLACE]))

    def show_training(self, state: TrainingState) -> None:
        """Show how far a training is, or that one waits to go on; nothing where there is none."""
        self._training.say(training_words(state))

    def show_screening(self, state: ScreeningState) -> None:
        """Show how far a screening or a watch is; nothing where there is none."""
        self._screening.say(screening_words(state))


def training_words(state: TrainingState) -> str:
    """`Training “Our lab”: epoch 4 of at most 30 · 2 h 5 min left`; empty where nothing is under way and none waits."""
    data, name = state.data, _short(state.fit.name) if state.fit is not None else ""
    match state.phase:
        case "checking":
            how_far = (
                f": {progress_words(data.done, data.total, None)}" if data is not None and data.total else "…"
            )
            return f"Looking at the images{how_far}"
        case "fitting":
            return f"Training {name}: {_epoch_words(state.fit)}" if state.fit is not None else ""
        case "stopping":
            return f"Training {name}: stopping"
        case "exporting":
            return f"Making and measuring {name}"
        case "finished":
            return f"{name} is made: install it"
        case "installing":
            return f"Installing {name}"
        case "failed":
            return f"Training {name} is not finished: see why"
        case "empty" if state.unfinished is not None:
            return _waiting_words(state.unfinished)
    return ""


def screening_words(state: ScreeningState) -> str:
    """`Screening: 967 of 1,512 · 4 min left`; empty where none is under way."""
    if not state.running:
        return ""
    if state.stopping:
        return "Stopping"
    if state.watching:
        return f"Watching: {count_words(state.done, 'image')}{waiting_words(state.waiting)}"
    if state.total is None:
        return "Screening…"
    return f"Screening: {progress_words(state.done, state.total, state.seconds_left)}"


def _epoch_words(fit: FitSeen) -> str:
    if not fit.device:
        return "getting ready"
    now = min(fit.epochs, max(fit.epoch, len(fit.finished), 1))
    left = f" · {time_left_words(fit.seconds_left)}" if fit.seconds_left is not None else ""
    return f"epoch {now} of at most {fit.epochs}{left}"


def _waiting_words(unfinished: Unfinished) -> str:
    match unfinished.stage:
        case "images":
            return "Images to train on wait"
        case "made":
            return f"{_short(unfinished.name)} is made: see its figures"
        case _:
            return f"The training of {_short(unfinished.name)} waits"


def _short(name: str) -> str:
    return f"“{name}”" if len(name) <= _LONGEST_NAME else f"“{name[: _LONGEST_NAME - 1].rstrip()}…”"
