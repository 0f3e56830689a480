"""The two editions: which programs stand in the folder, and what the files that are handed on are called."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# One word for one kind of processor, whatever the system calls it.
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the folder: its name without ending, the script that it runs, whether it has a console.

    `trains`: it fits networks, and brings what only that needs; `downloads`: so with what goes to Google Drive.
    """

    name: str
    script: str
    console: bool
    trains: bool = False
    downloads: bool = False


# The window and the command line are one script: on Windows only one of them may have a console. Their names differ by
# more than capitals, for systems that see no difference between those.
_WINDOW = Program("Bloodsmear", "desktop/start.py", console=False, downloads=True)
_COMMAND_LINE = Program("bloodsmear-cli", "desktop/start.py", console=True, downloads=True)
_CONVERTER = Program("bloodsmear-convert", "bloodsmear/classifiers/keras_side/convert.py", console=True)
_TRAINER = Program("bloodsmear-train", "training/program.py", console=True, trains=True)


@dataclass(frozen=True, slots=True)
class Edition:
    """`key` is how it is asked for and part of every file's name; `trains` whether TensorFlow is inside."""

    key: str
    title: str
    programs: tuple[Program, ...]
    trains: bool


REVIEW = Edition("review", "Review", (_WINDOW, _COMMAND_LINE, _CONVERTER), trains=False)
FULL = Edition("full", "Full", (_WINDOW, _COMMAND_LINE, _CONVERTER, _TRAINER), trains=True)
EDITIONS = {edition.key: edition for edition in (REVIEW, FULL)}


def page_templates(edition: Edition) -> list[tuple[str, str]]:
    """The templates of the HTML documents, each with its folder below `_internal`: that of the code beside it."""
    packages = ("bloodsmear", "desktop", "training") if edition.trains else ("bloodsmear", "desktop")
    folders = sorted(folder for one in packages for folder in (ROOT / one).rglob("templates"))
    return [(str(folder), folder.relative_to(ROOT).as_posix()) for folder in folders]


def version() -> str:
    """The program's version, read as text: no package need be installed."""
    text = (ROOT / "bloodsmear" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError('bloodsmear/__init__.py has no line __version__ = "…".')
    return found.group(1)


def system_name(platform_name: str = sys.platform, machine: str = "") -> str:
    """The system in a file's name: windows-x86_64, macos-arm64, linux-x86_64."""
    system = {"win32": "windows", "darwin": "macos"}.get(platform_name, "linux")
    kind = (machine or platform.machine()).lower()
    return f"{system}-{_MACHINES.get(kind, kind)}"


def file_stem(edition: Edition, number: str, system: str) -> str:
    """How a file that is handed on is called, without ending: Bloodsmear-0.1.0-review-linux-x86_64."""
    return f"Bloodsmear-{number}-{edition.key}-{system}"
