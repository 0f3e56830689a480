"""A report's file: asked beforehand whether it can be written, and replaced whole or not at all."""

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bloodsmear import atomic_file
from bloodsmear.errors import ReportError


@contextmanager
def open_report(target: Path) -> Iterator[BinaryIO]:
    """A binary file that replaces `target` when the block ends well. Raises ReportError when it cannot be written."""
    check_target(target)
    try:
        with atomic_file.open_replacing(target) as file:
            yield file
    except OSError as error:
        raise ReportError(_sentence(target, error)) from error


def check_target(target: Path) -> None:
    """Raise ReportError when a report cannot be written to `target`: to be known before hours of screening."""
    try:
        if target.is_dir():
            raise ReportError(
                f"Cannot write the report {target}: it is a folder. Name a file, such as R.csv."
            )
        if target.exists() and not target.is_file():
            # An administrator would replace it: /dev/null, for one.
            raise ReportError(
                f"Cannot write the report {target}: it is a device or a pipe. Name a file, such as R.csv."
            )
        if not target.parent.is_dir():
            raise ReportError(
                f"Cannot write the report {target}: there is no folder {target.parent}. Make it first."
            )
        if target.exists():
            # Asked of the mode itself: an administrator may write everything, and would replace it.
            if not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
                raise PermissionError(errno.EACCES, "read-only")
            # Opening for update changes nothing, and fails on Windows while a spreadsheet has the file.
            with target.open("r+b"):
                pass
        # The report is written beside the target first, whether or not there is an older one.
        _try_folder(target)
    except OSError as error:
        raise ReportError(_sentence(target, error)) from error


def _try_folder(target: Path) -> None:
    try:
        with atomic_file.open_replacing(target):
            raise _OnlyTrying
    except _OnlyTrying:
        pass


class _OnlyTrying(Exception):  # noqa: N818 - leaves the block so that nothing is replaced, it is not an error
    pass


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Cannot write the report {target}: the disk is full. Free some space or choose another place."
    if isinstance(error, PermissionError):
        return (
            f"Cannot write the report {target}: it is open in another program or may not be written. "
            "Close it there or choose another name."
        )
    return f"Cannot write the report {target}: {error.strerror or error}. Choose another place."
