"""Files on a PC that several people share: what the program keeps is its user's alone, and no side file follows a link.

On Windows a user's own folders are closed to others by the system; nothing of this changes anything there.
"""

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

_OTHERS = 0o077
# Neither exists on Windows. Without O_NONBLOCK opening a pipe would wait for whoever writes into it, for ever.
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class _Umask:
    """What others may do with a file that is meant for them: asked once, before the program closes its own."""

    def __init__(self) -> None:
        self.of_user = os.umask(0)
        os.umask(self.of_user)


_UMASK = _Umask()


def keep_to_user(folders: Iterable[Path]) -> None:
    """From now on whatever this process and its children make is the user's alone; and so are these folders.

    What is meant for others is opened to them by `mode_in`.
    """
    if sys.platform != "win32":
        os.umask(_OTHERS)
        close_folders(folders)


def close_folders(folders: Iterable[Path]) -> None:
    """Let nobody else into these folders; one that isn't there is made. Where that cannot be done, nothing is."""
    if sys.platform == "win32":
        return
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            there = folder.stat()
            if there.st_uid == os.getuid() and there.st_mode & _OTHERS:
                folder.chmod(stat.S_IMODE(there.st_mode) & ~_OTHERS)


def mode_in(folder: Path) -> int:
    """The mode of a new file there: in a folder that is its owner's alone it is his alone, too. Raises OSError.

    Elsewhere it is for whoever may read the folder: a report, a study that is saved on a ward's drive.
    """
    is_closed = sys.platform != "win32" and not folder.stat().st_mode & _OTHERS
    return 0o600 if is_closed else 0o666 & ~_UMASK.of_user


def create_plain(path: Path) -> None:
    """Make an empty file where there is nothing, not even a link; see `mode_in`. Raises FileExistsError and OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _PLAIN, 0o600)
    try:
        if sys.platform != "win32":
            os.fchmod(descriptor, mode_in(path.parent))
    finally:
        os.close(descriptor)


def open_plain(path: Path, mode: str) -> IO[bytes]:
    """Open a file beside others' files: `rb`, `wb` or `ab`. A link, a pipe or a device is refused: OSError."""
    flags = {
        "rb": os.O_RDONLY,
        "wb": os.O_WRONLY | os.O_CREAT,
        "ab": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    }[mode]
    descriptor = os.open(path, flags | _PLAIN, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(22, "it is not a plain file", str(path))
        if mode == "wb":
            # Only now: what is not a plain file is not emptied either.
            os.ftruncate(descriptor, 0)
        return os.fdopen(descriptor, mode)
    except BaseException:
        os.close(descriptor)
        raise


def read_plain(path: Path, most_bytes: int) -> bytes:
    """The first bytes of a plain file; a longer one is cut. Raises OSError."""
    with open_plain(path, "rb") as file:
        return file.read(most_bytes)
