"""What the training program is asked before a training: what is in a labelled folder, and whether there is a GPU."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bloodsmear.jobs.training_messages import BACKENDS, DataChecked, Failed, Finished, Note, TrainingMessage
from desktop.gui.training.commands import ProgramCall, check_words, gpu_words
from desktop.gui.training.process import ProcessEnd, TrainingProcess, failure_for_end
from desktop.gui.training.run_folder import write_chosen_labels
from desktop.gui.training.state import DataSeen, FolderLabel, OwnLabel


class DataCheck(QObject):
    """`seen(DataSeen)` while it looks, then once `ended(DataSeen, problem)`; `problem` is empty when it got through."""

    seen = Signal(DataSeen)
    ended = Signal(DataSeen, str)

    def __init__(self, call: ProgramCall, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._process = TrainingProcess(self)
        self._process.said.connect(self._take_message)
        self._process.ended.connect(self._take_end)
        self._data = DataSeen(Path())
        self._checked = False
        self._problem = ""

    def start(
        self, folder: Path, labels: tuple[FolderLabel, ...], own: tuple[OwnLabel, ...], matters_first: str
    ) -> None:
        """Look at this folder, in place of the one before."""
        self._data = DataSeen(folder, labels=labels, own=own, matters_first=matters_first)
        self._checked, self._problem = False, ""
        self.seen.emit(self._data)
        try:
            label_file = write_chosen_labels(self._call.runs, own, matters_first)
            self._process.start(self._call.of(check_words(folder, labels, label_file)), self._call.runs)
        except OSError as error:
            self._process.abandon()
            self.ended.emit(self._data, f"{self._call.runs} cannot be made ({error.strerror}). Make room.")

    def close(self, wait_ms: int) -> None:
        """End what is under way."""
        self._process.close(wait_ms)

    def _take_message(self, message: TrainingMessage) -> None:
        match message:
            case Failed():
                self._problem = message.sentence
            case Note():
                self._data = replace(self._data, text=message.text, done=message.done, total=message.total)
                self.seen.emit(self._data)
            case DataChecked():
                self._checked = True
                self._data = replace(
                    self._data,
                    counts=tuple(message.counts.items()),
                    errors=message.errors,
                    wants_labels=message.wants_labels,
                    warnings=message.warnings,
                    names=tuple(message.names.items()),
                )

    def _take_end(self, end: ProcessEnd) -> None:
        if not self._checked and not self._problem:
            self._problem = failure_for_end(end).sentence
        self.ended.emit(self._data, self._problem)


def folder_names(folder: Path) -> tuple[str, ...]:
    """The names of the folders in a labelled folder, for a job's thread; none where it cannot be listed."""
    try:
        found = [one.name for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return ()
    return tuple(sorted(found, key=str.casefold))


class DeviceSearch(QObject):
    """`found(name, why)` once after each `start`: the GPU that the first backend with one sees, empty without any.

    `why` is then a sentence on why none is seen, empty where nothing is known.
    """

    found = Signal(str, str)

    def __init__(self, call: ProgramCall, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._process = TrainingProcess(self)
        self._process.said.connect(self._take_message)
        self._process.ended.connect(self._take_end)
        self._left: list[str] = []
        self._said = self._why = ""

    def start(self) -> None:
        """Ask one backend after the other, as `--backend auto` does; seconds each."""
        self._left, self._why = list(BACKENDS), ""
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
            self.found.emit("", self._why)
            return
        self._said = ""
        try:
            self._process.start(self._call.of(gpu_words(self._left.pop(0))), self._call.runs)
        except OSError:
            # Starting the training will say what is wrong with the folder.
            self.found.emit("", "")

    def _take_message(self, message: TrainingMessage) -> None:
        if isinstance(message, Finished):
            self._said = message.sentence
        elif isinstance(message, Note) and not self._why:
            self._why = message.text

    def _take_end(self, end: ProcessEnd) -> None:
        if end.code == 0 and self._said:
            self.found.emit(self._said, "")
        else:
            self._ask_next()
