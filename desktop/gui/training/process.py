"""The training program as a process of its own. The only file of the window that starts a program with Qt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from bloodsmear.jobs.training_messages import STOP_LINE, Failed, decode_message

# Of what a program writes before it dies, the end tells why.
_STDERR_LINES_KEPT = 40
_LONGEST_LAST_WORDS = 200
# What argparse ends with where it does not know a word. The program's own refusals end so, too, but say why.
_UNKNOWN_WORDS = 2
# Killed by the system: on Linux and macOS by signal 9, which is what it does when memory runs out.
_KILLED = -9
# Names of errors, of Python and of the libraries, as they stand in the last lines of a program that died of them.
_MEMORY_ERRORS = (
    "MemoryError",
    "OutOfMemory",
    "OUT_OF_MEMORY",
    "ResourceExhausted",
    "RESOURCE_EXHAUSTED",
    "bad_alloc",
)
_IMPORT_ERROR = "ModuleNotFoundError"


class EndReason(Enum):
    """Why a program ended that said nothing about it itself."""

    NOT_STARTED = auto()
    NO_TRAINING = auto()
    OTHER_VERSION = auto()
    NO_MEMORY = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How the program ended: its exit code (None: it did not start), and the last lines of its stderr."""

    code: int | None
    last_lines: tuple[str, ...]

    @property
    def reason(self) -> EndReason:
        """Why it ended, by its exit code and the names of errors."""
        if self.code is None:
            return EndReason.NOT_STARTED
        if self.code == _UNKNOWN_WORDS:
            return EndReason.OTHER_VERSION
        if self._names(_IMPORT_ERROR):
            return EndReason.NO_TRAINING
        if self.code == _KILLED or self._names(*_MEMORY_ERRORS):
            return EndReason.NO_MEMORY
        return EndReason.UNKNOWN

    def _names(self, *errors: str) -> bool:
        return any(error in line for line in self.last_lines for error in errors)


def failure_for_end(end: ProcessEnd) -> Failed:
    """What to tell the reader: what happened, in the last words of the program where it has any, and what to do."""
    last = end.last_lines[-1][:_LONGEST_LAST_WORDS].rstrip(".") if end.last_lines else ""
    match end.reason:
        case EndReason.NOT_STARTED:
            return Failed(
                f"The training program did not start: {last}. Install Bloodsmear again, or choose another Python "
                "that has Bloodsmear in it."
            )
        case EndReason.NO_TRAINING:
            return Failed(
                f"The chosen Python cannot train: {last}. Install Bloodsmear with its extra “train” there, or go back "
                "to Bloodsmear's own program."
            )
        case EndReason.OTHER_VERSION:
            return Failed(
                "The training program is of another version than this window. Install the same version of Bloodsmear "
                "there."
            )
        case EndReason.NO_MEMORY:
            return Failed("The training program was ended, most likely because the memory ran out.", "memory")
        case EndReason.UNKNOWN:
            said = f": {last}" if last else ""
            return Failed(f"The training program ended unexpectedly (code {end.code}){said}.")


class TrainingProcess(QObject):
    """Runs one command at a time. `said(TrainingMessage)` for each message, `ended(ProcessEnd)` once at the end."""

    said = Signal(object)
    ended = Signal(ProcessEnd)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._abandoned: set[QProcess] = set()
        self._stderr: deque[str] = deque(maxlen=_STDERR_LINES_KEPT)

    @property
    def running(self) -> bool:
        """Whether a command is under way."""
        return self._process is not None

    def start(self, words: Sequence[str], folder: Path) -> None:
        """Start the program `words[0]` with the other words, in `folder`; a command before it is given up."""
        self.abandon()
        self._stderr.clear()
        process = QProcess(self)
        process.setProgram(words[0])
        process.setArguments(list(words[1:]))
        process.setWorkingDirectory(str(folder))
        environment = QProcessEnvironment.systemEnvironment()
        # Or Windows writes in its code page, and a library's greeting waits in a buffer.
        environment.insert("PYTHONUTF8", "1")
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        # Bound to this process: what an abandoned one still says is passed over.
        process.readyReadStandardOutput.connect(lambda: self._read_messages(process))
        process.readyReadStandardError.connect(lambda: self._read_complaints(process))
        process.finished.connect(lambda code, status: self._finish(process, code, status))
        process.errorOccurred.connect(lambda error: self._take_error(process, error))
        self._process = process
        process.start()

    def ask_to_stop(self) -> None:
        """Ask the program to stop in order; it says `Stopped` and ends when it has kept its work."""
        if self._process is not None:
            self._process.write(f"{STOP_LINE}\n".encode())

    def abandon(self) -> None:
        """End the command at once and hear nothing more of it."""
        process, self._process = self._process, None
        if process is not None:
            self._abandoned.add(process)
            process.kill()

    def close(self, wait_ms: int) -> None:
        """Ask the program to stop, wait `wait_ms` at most, then end it: what it kept until then can go on."""
        self.ask_to_stop()
        process, self._process = self._process, None
        if process is not None:
            self._abandoned.add(process)
            process.waitForFinished(wait_ms)
        for left in tuple(self._abandoned):
            if left.state() != QProcess.ProcessState.NotRunning:
                left.kill()
                left.waitForFinished(wait_ms)
            self._let_go(left)

    def _read_messages(self, process: QProcess) -> None:
        while process is self._process and process.canReadLine():
            message = decode_message(_text(process.readLine().data()))
            if message is not None:
                self.said.emit(message)

    def _read_complaints(self, process: QProcess) -> None:
        if process is self._process:
            text = _text(process.readAllStandardError().data())
            self._stderr.extend(line.strip() for line in text.splitlines() if line.strip())

    def _finish(self, process: QProcess, code: int, status: QProcess.ExitStatus) -> None:
        self._read_messages(process)
        self._read_complaints(process)
        crashed = status == QProcess.ExitStatus.CrashExit
        self._end(process, -abs(code) if crashed else code)

    def _take_error(self, process: QProcess, error: QProcess.ProcessError) -> None:
        # `finished` comes after every other error.
        if error == QProcess.ProcessError.FailedToStart:
            self._stderr.append(process.errorString())
            self._end(process, None)

    def _end(self, process: QProcess, code: int | None) -> None:
        if process is not self._process:
            self._let_go(process)
            return
        self._process = None
        process.deleteLater()
        self.ended.emit(ProcessEnd(code, tuple(self._stderr)))

    def _let_go(self, process: QProcess) -> None:
        if process in self._abandoned:
            self._abandoned.discard(process)
            process.deleteLater()


def _text(content: bytes | bytearray | memoryview) -> str:
    return bytes(content).decode("utf-8", errors="replace")
