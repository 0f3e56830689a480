"""A network on the disk: what a run goes on from, and its best weights."""

import contextlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from bloodsmear.classifiers.keras_side.older_files.keras_config_check import check_keras_file
from bloodsmear.errors import ClassifierError, TrainingError
from bloodsmear.jobs.training_files import BEST_WEIGHTS, WHOLE_WEIGHTS, EpochFigures
from training.fitting.history import last_is_best, write_history


def keep_epoch(
    model: keras.Model, run: Path, history: Sequence[EpochFigures], *, last_is_kept: bool = False
) -> None:
    """Put the last epoch of `history` on the disk, and take the earlier checkpoint away. Raises OSError.

    BEST_WEIGHTS are the best epoch's, or with `last_is_kept` the last one's.

    The history names the checkpoint and is replaced last: cut off anywhere, it names one that is whole.
    """
    last = history[-1]
    _replace(run / last.checkpoint, run / "saving.keras", model.save)
    if last_is_kept or last_is_best(history):
        _replace(run / BEST_WEIGHTS, run / "saving.weights.h5", model.save_weights)
    write_history(run, history)
    for older in history[:-1]:
        (run / older.checkpoint).unlink(missing_ok=True)


def keep_whole(model: keras.Model, run: Path) -> None:
    """Put the network on the disk whose head was fitted on all images. Raises OSError."""
    _replace(run / WHOLE_WEIGHTS, run / "saving.weights.h5", model.save_weights)


def load_checkpoint(run: Path, last: EpochFigures) -> keras.Model:
    """The network as it was after the epoch `last`: weights, the optimizer's state, how it was compiled.

    TrainingError where the file is damaged, missing, or not one that `keep_epoch` wrote: a run may come from anywhere.
    """
    checkpoint = run / last.checkpoint
    try:
        check_keras_file(checkpoint, checkpoint, compiled=True)
        return keras.models.load_model(checkpoint)
    except (ClassifierError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        refusal = f" ({error})" if isinstance(error, ClassifierError) else ""
        raise TrainingError(
            f"The checkpoint {checkpoint} is damaged or missing, so the run cannot go on{refusal}. Begin a new run in "
            "another folder.",
            at_terminal=f"With --weights {run / BEST_WEIGHTS} it keeps what was learned.",
        ) from error


def _replace(target: Path, temporary: Path, save: Callable[[Path], None]) -> None:
    try:
        save(temporary)
        temporary.replace(target)
    except OSError:
        # On a full disk the half of a file is in the way of everything else.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
