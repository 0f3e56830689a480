"""What a folder weighs, and paths in it that Windows could not take."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# Windows takes 260 characters; this leaves eighty for the place of installation, a long user name in it.
LONGEST_PATH = 180


def files_below(folder: Path) -> list[str]:
    """The paths of all files and links below a folder, relative to it, with forward slashes, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def bytes_below(folder: Path) -> int:
    """What the files below a folder weigh; a link weighs nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def too_long(paths: Iterable[str]) -> list[str]:
    """Those paths that might not fit on Windows below a user's folder of programs."""
    return [path for path in paths if len(path) > LONGEST_PATH]


def megabytes(size: int) -> str:
    """A size in words: 612 MB."""
    return f"{size / 1_000_000:,.0f} MB"
