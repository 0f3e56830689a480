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
    # A target that exists but must not be written is refused before any work; rename alone would replace it.
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(13, "the file is read-only", str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; a report is for whoever may read the folder.
        mode = path.stat().st_mode & 0o777 if path.exists() else mode_in(path.parent)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, whole or not at all. Raises OSError."""
    with open_replacing(path) as file:
        file.write(content)
