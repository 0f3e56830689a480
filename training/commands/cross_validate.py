"""`bloodsmear-train cross-validate`: fit on all runs but one group at a time; how figures differ from run to run."""

import contextlib
import dataclasses
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear import atomic_file, paths
from bloodsmear.classifiers.card import CrossValidation
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.classifiers.folder_files import MODEL_CARD_NAME
from bloodsmear.errors import UsageError
from bloodsmear.images.duplicates import group_duplicates
from bloodsmear.jobs import Cancel, Progress
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.jobs.training_messages import Finished, Note
from bloodsmear.json_file import read_bounded, write_json
from training.backend import BackendChoice
from training.command_output import Speaker
from training.commands.fit import FitOptions, fit
from training.data.data_set import DataSet
from training.data.folds import Folds, make_folds
from training.data.given_images import read_given
from training.data.picture_cache import load_pictures
from training.data.pictures import PictureSet
from training.data.split import Split, read_split, with_fingerprints, write_split
from training.evaluation.cross_validation import OutOfFold, cross_validation_of, describe_runs
from training.exporting.model_card import model_card
from training.fitting.config import FitConfig
from training.fitting.history import read_history
from training.fitting.run import RunRequest, read_run_config, recipe_of

OUTCOME_FILE = "cross_validation.json"
# What a card says where the folds were fitted at fewer pixels than the classifier.
_SMALLER_FIT = (
    "a smaller fit than this classifier's, so read how the figures differ between runs, not how high they are"
)
_ANSWERS_FILE = "held_out_answers.npz"
# Some millions of images.
_MOST_ANSWER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class CrossValidateOptions:
    """What every fold fits, in how many groups of runs; `request.run` is the folder that holds a folder for each fold.

    `card_of` is the folder of a classifier whose card is to hold the figures, or None.
    """

    request: RunRequest
    groups: int
    backend: BackendChoice
    card_of: Path | None = None


@dataclass(frozen=True, slots=True)
class _Decoded:
    data_set: DataSet
    pictures: PictureSet


def cross_validate(options: CrossValidateOptions, speaker: Speaker, cancel: Cancel) -> None:
    """Fit each fold, or go on with it, have it answer what it held out, and write and print the figures over runs.

    Asked to stop, it keeps the finished folds and the finished epochs of the one under way (JobCancelled). DataSetError
    where the folder cannot be held out in so many groups, TrainingError where a fold was begun in another way.
    """

    def report(progress: Progress) -> None:
        cancel.checkpoint()
        speaker.report(progress)

    request = options.request
    data_set = read_given(request.data, request.labels, more_studies=request.more_studies)
    if options.card_of is not None:
        _refuse_card_of_other_labels(options.card_of, data_set)
    cache = paths.cache() / "training"
    recipe, large_px = recipe_of(request.config), request.config.large_px
    # With the larger ones that a fit may ask for, so that its own reading finds them.
    decoded = _Decoded(data_set, load_pictures(data_set.images, recipe, cache, report, large_px))
    duplicates = group_duplicates(decoded.pictures.reduced, decoded.pictures.fingerprints)
    folds = make_folds(data_set, duplicates, options.groups)
    predicted = np.full(len(data_set.images), -1, np.int64)
    for place, split in enumerate(folds.splits):
        speaker.say(Note(f"fold {place + 1} of {len(folds.splits)}: {split.description}"))
        fold = request.run / f"fold_{place + 1}"
        named = _written(fold, with_fingerprints(split, data_set, decoded.pictures.fingerprints))
        one = dataclasses.replace(request, run=fold, split=named)
        fit(FitOptions(one, options.backend, ships=False), speaker, cancel)
        held_out = split.indices(data_set, "held_out")
        predicted[held_out] = _answers(fold, decoded, held_out, cancel).argmax(axis=1)
    validation = _counted(predicted, folds, decoded, options)
    outcome = request.run / OUTCOME_FILE
    write_json(outcome, validation)
    lines = [describe_runs(validation), f"The figures are in {outcome}."]
    if options.card_of is not None:
        _put_into_card(options.card_of, validation, request.config)
        lines.append(f"The card in {options.card_of} holds them now.")
    speaker.say(Finished("\n".join(lines), run=str(request.run)))


