"""The training page: a window of its own, so that images can be read while it trains. It starts nothing itself."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.theme import Tokens
from desktop.gui.theme.page_parts import button_row, close_button
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.theme.plain_text import PlainLabel
from desktop.gui.training.choice_step import ChoiceStep
from desktop.gui.training.data_step import DataStep
from desktop.gui.training.fit_step import FitStep
from desktop.gui.training.outcome_step import OutcomeStep
from desktop.gui.training.state import Phase, TrainingState

_SIZE_PX = (860, 620)
_SMALLEST_PX = (760, 460)
_FRAME_PX = (16, 48)
_STEPS = ("Images", "Start from", "Training", "Outcome")
_DATA, _CHOICE, _FIT, _OUTCOME = range(4)
_Scroll = QAbstractSlider.SliderAction
_SCROLLS = {
    Qt.Key.Key_PageDown: _Scroll.SliderPageStepAdd,
    Qt.Key.Key_PageUp: _Scroll.SliderPageStepSub,
    Qt.Key.Key_Down: _Scroll.SliderSingleStepAdd,
    Qt.Key.Key_Up: _Scroll.SliderSingleStepSub,
    Qt.Key.Key_End: _Scroll.SliderToMaximum,
    Qt.Key.Key_Home: _Scroll.SliderToMinimum,
}
_STEP_OF: dict[Phase, int] = {
    "fitting": _FIT,
    "stopping": _FIT,
    "exporting": _FIT,
    "failed": _FIT,
    "finished": _OUTCOME,
    "installing": _OUTCOME,
    "installed": _OUTCOME,
}


class TrainingPage(QDialog):
    """Four steps, one at a time. Closing it only hides it: the training goes on, and opening it shows it again.

    What the reader asks for the steps say; here is `choice_wanted()`, whose answer is a state with a choice.
    """

    choice_wanted = Signal()

    def __init__(self, state: TrainingState, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Train a classifier – Bloodsmear")
        # A screen of 1920 × 1080 at 200 % leaves 960 × 540, one of 1366 × 768 683 × 384.
        room = self.screen().availableSize() - QSize(*_FRAME_PX)
        self.setMinimumSize(QSize(*_SMALLEST_PX).boundedTo(room))
        self.resize(QSize(*_SIZE_PX).boundedTo(room))
        self.header = StepHeader(_STEPS)
        self.data_step = DataStep(tokens)
        self.choice_step = ChoiceStep(state.presets)
        self.fit_step = FitStep(tokens)
        self.outcome_step = OutcomeStep()
        self._steps = QStackedWidget()
        self._choosing = False
        self._state = state
        self._lay_out()
        self._connect()
        self.show_state(state)

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        self.data_step.set_tokens(tokens)
        self.fit_step.set_tokens(tokens)

    def show_state(self, state: TrainingState) -> None:
        """Show this state; the step follows from it."""
        checked = (self._state.phase, state.phase) == ("checking", "ready")
        self._state = state
        # Before and after `ready` there is nothing to choose; what was chosen waits for the reader's Back or Start.
        self._choosing = self._choosing and state.phase == "ready"
        step = _CHOICE if self._choosing else _STEP_OF.get(state.phase, _DATA)
        stood = self.focusWidget()
        (self.data_step, self.choice_step, self.fit_step, self.outcome_step)[step].show_state(state)
        if step != self._steps.currentIndex() or not self.isVisible():
            self._steps.setCurrentIndex(step)
            self.header.show_step(step)
            self._place_focus(step)
        elif step == _DATA and checked:
            self.data_step.focus_next()
        elif stood is not None and not (stood.isVisible() and stood.isEnabled()):
            # The button that was pressed is away or off now: Qt leads its focus to one that asks for something else.
            self._steps.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keys that no field took scroll the step: on a small screen it may hold nothing but text there."""
        action = _SCROLLS.get(Qt.Key(event.key()))
        step = self._steps.currentWidget()
        areas = step.findChildren(QScrollArea) if step is not None else []
        bars = [bar for area in areas if (bar := area.verticalScrollBar()).maximum() and area.isVisible()]
        if action is None or not bars:
            super().keyPressEvent(event)
        else:
            bars[0].triggerAction(action)

    def step(self) -> int:
        """Which step is shown, counted from 0."""
        return self._steps.currentIndex()

    def _place_focus(self, step: int) -> None:
        # To no button: Space would stop a training or open a folder.
        if step == _CHOICE:
            self.choice_step.focus_name()
        else:
            self._steps.setFocus()

    def _choose(self, choosing: bool) -> None:
        self._choosing = choosing
        self.show_state(self._state)

    def _want_choice(self) -> None:
        # The answer is a state in which there is something to choose.
        self._choosing = True
        self.choice_wanted.emit()

    def _lay_out(self) -> None:
        panel = QFrame()
        panel.setProperty("look", "card")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(6 * GRID_PX, 5 * GRID_PX, 6 * GRID_PX, 4 * GRID_PX)
        for step in (self.data_step, self.choice_step, self.fit_step, self.outcome_step):
            self._steps.addWidget(step)
        self._steps.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        inside.addWidget(self._steps)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX, 4 * GRID_PX)
        column.setSpacing(3 * GRID_PX)
        # Beside the steps, whose own buttons stand below: closing the page ends nothing.
        column.addLayout(button_row([self.header], [close_button(self)]))
        column.addWidget(panel, 1)

    def _connect(self) -> None:
        self.data_step.next_wanted.connect(lambda: self._choose(True))
        self.choice_step.back_wanted.connect(lambda: self._choose(False))
        self.fit_step.choice_wanted.connect(self._want_choice)
        self.outcome_step.anew_wanted.connect(self.choice_step.begin_anew)


class StepHeader(QWidget):
    """`1 Images › 2 Start from › …`; the step at hand is bold. It is not a button: the steps lead on by themselves."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = [PlainLabel(f"{number}  {name}") for number, name in enumerate(names, 1)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        for place, label in enumerate(self._labels):
            if place:
                arrow = PlainLabel("›")
                arrow.setProperty("look", "muted")
                row.addWidget(arrow)
            row.addWidget(label)
        row.addStretch(1)
        self._current = -1

    def show_step(self, step: int) -> None:
        """Mark this step, counted from 0."""
        if step == self._current:
            return
        self._current = step
        for place, label in enumerate(self._labels):
            label.setProperty("look", "title" if place == step else "muted")
            label.style().unpolish(label)
            label.style().polish(label)
        self.setAccessibleName(f"Step {step + 1} of {len(self._labels)}: {self._labels[step].text()}")

    def current(self) -> int:
        """The step that is marked."""
        return self._current
