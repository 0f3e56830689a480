"""From a plan to a measured classifier: fit and export, each a command of the training program.

At the end those in use are measured on the same images. One that has seen them is refused: its card's figures must do.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, assert_never

from PySide6.QtCore import QObject, Signal

from bloodsmear.jobs.training_messages import (
    BACKENDS,
    EpochDone,
    Failed,
    Finished,
    FitStarted,
    Note,
    StepsDone,
    Stopped,
    TrainingMessage,
)
from desktop.gui.training import commands
from desktop.gui.training.commands import ProgramCall
from desktop.gui.training.process import ProcessEnd, TrainingProcess, failure_for_end
from desktop.gui.training.run_folder import TrainingRun, kept_epochs
from desktop.gui.training.state import FitSeen

_Part = Literal["fit", "export", "beside"]


class ClassifierMaking(QObject):
    """`told(FitSeen)` while it goes on, `exporting()` when the fit is done, and once at the end one of these:

    `made(folder, page)` (Paths, the evaluation page None where there is none), `stopped_with_nothing()`,
    `failed(Failed)`.
    """

    told = Signal(FitSeen)
    exporting = Signal()
    made = Signal(Path, Path)
    stopped_with_nothing = Signal()
    failed = Signal(Failed)

    def __init__(self, call: ProgramCall, in_use: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._in_use = tuple(in_use)
        self._beside: list[str] = []
        self._page: Path | None = None
        self._process = TrainingProcess(self)
        self._process.said.connect(self._take_message)
        self._process.ended.connect(self._take_end)
        self._part: _Part = "fit"
        self.run: TrainingRun | None = None
        self._seen = FitSeen("")
        # What the command said about its own end; one that says nothing crashed.
        self._last_word: Finished | Stopped | Failed | None = None

    @property
    def in_use(self) -> tuple[str, ...]:
        """The ids of the classifiers that a new one is measured beside."""
        return self._in_use

    def compare_with(self, in_use: Sequence[str]) -> None:
        """Measure a new classifier beside these from now on, also one that is being made."""
        self._in_use = tuple(in_use)

    def start(self, run: TrainingRun) -> None:
        """Fit, or go on with the run."""
        self.take_up(run.with_fitted(False))
        self._begin("fit", run)

    def keep_best(self, run: TrainingRun) -> None:
        """Make the classifier of the run's best epoch without fitting any further."""
        self.take_up(run)
        self._export(run)

    def take_up(self, run: TrainingRun) -> None:
        """Tell how far this run is; from now on it is the one that is spoken of, and it is fitted."""
        self.run, self._part = run, "export"
        finished = kept_epochs(run.folder)
        self._tell(FitSeen(run.plan.name, epoch=len(finished), epochs=run.plan.epochs, finished=finished))

    @property
    def fitting(self) -> bool:
        """Whether the fit is, or was the last part: what comes after it keeps the run as it is."""
        return self._part == "fit"

    def stop(self) -> None:
        """Stop after the batch under way; the best epoch becomes the classifier."""
        if self.run is not None:
            self.run = self.run.with_fitted(True)
        self._process.ask_to_stop()

    def close(self, wait_ms: int) -> None:
        """End what is under way: asked first, and after `wait_ms` without asking."""
        self._process.close(wait_ms)

    def _begin(self, part: _Part, run: TrainingRun) -> None:
        self._part, self._last_word = part, None
        try:
            self._process.start(self._call.of(self._words(part, run)), self._call.runs)
        except OSError as error:
            self.failed.emit(Failed(f"{self._call.runs} cannot be made ({error.strerror}). Make room."))

    def _take_message(self, message: TrainingMessage) -> None:
        if isinstance(message, Finished | Stopped | Failed):
            self._last_word = message
        else:
            self._tell(_with_message(self._seen, message))

    def _take_end(self, end: ProcessEnd) -> None:
        run = self.run
        if run is None:
            return
        if self._part == "beside":
            self._measure_beside(run)
            return
        match self._last_word:
            case Finished() if self._part == "fit":
                self._export(run)
            case Finished() as word:
                self._page = Path(word.page) if word.page else None
                self._beside = list(self._in_use)
                self._measure_beside(run)
            case Stopped() if run.kept:
                self._export(run)
            case Stopped():
                self.stopped_with_nothing.emit()
            case Failed() as word:
                self.failed.emit(word)
            case None:
                self.failed.emit(failure_for_end(end))

    def _measure_beside(self, run: TrainingRun) -> None:
        if self._beside:
            self._begin("beside", run)
        else:
            self.made.emit(run.target, self._page)

    def _export(self, run: TrainingRun) -> None:
        self.run = run = run.with_fitted(True)
        self._tell(replace(self._seen, text="", done=0, total=None, seconds_left=None))
        self.exporting.emit()
        self._begin("export", run)

    def _words(self, part: _Part, run: TrainingRun) -> Sequence[str]:
        match part:
            case "fit":
                return commands.fit_words(run.plan, run.folder)
            case "export":
                return commands.export_words(run)
            case "beside":
                return commands.beside_words(run.plan, run.folder, self._beside.pop(0))
        assert_never(part)

    def _tell(self, seen: FitSeen) -> None:
        self._seen = seen
        self.told.emit(seen)


def _device_words(started: FitStarted) -> str:
    backend = BACKENDS.get(started.backend, started.backend)
    return (
        f"{started.device} with {backend}" if started.gpu else f"{started.device}, because no GPU was found"
    )


def _with_message(seen: FitSeen, message: TrainingMessage) -> FitSeen:
    match message:
        case Note() if message.total is None:
            # A sentence for a terminal.
            return seen
        case Note():
            return replace(seen, text=message.text, done=message.done, total=message.total, seconds_left=None)
        case FitStarted():
            return replace(
                seen, device=_device_words(message), text="", done=0, total=None, epochs=message.epochs
            )
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
                finished=(*earlier, message.figures),
            )
    return seen