def _refuse_card_of_other_labels(folder: Path, data_set: DataSet) -> None:
    """Find out before hours of fitting that the card cannot be read, or is of other labels: CardError, UsageError."""
    card = read_card(folder)
    if set(card.label_keys) != set(data_set.label_keys):
        raise UsageError(
            f"{card.id} answers {', '.join(card.label_keys)}, and {data_set.root} holds "
            f"{', '.join(data_set.label_keys)}. Its card cannot hold these figures: leave --card out."
        )


def _written(fold: Path, split: Split) -> Path:
    """The fold's split as a file beside its folder, which the fit takes over and holds itself to."""
    fold.parent.mkdir(parents=True, exist_ok=True)
    file = fold.with_name(f"{fold.name}_{SPLIT_FILE}")
    if not file.is_file() or read_split(file) != split:
        write_split(file, split)
    return file


def kept_answers(file: Path, epochs: int, held_out: list[int]) -> npt.NDArray[np.float64] | None:
    """The answers that a fold's folder keeps, which may come from anywhere; None where they are to be asked again."""
    # None yet, one that was cut off, or one that would fill the memory.
    unreadable = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile)
    with contextlib.suppress(*unreadable):
        content = io.BytesIO(read_bounded(file, _MOST_ANSWER_BYTES))
        with zipfile.ZipFile(content) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_ANSWER_BYTES:
                return None
        content.seek(0)
        with np.load(content, allow_pickle=False) as kept:
            if int(kept["epochs"]) == epochs and list(kept["places"]) == held_out:
                return np.asarray(kept["probabilities"], np.float64)
    return None


def _answers(fold: Path, decoded: _Decoded, held_out: list[int], cancel: Cancel) -> npt.NDArray[np.float64]:
    """What the fold's best network answers to the images that it has not seen, float64 n×labels; kept in its folder."""
    file = fold / _ANSWERS_FILE
    history = read_history(fold)
    if (kept := kept_answers(file, len(history), held_out)) is not None:
        return kept
    # Here, because it brings Keras, which takes seconds; the fit has brought it by now.
    import keras

    from training.fitting.fit import predict_pictures
    from training.fitting.network import load_best

    config = read_run_config(fold)
    best = load_best(fold, config, len(decoded.data_set.label_keys))
    pixels = decoded.pictures.pixels[held_out]
    probabilities = predict_pictures(best, pixels, recipe_of(config), cancel.checkpoint)
    with atomic_file.open_replacing(file) as target:
        np.savez(target, epochs=len(history), places=held_out, probabilities=probabilities)
    # Ten folds in one process: each leaves its graphs behind otherwise.
    keras.utils.clear_session()
    return probabilities


def _counted(
    predicted: npt.NDArray[np.int64], folds: Folds, decoded: _Decoded, options: CrossValidateOptions
) -> CrossValidation:
    answered = predicted >= 0
    targets = np.array(decoded.data_set.targets, np.int64)
    out_of_fold = OutOfFold(
        decoded.data_set.label_set, predicted[answered], targets[answered], folds.runs[answered]
    )
    config = options.request.config
    command = (
        f"bloodsmear-train cross-validate FOLDER --run RUN --config CONFIG --size {config.width_px} "
        f"--epochs {config.epochs} --groups {options.groups}"
    )
    return cross_validation_of(out_of_fold, options.groups, _in_words(config), command)


def _in_words(config: FitConfig) -> str:
    head = f" ({config.frozen_epochs} of them the head alone)" if config.frozen_epochs else ""
    return (
        f"{config.architecture} at {config.width_px} × {config.height_px} px, {config.epochs} epochs at most{head}, "
        f"batches of {config.batch_images}"
    )


def _put_into_card(folder: Path, validation: CrossValidation, config: FitConfig) -> None:
    card = read_card(folder)
    if config.width_px < card.recipe.width_px:
        validation = replace(validation, settings=f"{validation.settings}; {_SMALLER_FIT}")
    card = replace(card, cross_validation=validation)
    write_card(folder, card)
    atomic_file.write(folder / MODEL_CARD_NAME, model_card(card).encode())
