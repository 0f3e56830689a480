"""Step 3: the training under way, and what to do when it ended badly."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from bloodsmear.jobs.training_files import EpochFigures
from desktop.gui.messages import progress_words, time_left_words
from desktop.gui.theme import Tokens
from desktop.gui.theme.page_parts import (
    NoticeBox,
    button,
    button_row,
    page_column,
    paragraph,
    scrolling,
    set_look,
)
from desktop.gui.theme.palette import GRID_PX
from desktop.gui.training.curves import Curves
from desktop.gui.training.state import FitSeen, Phase, TrainingState

_MAY_CLOSE = (
    "You may close this page and read images meanwhile: training goes on as long as Bloodsmear is open. When "
    "Bloodsmear is closed it ends, keeps the finished epochs, and can go on at the next start."
)
# On a small screen the step scrolls rather than squeezing them.
_LOWEST_CHART_PX = 140


class FitStep(QWidget):
    """`stop_wanted()`, and after a failure the ways out of it.

    `go_on_wanted()`, `way_out_wanted()`, `best_wanted()`, `choice_wanted()`, and where no folder is chosen
    `anew_wanted()`.
    """

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = paragraph("", "title")
        self._head.setObjectName("fit_head")
        self._words = paragraph("", "muted")
        self._words.setObjectName("fit_words")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Training")
        self._device = paragraph("", "muted")
        self._device.setObjectName("device")
        self._loss = Curves("Loss", percent=False, tokens=tokens)
        self._accuracy = Curves("Accuracy in %", percent=True, tokens=tokens)
        self._best = paragraph("", "muted")
        self._best.setObjectName("best")
        self._problem = NoticeBox("fit_problem", amber=True)
        self._may_close = paragraph(_MAY_CLOSE, "small")
        self._stop = button("stop_training", "Stop and keep the best")
        self._best_kept = button("keep_best", "Keep the best epoch")
        self._go_on = button("go_on_again", "Try again")
        self._way_out = button("way_out", "", "primary")
        self._choice = button("choose_again", "Other settings")
        self._anew = button("leave", "Begin anew")
        self._lay_out()
        self.stop_wanted = self._stop.clicked
        self.best_wanted = self._best_kept.clicked
        self.go_on_wanted = self._go_on.clicked
        self.way_out_wanted = self._way_out.clicked
        self.choice_wanted = self._choice.clicked
        self.anew_wanted = self._anew.clicked

    def set_tokens(self, tokens: Tokens) -> None:
        """Paint with another palette."""
        for curves in (self._loss, self._accuracy):
            curves.set_tokens(tokens)

    def show_state(self, state: TrainingState) -> None:
        """Show how far the training is."""
        fit, phase = state.fit, state.phase
        failed = phase == "failed"
        self._problem.say(state.problem if failed else "")
        self._stop.setVisible(not failed)
        self._stop.setEnabled(phase == "fitting")
        self._show_ways_out(state if failed else None)
        for part in (self._words, self._progress, self._device, self._may_close):
            part.setVisible(not failed)
        self._best.setVisible(not failed or (fit is not None and bool(fit.finished)))
        if fit is not None:
            self._head.setText(_head(fit, phase))
            self._words.setText(_words(fit, phase))
            self._device.setText(f"Runs on {fit.device}." if fit.device else " ")
            self._show_progress(fit)
            for curves in (self._loss, self._accuracy):
                curves.set_most_epochs(fit.epochs)
            self._show_curves(fit.finished)

    def _show_ways_out(self, failed: TrainingState | None) -> None:
        unfinished = failed.unfinished if failed is not None else None
        self._go_on.setVisible(failed is not None)
        self._way_out.setText(failed.way_out if failed is not None else "")
        self._way_out.setVisible(bool(self._way_out.text()))
        # One button leads on; it is this one where nothing else is offered.
        set_look(self._go_on, "" if self._way_out.text() else "primary")
        self._best_kept.setVisible(unfinished is not None and unfinished.finished_epochs > 0)
        has_data = failed is not None and failed.data is not None
        self._choice.setVisible(has_data)
        self._anew.setVisible(failed is not None and not has_data)

    def curves(self) -> tuple[Curves, Curves]:
        """The two charts: loss and accuracy."""
        return self._loss, self._accuracy

    def _show_progress(self, fit: FitSeen) -> None:
        self._progress.setRange(0, fit.total or 1)
        self._progress.setValue(fit.done if fit.total else 0)

    def _show_curves(self, finished: tuple[EpochFigures, ...]) -> None:
        epochs = [one.epoch for one in finished]
        self._loss.set_values(
            epochs, [one.loss for one in finished], [one.validation_loss for one in finished]
        )
        self._accuracy.set_values(
            epochs, [one.accuracy for one in finished], [one.validation_accuracy for one in finished]
        )
        if not finished:
            self._best.setText("The curves begin with the first finished epoch.")
            return
        best = min(finished, key=lambda one: one.validation_loss)
        self._best.setText(
            f"Best so far: epoch {best.epoch}, with {best.validation_accuracy * 100:.1f}\u00a0% of the validation "
            "images right. "
            "Training images are changed at random, so their curve may lie below the other."
        )

    def _lay_out(self) -> None:
        charts = QHBoxLayout()
        charts.setSpacing(6 * GRID_PX)
        for chart in (self._loss, self._accuracy):
            chart.setMinimumHeight(_LOWEST_CHART_PX)
            charts.addWidget(chart, 1)
        head = QVBoxLayout()
        head.setSpacing(GRID_PX)
        for part in (self._head, self._words, self._progress, self._device):
            head.addWidget(part)
        body = QWidget()
        column = page_column(body)
        column.addLayout(head)
        column.addWidget(self._problem)
        # Below its reason: with a number in its words there is no room for it among the others at 200 %.
        column.addLayout(button_row([self._way_out], []))
        column.addLayout(charts, 1)
        column.addWidget(self._best)
        column.addWidget(self._may_close)
        whole = page_column(self)
        whole.addWidget(scrolling(body, across=True), 1)
        whole.addLayout(button_row([self._anew, self._choice], [self._stop, self._best_kept, self._go_on]))


def _head(fit: FitSeen, phase: Phase) -> str:
    match phase:
        case "stopping":
            doing = "stopping"
        case "exporting":
            doing = "making and measuring the classifier"
        case "failed":
            doing = "not finished"
        case _ if not fit.device:
            doing = "getting ready"
        case _:
            # Epochs count from 1, and until the first batch is reported the last finished one is known.
            now = min(fit.epochs, max(fit.epoch, len(fit.finished), 1))
            doing = f"epoch {now} of at most {fit.epochs}"
    return f"{fit.name}: {doing}"


def _words(fit: FitSeen, phase: Phase) -> str:
    """Done, total and time left, or the step that is not an epoch."""
    if phase == "exporting" and not fit.text:
        return "The best epoch becomes a classifier and is measured on images that it has never seen. Some minutes."
    if fit.text:
        how_far = f" {progress_words(fit.done, fit.total, None)}" if fit.total else ""
        return f"{fit.text[:1].upper()}{fit.text[1:]}…{how_far}"
    if fit.total:
        batches = f"Batch {progress_words(fit.done, fit.total, None)}"
        return batches if fit.seconds_left is None else f"{batches} · {time_left_words(fit.seconds_left)}"
    return " "
