"""A Windows of its own, by Wine: its folder, what its programs see, and its end."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# No .NET, no HTML, no entries in the desktop's menus. ucrtbase is Microsoft's where the prefix has it: Wine's lacks
# complex functions that NumPy loads. Wine 8 breaks down where Python asks WMI.
_OVERRIDES = "mscoree=;mshtml=;winemenubuilder.exe=;ucrtbase=n,b;wbemprox="
# What leads to the Python, the user's folder and the display of Linux.
_OF_LINUX = re.compile(r"PYTHON|VIRTUAL_ENV$|BLOODSMEAR_|QT_|WINE|DISPLAY$|TMPDIR$|TE?MP$")


class Wine:
    """A Windows of its own: call it with a program and its words."""

    def __init__(self, prefix: Path, display: str = "", **variables: str) -> None:
        self.prefix = prefix
        self.drive_c = prefix / "drive_c"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not _OF_LINUX.match(name)},
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": _OVERRIDES,
            "DISPLAY": display,
            **variables,
        }

    def make(self) -> None:
        """Make it: five to twenty seconds, 700 MB."""
        self("wineboot", "-i")
        # Debian's Wine 8 alone calls itself Windows 7.
        self("winecfg", "-v", "win10")

    def __call__(
        self, *words: object, timeout_s: float = 240, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; what it says stands in stdout."""
        call = _call(words)
        # Wine 8 gives Python no valid input or output unless all three are pipes.
        outcome = subprocess.run(
            call,
            cwd=folder,
            env=self._environment,
            input=b"",
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
        said = (outcome.stdout + outcome.stderr).decode("utf-8", "replace").replace("\r", "")
        return subprocess.CompletedProcess(call, outcome.returncode, said, "")

    def show(self, words: Sequence[object], folder: Path | None = None) -> int:
        """Run a program to its end and pass on what it says as it comes; its exit code."""
        with subprocess.Popen(
            _call(words),
            cwd=folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            # A piece as soon as it is there: the dots of pytest make no lines.
            while True:
                ready, _, _ = select.select([process.stdout], [], [], 1)
                if not ready:
                    if process.poll() is None:
                        continue
                    # What a process that broke down has left behind holds the pipe open for ever.
                    break
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    break
                sys.stdout.buffer.write(piece.replace(b"\r\n", b"\n"))
                sys.stdout.buffer.flush()
        return process.returncode

    def begin(self, *words: object) -> subprocess.Popen[bytes]:
        """Start a program and leave it running."""
        return subprocess.Popen(
            _call(words), env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def end(self) -> None:
        """Switch it off: its own server, which ends its own programs, and no other Wine."""
        subprocess.run(["wineserver", "-k"], env=self._environment, check=False)
        subprocess.run(["wineserver", "-w"], env=self._environment, check=False, timeout=60)

    def windows_path(self, path: Path) -> str:
        """A path on its drive C, or elsewhere, as Windows says it."""
        if path.is_relative_to(self.drive_c):
            return "C:\\" + str(path.relative_to(self.drive_c)).replace("/", "\\")
        return "Z:" + str(path.absolute()).replace("/", "\\")


def _call(words: Iterable[object]) -> list[str]:
    return ["wine", *(str(word) for word in words)]
