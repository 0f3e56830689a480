"""Asking the training program for a GPU, before anything is started on it."""

from PySide6.QtCore import QObject, Signal

from bloodsmear.jobs.training_messages import BACKENDS, Finished, TrainingMessage
from desktop.gui.training_controller.commands import gpu_words
from desktop.gui.training_controller.program_call import ProgramCall
from desktop.gui.training_controller.training_process import ProcessEnd, TrainingProcess


class DeviceSearch(QObject):
    """`found(name)` once after each `start`: the GPU that the first backend with one sees, empty without any."""

    found = Signal(str)

    def __init__(self, call: ProgramCall, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._process = TrainingProcess(self)
        self._process.said.connect(self._take_message)
        self._process.ended.connect(self._take_end)
        self._left: list[str] = []
        self._said = ""

    def start(self) -> None:
        """Ask one backend after the other, as `--backend auto` does; seconds each."""
        self._left = list(BACKENDS)
        self._ask_next()

    def stop(self) -> None:
        """Ask no more: a training that starts wants the processor for itself."""
        self._left.clear()
        self._process.abandon()

    def close(self, wait_ms: int) -> None:
        """End what is under way."""
        self._process.close(wait_ms)

    def _ask_next(self) -> None:
        if not self._left:
            self.found.emit("")
            return
        self._said = ""
        try:
            self._process.start(self._call.of(gpu_words(self._left.pop(0))), self._call.runs)
        except OSError:
            # Starting the training will say what is wrong with the folder.
            self.found.emit("")

    def _take_message(self, message: TrainingMessage) -> None:
        if isinstance(message, Finished):
            self._said = message.sentence

    def _take_end(self, end: ProcessEnd) -> None:
        if end.code == 0 and self._said:
            self.found.emit(self._said)
        else:
            self._ask_next()
