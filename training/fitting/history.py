"""The finished epochs of a run, as its folder keeps them. Nothing here needs Keras."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import HISTORY_FILE
from bloodsmear.json_file import read_json, write_json

# A run's folder may come from anywhere. What an older checkpoint is called is deleted: a bare name, and no other.
_Checkpoint = Annotated[str, msgspec.Meta(pattern=r"\Aepoch_[0-9]{3,6}\.keras\Z")]
_Loss = Annotated[float, msgspec.Meta(ge=0.0, le=1e9)]
_Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class EpochFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One epoch: cross-entropy (nats) and accuracy (0 to 1) on both parts; the training ones while augmented."""

    epoch: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    loss: _Loss
    accuracy: _Share
    validation_loss: _Loss
    validation_accuracy: _Share
    checkpoint: _Checkpoint


def read_history(run: Path) -> list[EpochFigures]:
    """The finished epochs of a run, none where it has not begun. TrainingError where they cannot be read."""
    file = run / HISTORY_FILE
    if not file.is_file():
        return []
    try:
        return read_json(file, list[EpochFigures])
    except (OSError, ValueError) as error:
        raise TrainingError(f"{file} is damaged ({error}). Begin a new run in another folder.") from error


def write_history(run: Path, history: Sequence[EpochFigures]) -> None:
    """Replace the run's history. Raises OSError."""
    write_json(run / HISTORY_FILE, history)


def last_is_best(history: Sequence[EpochFigures]) -> bool:
    """Whether no epoch had a lower validation loss than the last."""
    return history[-1].validation_loss <= min(figures.validation_loss for figures in history)


def stopped_improving(history: Sequence[EpochFigures], patience_epochs: int) -> bool:
    """Whether the best epoch lies `patience_epochs` back."""
    if not history:
        return False
    best = min(history, key=lambda figures: figures.validation_loss)
    return history[-1].epoch - best.epoch >= patience_epochs
