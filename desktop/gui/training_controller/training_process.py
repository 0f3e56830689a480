"""The training program as a process of its own. The only file of the window that starts a program with Qt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from bloodsmear.jobs.training_messages import STOP_LINE, decode_message

# Of what a program writes before it dies, the end tells why.
_STDERR_LINES_KEPT = 40


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How the program ended: its exit code (None: it did not start), and the last lines of its stderr."""

    code: int | None
    last_lines: tuple[str, ...]


class TrainingProcess(QObject):
    """Runs one command at a time. `said(TrainingMessage)` for each message, `ended(ProcessEnd)` once at the end."""

    said = Signal(object)
    ended = Signal(object)

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
        # After every other error comes `finished`.
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
