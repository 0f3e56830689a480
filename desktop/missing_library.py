"""A library of the program that the PC cannot load: the one error that comes before any window or terminal is made."""

import ctypes
import sys

_MESSAGE_BOX_ERROR = 0x10
# Windows 10 version 1903, the first with icuuc.dll, which Qt loads (docs/release.md).
OLDEST_WINDOWS_BUILD = 18362


def missing_library_sentence(
    error: ImportError, platform: str = sys.platform, windows_build: int | None = None
) -> str:
    """What is missing and what to do, in plain words; `platform` as `sys.platform`, `windows_build` this Windows'."""
    name = error.name or "a part of the program"
    if windows_build is not None and windows_build < OLDEST_WINDOWS_BUILD:
        return (
            f"Bloodsmear cannot start on this PC: it needs Windows 10 version 1903 (build {OLDEST_WINDOWS_BUILD}) or "
            f"newer, and this is build {windows_build} ({name} cannot be loaded). Ask IT for a newer Windows."
        )
    said = f"Bloodsmear cannot start on this PC: {name} cannot be loaded ({error}). "
    if platform == "win32":
        return said + (
            "Most often the Microsoft Visual C++ runtime is old or missing, or the processor is older than 2013 "
            "(without AVX2). Ask IT for the Visual C++ Redistributable 2015-2022 (x64), or install Bloodsmear again."
        )
    return (
        said
        + "Install Bloodsmear again; if that does not help, the system or its processor is too old for it."
    )


def say_missing_library(error: ImportError) -> None:
    """Say it on the terminal, and on Windows, where the window's program has none, in the system's own box."""
    sentence = missing_library_sentence(error, windows_build=_windows_build())
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")
    elif sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, sentence, "Bloodsmear", _MESSAGE_BOX_ERROR)


def _windows_build() -> int | None:
    if sys.platform == "win32":
        # Of Windows itself: what `build` says depends on what a program's manifest says that it knows.
        return sys.getwindowsversion().platform_version[2]
    return None
