"""Files are replaced whole: written beside the target, flushed to the disk, then renamed over it."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bloodsmear.private_file import mode_in


@contextlib.contextmanager
def open_replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a binary file whose content replaces `path` when the block ends well; else `path` stays as it was.

    Raises OSError as the system does (no permission, disk full, target open in another program on Windows).
    """
    path = Path(path)
    _refuse_read_only(path)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        put_in_place_of(path, temporary)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def put_in_place_of(path: Path, made: Path) -> None:
    """Rename the finished file `made`, on the same disk, over `path`. Raises OSError."""
    _refuse_read_only(path)
    # A file that is being made is its owner's alone; a report is for whoever may read the folder.
    mode = path.stat().st_mode & 0o777 if path.exists() else mode_in(path.parent)
    made.chmod(mode)
    made.replace(path)


def _refuse_read_only(path: Path) -> None:
    # Before any work, too: rename alone would replace it.
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(path))


def write(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, whole or not at all. Raises OSError."""
    with open_replacing(path) as file:
        file.write(content)
