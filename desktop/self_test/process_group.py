"""A program and everything that it starts, so that what it leaves behind is noticed."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

# Between the end of a program and that of a child that it has told to end.
_GRACE_S = 5.0
_LOOK_EVERY_S = 0.05


class ProcessGroup:
    """A started program with its children. At the end of `with` whatever still runs is ended."""

    def __init__(self, words: Sequence[str], environment: dict[str, str]) -> None:
        """Start `words`. Raises OSError where that cannot be started."""
        self._process = subprocess.Popen(
            words,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # On POSIX a session of its own is a group of processes with its own number.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._job = _windows_job(self._process.pid)

    def __enter__(self) -> "ProcessGroup":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end_all()
        self._process.communicate()

    @property
    def code(self) -> int | None:
        """The program's exit code, None while it runs."""
        return self._process.poll()

    def communicate(self, patience_s: float) -> bytes:
        """Wait for the program's end; what it said on stderr. Raises subprocess.TimeoutExpired."""
        return self._process.communicate(timeout=patience_s)[1]

    def wait_until_alone(self) -> None:
        """Wait until nothing of the group runs any more. RuntimeError, half a sentence, where something stays."""
        until = time.monotonic() + _GRACE_S
        while self._is_populated():
            if time.monotonic() > until:
                raise RuntimeError("a process that it started still runs.")
            time.sleep(_LOOK_EVERY_S)

    def _is_populated(self) -> bool:
        if self._job is not None:
            return bool(self._job.active_processes())
        return _posix_group(self._process.pid, 0)

    def _end_all(self) -> None:
        if self._job is not None:
            self._job.end_all()
        elif self.code is None or self._is_populated():
            _posix_group(self._process.pid, 9)


def _posix_group(number: int, signal: int) -> bool:
    """Send a signal (0: none) to a group of processes; False where there is none any more."""
    if sys.platform != "win32":
        # macOS refuses the permission for a group of which only a finished process is left.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(number, signal)
            return True
    return False


def _windows_job(process_id: int) -> Any:
    if sys.platform == "win32":
        import ctypes

        from desktop.self_test.windows_job import CountingJob

        return CountingJob(ctypes.WinDLL("kernel32", use_last_error=True), process_id)
    return None
