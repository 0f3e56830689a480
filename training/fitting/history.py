"""The finished epochs of a run, as its folder keeps them. Nothing here needs Keras."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import HISTORY_FILE, EpochFigures
from bloodsmear.jobs.training_messages import EpochDone
from bloodsmear.json_file import read_json, write_json


def read_history(run: Path) -> list[EpochFigures]:
    """The finished epochs of a run, none where it has not begun. TrainingError where they cannot be read."""
    file = run / HISTORY_FILE
    if not file.is_file():
        return []
    try:
        history = read_json(file, list[EpochFigures])
        if not all(one.checkpoint for one in history):
            raise ValueError("an epoch names no checkpoint")
    except (OSError, ValueError) as error:
        raise TrainingError(f"{file} is damaged ({error}). Begin a new run in another folder.") from error
    return history


def write_history(run: Path, history: Sequence[EpochFigures]) -> None:
    """Replace the run's history. Raises OSError."""
    write_json(run / HISTORY_FILE, history)


def last_is_best(history: Sequence[EpochFigures]) -> bool:
    """Whether no epoch had a lower validation loss than the last."""
    return history[-1].validation_loss <= min(figures.validation_loss for figures in history)


def epoch_done(history: Sequence[EpochFigures], epochs: int, seconds_left: float | None) -> EpochDone:
    """The message that the last epoch of `history` is on the disk, of at most so many `epochs`."""
    last = history[-1]
    return EpochDone(
        epoch=last.epoch,
        epochs=epochs,
        loss=last.loss,
        accuracy=last.accuracy,
        validation_loss=last.validation_loss,
        validation_accuracy=last.validation_accuracy,
        best=last_is_best(history),
        seconds_left=seconds_left,
    )


def stopped_improving(history: Sequence[EpochFigures], patience_epochs: int) -> bool:
    """Whether the best epoch lies `patience_epochs` back."""
    if not history:
        return False
    best = min(history, key=lambda figures: figures.validation_loss)
    return history[-1].epoch - best.epoch >= patience_epochs


def read_epochs(run: Path) -> tuple[EpochFigures, ...]:
    """The finished epochs as an evaluation holds them. TrainingError where there is none, or they cannot be read."""
    history = read_history(run)
    if not history:
        raise TrainingError(
            f"{run} does not hold a run with a finished epoch. Name another folder with --run."
        )
    return tuple(structs.replace(kept, checkpoint="") for kept in history)
