"""One download at a time on this PC: two would forget what the other one remembers of its file."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import DownloadError, UsageError
from bloodsmear.process_lock import lock_file


@contextlib.contextmanager
def hold_downloads() -> Iterator[Path]:
    """An empty folder for a download, gone at the end of the block; no other download begins until then.

    The system lets go when the process ends. UsageError where another is under way, in the window or on the command
    line; DownloadError where nothing can be written.
    """
    lock, folder = paths.cache() / "downloading.lock", paths.downloads()
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a+b")
    except OSError as error:
        raise DownloadError(f"{lock} cannot be written ({error.strerror}). Give permission.") from error
    with file:
        try:
            lock_file(file)
        except OSError as error:
            raise UsageError(
                "Another download is under way on this PC, in the window or on the command line. Wait until it has "
                "ended, then ask for this one again."
            ) from error
        try:
            # A program that was killed leaves what it had.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise DownloadError(f"{folder} cannot be made ({error.strerror}). Give permission.") from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
