"""A Python that is copied into a folder and needs nothing of the one that it was copied from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# What no training asks for; and the sign by which some Pythons keep pip out.
_LEFT_BEHIND = ("__pycache__", "site-packages", "test", "idlelib", "turtledemo", "EXTERNALLY-MANAGED")
_LEFT_BEHIND_ON_WINDOWS = (*_LEFT_BEHIND, "Scripts", "Doc", "Tools", "tcl")
# Prints where it stands, then every file that the system holds for it (Linux); fails where a part is missing.
_LOOK = """
import ctypes, os, sqlite3, ssl, sys
print(sys.prefix); print(sys.base_prefix); print(os.__file__)
if sys.platform == "linux":
    print(*{line.split(None, 5)[5].strip() for line in open("/proc/self/maps") if "/" in line}, sep="\\n")
"""
# Before the place that is written into the program, which is the base's; the other PC has nothing there.
_WRAPPER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/../lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}" exec "$here/{program}" "$@"
"""
# How a program in Python begins that asks the Python beside it, wherever both lie: a shell reads the first two lines.
_BESIDE = b"""#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
' '''
"""


class CannotBeCarriedError(Exception):
    """This Python cannot be copied; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class BasePython:
    """The Python that is to be copied: its folder, its version as (3, 12), and the system."""

    prefix: Path
    version: tuple[int, int]
    platform_name: str

    @property
    def named(self) -> str:
        """How its files are called: python3.12."""
        return f"python{self.version[0]}.{self.version[1]}"


def base_python() -> BasePython:
    """The Python below the one that runs this, whatever environment that is."""
    return BasePython(Path(sys.base_prefix), (sys.version_info[0], sys.version_info[1]), sys.platform)


def python_in(folder: Path, platform_name: str = sys.platform) -> Path:
    """The program to call of a carried Python."""
    return folder / ("python.exe" if platform_name == "win32" else "bin/python")


def carry_python(base: BasePython, target: Path) -> Path:
    """Copy a Python with pip into a new folder; the program to call. CannotBeCarriedError: then nothing is left."""
    try:
        _copy(base, target)
        python = python_in(target, base.platform_name)
        _require_standing_alone(python, base, target)
        _run([str(python), "-m", "ensurepip", "--upgrade"], "It has no pip to bring along")
    except (CannotBeCarriedError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, CannotBeCarriedError):
            raise
        raise CannotBeCarriedError(f"It could not be copied: {error}.") from error
    return python


def free_programs(python: Path) -> None:
    """Have the programs that pip put beside a carried Python ask that one, not the place that pip wrote into them.

    That place may be another one on the other PC, and names the Python itself, past the libraries that it came with.
    On Windows it stands in a launcher, which is left as it is. OSError.
    """
    for program in python.parent.iterdir():
        if program.is_symlink() or not program.is_file() or program == python:
            continue
        first, *rest = program.read_bytes().splitlines(keepends=True) or [b""]
        if first.startswith(b"#!/bin/sh") and rest and rest[0].startswith(b"'''exec'"):
            # pip's own way around a long place, or one with a space.
            rest = rest[2:]
        elif not (first.startswith(b"#!") and b"python" in first):
            continue
        program.write_bytes(_BESIDE + b"".join(rest))


def files_to_copy(base: BasePython) -> list[str]:
    """The files and folders of the base, relative to it, that make up a whole Python. CannotBeCarriedError."""
    if base.platform_name == "win32":
        if not (base.prefix / "python.exe").is_file():
            raise CannotBeCarriedError(f"{base.prefix} is not a whole Python; install one from python.org.")
        return sorted(path.name for path in base.prefix.iterdir() if path.name not in _LEFT_BEHIND_ON_WINDOWS)
    if base.prefix == Path("/usr"):
        raise CannotBeCarriedError(
            "It is the system's own, whose parts lie among everything else below /usr."
        )
    libraries = sorted(
        f"lib/{path.name}" for path in (base.prefix / "lib").glob("libpython*") if ".a" not in path.suffixes
    )
    return [f"bin/{base.named}", f"lib/{base.named}", f"include/{base.named}", *libraries]


def _copy(base: BasePython, target: Path) -> None:
    for name in files_to_copy(base):
        source, place = base.prefix / name, target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns(*_LEFT_BEHIND, "config-*"))
        elif source.is_file():
            # A link's content: sticks cannot hold links.
            shutil.copy2(source, place)
    site_packages = (
        target / ("Lib" if base.platform_name == "win32" else f"lib/{base.named}") / "site-packages"
    )
    site_packages.mkdir(exist_ok=True)
    if base.platform_name == "linux":
        wrapper = python_in(target, base.platform_name)
        wrapper.write_text(_WRAPPER.format(program=base.named), encoding="utf-8")
        wrapper.chmod(0o755)
    elif base.platform_name != "win32":
        shutil.copy2(target / "bin" / base.named, python_in(target, base.platform_name))


def _require_standing_alone(python: Path, base: BasePython, target: Path) -> None:
    said = _run([str(python), "-I", "-c", _LOOK], "The copy does not start").splitlines()
    prefix, base_prefix, *files = said
    if not (Path(prefix).samefile(target) and Path(base_prefix).samefile(target)):
        raise CannotBeCarriedError(f"The copy goes back to {base_prefix}.")
    if base.platform_name == "darwin":
        files += _run(["otool", "-L", str(python)], "It cannot be looked at").split()
    if back := leading_back(files, base.prefix):
        raise CannotBeCarriedError(f"The copy goes back to {back[0]}.")


def leading_back(files: Iterable[str], base: Path) -> list[str]:
    """Those of the files that lie below the base."""
    return [file for file in files if Path(file).is_relative_to(base)]


def _run(words: Sequence[str], trouble: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(
            words, env=environment | {"PIP_USER": "0"}, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise CannotBeCarriedError(f"{trouble}: {error}.") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise CannotBeCarriedError(f"{trouble}: {last}")
    return done.stdout
