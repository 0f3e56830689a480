"""Room in the PC's memory for large images, shared by everything of this user that decodes at the same time.

Threads, a screening and the window beside it, trainings and Dask's workers take turns: eight images of 100 megapixels
at once would fill the memory of a usual PC. Small images never wait.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bloodsmear import paths
from bloodsmear.process_lock import lock_file

# The largest image that is read (200 megapixels, 16 bits a channel with transparency) and its file have all of it.
ROOM_BYTES = 3_840_000_000
_SLOTS = 16
# Below it nobody asks: an image of 2560×1920 px takes half of it.
FREE_BYTES = 120_000_000
_LOOK_EVERY_S = 0.02
# A program that hangs, or that somebody has suspended, must not stop the others for good.
_LONGEST_WAIT_S = 300.0

# Where the cache cannot be written, or its drive has no locks: one large image at a time in this process.
_alone = threading.Lock()


@dataclass(frozen=True, slots=True)
class MemoryRoom:
    """The room as lock files in the folder `place`: the system lets go of them when a process ends, however it ends."""

    place: Path
    bytes: int = ROOM_BYTES
    longest_wait_s: float = _LONGEST_WAIT_S

    @contextmanager
    def held(self, needed_bytes: int) -> Iterator[None]:
        """Wait until there is room for so many bytes, and hold it until the block ends. More than all of it is all."""
        if needed_bytes <= FREE_BYTES:
            yield
            return
        slots = min(_SLOTS, -(-needed_bytes * _SLOTS // self.bytes))
        until = time.monotonic() + self.longest_wait_s
        with ExitStack() as held:
            try:
                self.place.mkdir(parents=True, exist_ok=True)
                # Who collects slots holds the door: nobody who wants fewer overtakes, and no two wait for each other.
                with ExitStack() as door:
                    _take(door, [self.place / "door"], 1, until)
                    _take(held, [self.place / f"slot-{number}" for number in range(_SLOTS)], slots, until)
            except OSError:
                held.enter_context(_alone)
            yield


def memory_room() -> MemoryRoom:
    """The room of this user's programs on this PC."""
    return MemoryRoom(paths.cache() / "memory")


def _take(held: ExitStack, locks: list[Path], wanted: int, until: float) -> None:
    """Lock `wanted` of the files, waiting for them at most until then. Raises OSError where nothing can be locked."""
    files = [held.enter_context(lock.open("a+b")) for lock in locks]
    while True:
        for file in tuple(files):
            if wanted and _is_free(file):
                files.remove(file)
                wanted -= 1
        if not wanted or time.monotonic() > until:
            break
        time.sleep(_LOOK_EVERY_S)
    for file in files:
        file.close()


def _is_free(file: IO[bytes]) -> bool:
    """Whether nobody held it; now we do. On Windows a lock that is held is a PermissionError."""
    try:
        lock_file(file)
    except (BlockingIOError, PermissionError):
        return False
    return True
