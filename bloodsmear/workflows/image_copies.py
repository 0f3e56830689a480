"""Copies of images in a folder of their own: nothing is moved, nothing that is there is written over."""

import hashlib
import os
from pathlib import Path

from bloodsmear.errors import ImageError, ReportError
from bloodsmear.images.decode import read_image_file


def begin_folder(target: Path) -> None:
    """Make the folder, or take an empty one. Raises ReportError where something lies in it, lest it is written over."""
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ReportError(
                f"{target} is not an empty folder, and nothing in it is written over. Choose an empty one or a "
                "new name."
            )
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(
            f"{target} cannot be written to: {error.strerror}. Choose another folder."
        ) from error


def copy_image(source: Path, target: Path, sha256: str) -> None:
    """Copy the file to `target`, which must not exist, if its bytes have this sha256.

    Raises ImageError for a source that cannot be read or has other bytes, ReportError where it cannot be written.
    """
    content = read_image_file(source)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ImageError(source, "it has changed since it was read", sha256)
    write_new(target, content)


def write_new(target: Path, content: bytes) -> None:
    """Write a file that must not be there yet, and its folders. Raises ReportError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ReportError(f"{target} cannot be written: {error.strerror}. Choose another folder.") from error
