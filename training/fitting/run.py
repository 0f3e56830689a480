"""A training run's folder: what it was asked to do, its split, and what is needed to go on."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear import atomic_file, paths
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Report
from bloodsmear.jobs.training_files import CONFIG_FILE, SPLIT_FILE
from training.data.data_set import DataSet, read_data_set
from training.data.duplicates import compare_pictures
from training.data.findings import refuse_two_labels
from training.data.folder_labels import (
    AS_SPELLED,
    FolderLabels,
    read_folder_labels,
    write_folder_labels,
)
from training.data.pictures import Pictures, PictureSet, load_pictures
from training.data.split import (
    Part,
    Split,
    SplitSettings,
    make_split,
    read_split,
    require_every_part,
    require_no_leak,
    write_split,
)
from training.fitting.config import FitConfig, Precision
from training.fitting.history import read_history

FOLDER_LABELS_FILE = "folder_labels.json"


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A data set decoded and split for one run. `targets` int64 N."""

    run: Path
    data_set: DataSet
    split: Split
    recipe: Recipe
    pictures: PictureSet
    targets: npt.NDArray[np.int64]

    def part(self, part: Part) -> tuple[Pictures, npt.NDArray[np.int64]]:
        """The pictures (uint8 n×H×W×3) and targets (int64 n) of one part."""
        places = self.split.indices(self.data_set, part)
        return self.pictures.pixels[places], self.targets[places]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The labelled folder, the run's folder, its config, and (optional) a split made before.

    `labels` is what the user says of folder names; a run that has begun remembers it.
    """

    data: Path
    run: Path
    config: FitConfig
    split: Path | None = None
    labels: FolderLabels = AS_SPELLED


def prepare_run(request: RunRequest, report: Report) -> PreparedRun:
    """Read the images and split them, or take up the split of a run that has begun.

    Raises DataSetError for images that cannot be used, TrainingError when the run was begun with another config.
    """
    _refuse_other_config(request.run, request.config)
    labels = _labels_of(request)
    data_set = read_data_set(request.data, labels)
    recipe = recipe_of(request.config)
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report)
    split = _split_of(request, data_set, pictures, report)
    # Written once all of it is known to be right: a slip can be corrected with the same command.
    request.run.mkdir(parents=True, exist_ok=True)
    atomic_file.write(
        request.run / CONFIG_FILE, msgspec.json.format(msgspec.json.encode(request.config), indent=1)
    )
    write_folder_labels(request.run / FOLDER_LABELS_FILE, labels)
    write_split(request.run / SPLIT_FILE, split)
    targets = np.array(data_set.targets, np.int64)
    return PreparedRun(request.run, data_set, split, recipe, pictures, targets)


def _labels_of(request: RunRequest) -> FolderLabels:
    """What the user says of the folders' names now, or said when the run was begun."""
    kept = request.run / FOLDER_LABELS_FILE
    if not kept.is_file():
        return request.labels
    labels = read_folder_labels(kept)
    if request.labels not in (AS_SPELLED, labels):
        raise TrainingError(
            f"The run in {request.run} was begun with other words for its folders (--label). Leave them away to go on, "
            "or name a new folder for the run."
        )
    return labels


def _split_of(request: RunRequest, data_set: DataSet, pictures: PictureSet, report: Report) -> Split:
    """The run's own split where it has begun, else the one that was named, else a new one; checked."""
    kept, named = request.run / SPLIT_FILE, request.split
    if kept.is_file():
        split = read_split(kept)
        if named is not None and read_split(named) != split:
            raise TrainingError(
                f"The run in {request.run} was begun with another split than {named}. Name a new folder for the run."
            )
    else:
        targets = np.array(data_set.targets, np.int64)
        likeness = compare_pictures(pictures.reduced, pictures.fingerprints, targets, report)
        refuse_two_labels(data_set, likeness)
        if named is not None:
            split = read_split(named)
            require_no_leak(split, data_set, likeness.groups)
        else:
            split = make_split(data_set, likeness.groups, SplitSettings(request.config.seed))
    require_every_part(split, data_set)
    return split


def recipe_of(config: FitConfig) -> Recipe:
    """The preprocessing of our classifiers: reduced by area, RGB, centred and scaled: (value - 220) / 40.

    A smear is mostly bright ground: 222 ± 34 grey levels over the Taleqani frames. Divided by 255 that is a constant
    0.87 with little on it, from which VGG16, having no batch norm, learned nothing in two epochs.
    """
    return Recipe(
        denoise=None,
        width_px=config.width_px,
        height_px=config.height_px,
        resize="area",
        channels="rgb",
        scale=1 / 40,
        offset=-5.5,
    )


def read_run_config(run: Path) -> FitConfig:
    """The config that a run was begun with. TrainingError where the folder holds no run."""
    file = run / CONFIG_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=FitConfig)
    except (OSError, msgspec.MsgspecError) as error:
        raise TrainingError(f"{run} holds no training run that can be read: {error}") from error


def precision_of_run(run: Path) -> Precision | None:
    """The precision in which a run with a finished epoch was begun; None where there is none such."""
    return read_run_config(run).precision if read_history(run) else None


def _refuse_other_config(run: Path, config: FitConfig) -> None:
    # Until an epoch is finished nothing is lost with other settings: a batch too large for the memory can be made
    # smaller in the same folder.
    if read_history(run) and read_run_config(run) != config:
        raise TrainingError(
            f"The run in {run} was begun with other settings. Go on with those, or name a new folder."
        )
