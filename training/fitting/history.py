"""The finished epochs of a run, as its folder keeps them. Nothing here needs Keras."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from bloodsmear import atomic_file
from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import HISTORY_FILE


class EpochFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One epoch: cross-entropy (nats) and accuracy (0 to 1) on both parts; the training ones while augmented."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    checkpoint: str


def read_history(run: Path) -> list[EpochFigures]:
    """The finished epochs of a run, none where it has not begun. TrainingError where they cannot be read."""
    file = run / HISTORY_FILE
    if not file.is_file():
        return []
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[EpochFigures])
    except msgspec.MsgspecError as error:
        raise TrainingError(f"{file} is damaged ({error}). Begin a new run in another folder.") from error


def write_history(run: Path, history: Sequence[EpochFigures]) -> None:
    """Replace the run's history. Raises OSError."""
    atomic_file.write(run / HISTORY_FILE, msgspec.json.format(msgspec.json.encode(history), indent=1))


def last_is_best(history: Sequence[EpochFigures]) -> bool:
    """Whether no epoch had a lower validation loss than the last."""
    return history[-1].validation_loss <= min(figures.validation_loss for figures in history)


def stopped_improving(history: Sequence[EpochFigures], patience_epochs: int) -> bool:
    """Whether the best epoch lies `patience_epochs` back."""
    if not history:
        return False
    best = min(history, key=lambda figures: figures.validation_loss)
    return history[-1].epoch - best.epoch >= patience_epochs
