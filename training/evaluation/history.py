"""The epochs of a run, for the page: read without Keras, which an evaluation does not need."""

from pathlib import Path

import msgspec

from bloodsmear.errors import TrainingError
from training.evaluation.evaluation import Epoch

HISTORY_FILE = "history.json"


class _Kept(msgspec.Struct, frozen=True):
    """What a run keeps of an epoch; further fields, such as its checkpoint, are its own."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


def read_epochs(run: Path) -> tuple[Epoch, ...]:
    """The finished epochs of the run. TrainingError where its folder has none that can be read."""
    file = run / HISTORY_FILE
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=list[_Kept])
    except (OSError, msgspec.MsgspecError) as error:
        raise TrainingError(
            f"{file} cannot be read ({error}). Name the folder of a run that has a finished epoch."
        ) from error
    return tuple(Epoch(**msgspec.structs.asdict(epoch)) for epoch in kept)
