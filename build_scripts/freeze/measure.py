"""What a folder weighs, paths in it that Windows could not take, and the checksums of what is handed on."""

from __future__ import annotations

import hashlib
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


def write_checksums(folder: Path) -> Path:
    """Write SHA256SUMS for all files of the folder, as `sha256sum --check` reads it; its path."""
    target = folder / "SHA256SUMS"
    files = sorted(path for path in folder.iterdir() if path.is_file() and path != target)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target
