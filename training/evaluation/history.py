"""The epochs of a run, for the page."""

from pathlib import Path

from msgspec import structs

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import EpochFigures
from training.fitting.history import read_history


def read_epochs(run: Path) -> tuple[EpochFigures, ...]:
    """The finished epochs of the run. TrainingError where it has none, or they cannot be read."""
    history = read_history(run)
    if not history:
        raise TrainingError(
            f"{run} does not hold a run with a finished epoch. Name another folder with --run."
        )
    return tuple(structs.replace(kept, checkpoint="") for kept in history)
