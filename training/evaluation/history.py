"""The epochs of a run, for the page."""

from pathlib import Path

from bloodsmear.errors import TrainingError
from training.evaluation.evaluation import Epoch
from training.fitting.history import read_history


def read_epochs(run: Path) -> tuple[Epoch, ...]:
    """The finished epochs of the run. TrainingError where it has none, or they cannot be read."""
    history = read_history(run)
    if not history:
        raise TrainingError(f"{run} holds no run that has finished an epoch. Name another folder with --run.")
    return tuple(
        Epoch(
            epoch=kept.epoch,
            loss=kept.loss,
            accuracy=kept.accuracy,
            validation_loss=kept.validation_loss,
            validation_accuracy=kept.validation_accuracy,
        )
        for kept in history
    )
