"""One download at a time on this PC: two would write the same bytes, and forget what the other one remembers."""

import contextlib
from collections.abc import Iterator

from bloodsmear import paths
from bloodsmear.errors import DownloadError, UsageError
from bloodsmear.process_lock import lock_file


@contextlib.contextmanager
def hold_downloads() -> Iterator[None]:
    """Let no other download begin until the end of the block; the system lets go when the process ends.

    UsageError where one is under way, in the window or on the command line; DownloadError where nothing can be written.
    """
    lock = paths.cache() / "downloading.lock"
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
        yield
