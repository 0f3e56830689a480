"""Wine 10, of Debian trixie in a folder of its own: it runs 32-bit programs, as the Setup.exe that is handed on is."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from freeze.measure import bytes_below, megabytes
from wine.packages import SetUpError
from wine.run_log import RunLog

MAKER = "mmdebstrap"
_NOT_NEEDED = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
# By apt, which asks for Debian's signatures; nothing that is only recommended comes along.
_WORDS = (
    *("--variant=essential", "--architectures=amd64,i386"),
    "--include=wine,wine64,wine32:i386,fonts-dejavu-core",
    *(f"--dpkgopt=path-exclude={place}" for place in _NOT_NEEDED),
    # A mirror may have the lists of trixie-updates and trixie-security of two days, one for each kind of processor.
    """--setup-hook=sed -i /trixie-/d "$1/etc/apt/sources.list" """,
    "trixie",
)
# Stands for `wine` and for `wineserver`, as it is called: trixie's, which see what a Wine needs at the same paths. That
# is mounted in a name space that ends with the program: removing trixie never reaches into it.
_PROGRAM = """#!/bin/sh
exec unshare --mount sh -e -c '
    programs=${0%/*}
    trixie=${programs%/*}/trixie
    # Of /sys Wine reads the processors, without which OpenVINO finds none.
    for place in /tmp /dev /proc /sys "${programs%/build/wine/*}"; do
        mkdir -p "$trixie$place"
        mount --bind "$place" "$trixie$place"
    done
    exec chroot "$trixie" env PATH=/usr/bin:/bin XDG_RUNTIME_DIR=/tmp "${0##*/}" "$@"
' "$0" "$@"
"""


def wine10(place: Path) -> dict[str, str]:
    """The variables with which `prefix.Wine` runs that one; none where it was not made, or for others than root."""
    programs = place / "wine10" / "programs"
    if not (programs / "wine").exists() or os.geteuid() != 0:
        return {}
    return {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def make_wine10(place: Path, log: RunLog) -> dict[str, str]:
    """Make it where it is not there: four minutes, 1.8 GB. The variables of `wine10`. SetUpError."""
    folder = place / "wine10"
    stamp, wanted = folder / "made-of", " ".join(_WORDS)
    if os.geteuid() != 0:
        raise SetUpError("Wine 10 lies in a folder that only root can make and enter.")
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        began = time.monotonic()
        if subprocess.run([MAKER, *_WORDS, folder / "trixie"], check=False).returncode:
            raise SetUpError(f"Wine 10 could not be had: {MAKER} failed, its message is above.")
        log.note_time("Wine 10 fetched", began)
        log.note("Wine 10", megabytes(bytes_below(folder)))
        stamp.write_text(wanted, encoding="utf-8")
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name in ("wine", "wineserver"):
        (programs / name).write_text(_PROGRAM, encoding="utf-8")
        (programs / name).chmod(0o755)
    return wine10(place)
