"""One process at a time works on a run's folder: two would take each other's checkpoints away."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import TrainingError
from bloodsmear.process_lock import lock_file


@contextlib.contextmanager
def hold_run(run: Path) -> Iterator[None]:
    """Hold the folder `run` until the end of the block; the system lets go when the process ends, however it ends.

    The lock lies in the user's cache, so that a fit that is refused leaves no folder. TrainingError where another
    process of this user holds the run.
    """
    locks = paths.cache() / "training" / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(os.fsencode(run.resolve())).hexdigest()[:16]
    with (locks / name).open("a+b") as file:
        try:
            lock_file(file)
        except OSError as error:
            raise TrainingError(
                f"Another program is working on the run in {run}. Wait until it has ended, or begin a "
                "new run in another folder."
            ) from error
        yield
