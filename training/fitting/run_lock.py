"""One process at a time works on a run's folder: two would take each other's checkpoints away."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bloodsmear.errors import TrainingError

_LOCK_FILE = ".lock"


@contextlib.contextmanager
def hold_run(run: Path) -> Iterator[None]:
    """Hold the folder `run` until the end of the block; the system lets go when the process ends, however it ends.

    Makes the folder. TrainingError where another process holds it.
    """
    run.mkdir(parents=True, exist_ok=True)
    with (run / _LOCK_FILE).open("a+b") as file:
        try:
            _lock(file)
        except OSError as error:
            raise TrainingError(
                f"Another program is working on the run in {run}. Wait until it has ended, or name another folder."
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
