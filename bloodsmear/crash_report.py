"""What is left of a program that native code took down: where it stood, its versions, the end of its log.

The reports lie in the user's folder of logs and go nowhere by themselves. They name no image, case or folder.
"""

import faulthandler
import os
import platform
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bloodsmear import __version__, paths
from bloodsmear.logs import log_end
from bloodsmear.process_lock import lock_file

_RUNNING, _REPORT = "running {pid}.txt", "crash {moment}.txt"
_REPORTS_KEPT = 10
# What Python's faulthandler writes first, on Windows and elsewhere.
_CRASHED = ("Fatal Python error", "Windows fatal exception")
# The file's name is enough for a place in the code; the folders before it may name the user.
_FOLDERS_OF_CODE = re.compile(r'File "[^"]*[\\/]([^"\\/]+)"')


class CrashWatch:
    """From now on a crash of this process leaves its trace in a file. Close it at an orderly end, which removes it."""

    def __init__(self, folder: Path | None = None) -> None:
        """Write into `folder` (the user's folder of logs when None); where that cannot be written, nothing is."""
        self._path = (folder or paths.logs()) / _RUNNING.format(pid=os.getpid())
        self._file: IO[bytes] | None = None
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w+b")
            lock_file(self._file)
            self._file.write(_heading().encode())
            self._file.flush()
            faulthandler.enable(self._file)

    def close(self) -> None:
        """The program ends in order."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        with suppress(OSError):
            self._path.unlink()


def collect_crash_reports(folder: Path | None = None) -> list[Path]:
    """Make a report of each crash that was not collected yet, and return the new ones. Never raises.

    The ten newest reports are kept. A process that was killed, or lost its power, did not crash.
    """
    place = folder or paths.logs()
    made = []
    for left in sorted(place.glob(_RUNNING.format(pid="*"))):
        with suppress(OSError):
            text = _text_of_ended(left)
            if text is None:
                continue
            if any(sign in text for sign in _CRASHED):
                made.append(_write_report(place, left, text))
            left.unlink()
    with suppress(OSError):
        for old in sorted(place.glob(_REPORT.format(moment="*")))[:-_REPORTS_KEPT]:
            old.unlink()
    return made


def crash_sentence(report: Path) -> str:
    """What the user is told at the next start."""
    return (
        f"Bloodsmear ended unexpectedly the last time; what was decided and screened is kept. {report} says where. "
        "It names no image and was sent to nobody: copy it to whoever looks after this PC."
    )


def _heading() -> str:
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"Bloodsmear {__version__}, Python {platform.python_version()}, {platform.platform()}\nStarted {moment}\n\n"


def _text_of_ended(left: Path) -> str | None:
    """What a process left behind; None while it runs."""
    with left.open("r+b") as file:
        try:
            lock_file(file)
        except OSError:
            return None
        file.seek(0)
        return file.read().decode(errors="replace")


def _write_report(place: Path, left: Path, text: str) -> Path:
    moment = datetime.fromtimestamp(left.stat().st_mtime, UTC).strftime("%Y-%m-%d %H%M%S")
    report, again = place / _REPORT.format(moment=moment), 2
    while report.exists():
        report, again = place / _REPORT.format(moment=f"{moment} ({again})"), again + 1
    shown = _FOLDERS_OF_CODE.sub(r'File "\1"', text)
    report.write_text(f"{shown}\nThe end of the log\n\n{log_end(place)}", encoding="utf-8")
    return report
