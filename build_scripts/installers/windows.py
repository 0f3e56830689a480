"""The Windows installer: what NSIS is told about a folder, and running it. makensis runs on Linux, too."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from freeze.measure import bytes_below, files_below, too_long

SCRIPT = Path(__file__).parent / "bloodsmear.nsi"
# The command that signs one file, in which NSIS and we put the file's name for %1. Not there: nothing is signed.
SIGN_VARIABLE = "BLOODSMEAR_SIGN_COMMAND"


class InstallerError(Exception):
    """No installer can be made; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class WindowsInstaller:
    """What goes into an installer. `stand_in` is a folder without Windows programs, for trying the script alone."""

    folder: Path
    icon: Path
    target: Path
    version: str
    edition: str
    sign_command: str = ""
    stand_in: bool = False


def four_numbers(version: str) -> str:
    """A version as Windows' resources want it: 0.1.0 is 0.1.0.0, 1.2.0rc1 is 1.2.0.0."""
    numbers = []
    for part in version.split(".")[:4]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        numbers.append(digits or "0")
    return ".".join([*numbers, "0", "0", "0"][:4])


def definitions(installer: WindowsInstaller) -> dict[str, str]:
    """The names that the script uses, with their values."""
    values = {
        "SOURCE": str(installer.folder),
        "ICON": str(installer.icon),
        "TARGET": str(installer.target),
        "VERSION": installer.version,
        "VERSION_NUMBERS": four_numbers(installer.version),
        "EDITION": installer.edition,
        # What the installer measures again once it has written it.
        "INTERNAL_BYTES": str(bytes_below(installer.folder / "_internal")),
        "FILES_KB": str(bytes_below(installer.folder) // 1024),
    }
    if installer.sign_command:
        values["SIGN_COMMAND"] = installer.sign_command
    if installer.stand_in:
        values["STAND_IN"] = "1"
    return values


def command(makensis: str, values: Mapping[str, str]) -> list[str]:
    """The call of makensis; every warning is an error."""
    return [
        makensis,
        "-V2",
        "-WX",
        "-INPUTCHARSET",
        "UTF8",
        *(f"-D{k}={v}" for k, v in values.items()),
        str(SCRIPT),
    ]


def make_installer(installer: WindowsInstaller) -> None:
    """Make the installer. InstallerError where NSIS is missing or refuses, or where a path is too long for Windows."""
    long_paths = too_long(files_below(installer.folder))
    if long_paths:
        raise InstallerError(
            f"{len(long_paths)} paths are too long for Windows, the first is {long_paths[0]}."
        )
    makensis = shutil.which("makensis")
    if makensis is None:
        raise InstallerError("makensis is missing. Install NSIS 3 (on Debian: apt-get install nsis).")
    if subprocess.run(command(makensis, definitions(installer)), check=False).returncode:
        raise InstallerError("makensis refused the script; its message is above.")


def sign_programs(folder: Path, sign_command: str) -> None:
    """Sign every program of the folder, by the command with %1 for the file. InstallerError."""
    for program in sorted(folder.glob("*.exe")):
        call = sign_command.replace("%1", str(program))
        if subprocess.run(call, shell=True, check=False).returncode:
            raise InstallerError(f"{program} could not be signed; the message is above.")
