"""From a plan to a classifier: fit, then export, each a command of the training program."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from bloodsmear.jobs.training_messages import (
    EpochDone,
    Failed,
    Finished,
    FitStarted,
    Note,
    StepsDone,
    Stopped,
    TrainingMessage,
)
from desktop.gui.training_controller import commands
from desktop.gui.training_controller.end_sentences import sentence_for_end
from desktop.gui.training_controller.program_call import ProgramCall, without_program
from desktop.gui.training_controller.run_folder import TrainingPlan, kept_epochs
from desktop.gui.training_controller.training_process import ProcessEnd, TrainingProcess
from desktop.gui.training_state import FitSeen


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A plan and the folder of its run."""

    folder: Path
    plan: TrainingPlan

    @property
    def kept(self) -> int:
        """How many finished epochs lie in the folder."""
        return len(kept_epochs(self.folder, self.plan.epochs))


class ClassifierMaking(QObject):
    """`told(FitSeen)` while it goes on, `exporting()` between its halves, and once at the end one of these:

    `made(folder, page)` (Paths, the page None where there is none), `stopped_with_nothing()`, `failed(sentence)`.
    """

    told = Signal(object)
    exporting = Signal()
    made = Signal(object, object)
    stopped_with_nothing = Signal()
    failed = Signal(str)

    def __init__(self, call: ProgramCall, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._process = TrainingProcess(self)
        self._process.said.connect(self._take_message)
        self._process.ended.connect(self._take_end)
        self._half: Literal["fit", "export"] = "fit"
        self.run: TrainingRun | None = None
        self._seen = FitSeen("")
        # What the command said about its own end; one that says nothing crashed.
        self._last_word: Finished | Stopped | Failed | None = None

    def start(self, run: TrainingRun) -> None:
        """Fit, or go on with the run."""
        self.run = run
        finished = kept_epochs(run.folder, run.plan.epochs)
        self._tell(FitSeen(run.plan.name, epoch=len(finished), epochs=run.plan.epochs, finished=finished))
        self._begin("fit", run)

    def stop(self) -> None:
        """Stop after the epoch under way; the best one becomes the classifier."""
        self._process.ask_to_stop()

    def close(self, wait_ms: int) -> None:
        """End what is under way: asked first, and after `wait_ms` without asking."""
        self._process.close(wait_ms)

    def _begin(self, half: Literal["fit", "export"], run: TrainingRun) -> None:
        self._half, self._last_word = half, None
        try:
            if half == "fit":
                words = commands.fit_words(run.plan, run.folder)
            else:
                words = commands.export_words(run.plan, run.folder)
            self._process.start(self._call.of(words), self._call.runs)
        except OSError as error:
            self.failed.emit(f"{run.folder} cannot be written ({error.strerror}). Make room, then go on.")

    def _take_message(self, message: TrainingMessage) -> None:
        if isinstance(message, Finished | Stopped | Failed):
            self._last_word = message
        else:
            self._tell(_with_message(self._seen, message))

    def _take_end(self, end: ProcessEnd) -> None:
        run, word = self.run, self._last_word
        if run is None:
            return
        match word:
            case Finished() if self._half == "fit":
                self._export(run)
            case Finished():
                folder = (
                    Path(word.classifier) if word.classifier else commands.target_of(run.plan, run.folder)
                )
                self.made.emit(folder, Path(word.page) if word.page else None)
            case Stopped() if run.kept:
                self._export(run)
            case Stopped():
                self.stopped_with_nothing.emit()
            case Failed():
                self.failed.emit(without_program(word))
            case None:
                self.failed.emit(sentence_for_end(end, run.kept))

    def _export(self, run: TrainingRun) -> None:
        self._tell(replace(self._seen, text="", done=0, total=None, seconds_left=None))
        self.exporting.emit()
        self._begin("export", run)

    def _tell(self, seen: FitSeen) -> None:
        self._seen = seen
        self.told.emit(seen)


def _with_message(seen: FitSeen, message: TrainingMessage) -> FitSeen:
    match message:
        case Note():
            return replace(seen, text=message.text, done=message.done, total=message.total, seconds_left=None)
        case FitStarted():
            device = f"{message.device}, {message.backend}: {message.reason}"
            return replace(seen, device=device, text="", done=0, total=None, epochs=message.epochs)
        case StepsDone():
            left = message.seconds_left
            return replace(
                seen, text="", epoch=message.epoch, done=message.done, total=message.total, seconds_left=left
            )
        case EpochDone():
            # A run that goes on may tell its earlier epochs once more.
            earlier = tuple(one for one in seen.finished if one.epoch < message.epoch)
            return replace(
                seen,
                epoch=message.epoch,
                epochs=message.epochs,
                seconds_left=message.seconds_left,
                finished=(*earlier, message),
            )
    return seen
