"""Folders for work in progress, and their end where the program was killed over it: the next start clears them."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bloodsmear.process_lock import lock_file

_IN_USE = ".in-use"
# The last one is what earlier versions left in the cache of graphs.
_LEFT = (".adding-*", ".exporting-*", ".removed-*", ".making-*", ".*.tmp")
# An export is made in a folder of the user, where other programs' folders stand, too.
_OF_EXPORTS = ".exporting-"
# Without a lock a folder was left by an older version, or is being made at this moment.
_LEFT_AFTER_S = 3600.0
# In a scratch folder: what is moved aside for something else of its name.
REPLACED = "replaced"


@contextlib.contextmanager
def scratch_folder(place: Path, prefix: str) -> Iterator[Path]:
    """A folder in `place` that is gone at the end of the block; nobody clears it meanwhile. Raises OSError.

    `prefix` is .adding-, .removed-, .making- or .exporting-, by which the next start knows what a killed program left.
    The last one is for folders of the user: only what has that prefix and our mark is cleared there.
    """
    if prefix == _OF_EXPORTS:
        _clear(place, f"{prefix}*")
    else:
        clear_scratch(place)
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=place, ignore_cleanup_errors=True) as scratch,
        (Path(scratch) / _IN_USE).open("w+b") as lock,
    ):
        # A home on a network drive may have no locks.
        with contextlib.suppress(OSError):
            lock_file(lock)
        # Until this byte is there nobody takes the folder for one that was left: it may not be locked yet.
        lock.write(b"1")
        lock.flush()
        yield Path(scratch)


def clear_scratch(place: Path) -> None:
    """Remove what killed programs left in `place`; what they had only moved aside comes back. Never raises."""
    for pattern in _LEFT:
        _clear(place, pattern)


def _clear(place: Path, pattern: str) -> None:
    for left in place.glob(pattern):
        if left.is_dir() and not left.is_symlink() and _is_left(left):
            _bring_back(left / REPLACED, place)
            shutil.rmtree(left, ignore_errors=True)


def _bring_back(replaced: Path, place: Path) -> None:
    for one in replaced.glob("*"):
        # Killed between the two moves: neither the old one nor the new one is where it belongs.
        if not (place / one.name).exists():
            with contextlib.suppress(OSError):
                one.rename(place / one.name)


def _is_left(folder: Path) -> bool:
    try:
        with (folder / _IN_USE).open("r+b") as lock:
            lock_file(lock)
            if lock.read(1):
                return True
    except FileNotFoundError:
        pass
    except OSError:
        return False  # somebody works there
    if folder.name.startswith(_OF_EXPORTS):
        return False  # without our mark it may be anybody's
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime > _LEFT_AFTER_S
    return False
