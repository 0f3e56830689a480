"""A training run's folder: what it was asked to do, its split, and what is needed to go on."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear import atomic_file
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from bloodsmear.jobs import Report
from training.config import CONFIG_FILE, FitConfig
from training.data_set import DataSet, read_data_set
from training.duplicates import group_duplicates
from training.pictures import Pictures, PictureSet, load_pictures
from training.split import Part, Split, SplitSettings, make_split, read_split, write_split

SPLIT_FILE = "split.json"


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
    """The labelled folder, the run's folder, its config, and (optional) a split made before."""

    data: Path
    run: Path
    config: FitConfig
    split: Path | None = None


def prepare_run(request: RunRequest, report: Report) -> PreparedRun:
    """Read the images and split them, or take up the split of a run that has begun.

    Raises DataSetError for images that cannot be used, TrainingError when the run was begun with another config.
    """
    request.run.mkdir(parents=True, exist_ok=True)
    _keep_config(request.run, request.config)
    data_set = read_data_set(request.data)
    recipe = recipe_of(request.config)
    pictures = load_pictures(data_set.images, recipe, request.run.parent / "pictures", report)
    split_file = request.run / SPLIT_FILE
    if request.split is not None and not split_file.is_file():
        write_split(split_file, read_split(request.split))
    if not split_file.is_file():
        groups = group_duplicates(pictures.reduced, pictures.fingerprints)
        write_split(split_file, make_split(data_set, groups, SplitSettings(request.config.seed)))
    targets = np.array(data_set.targets, np.int64)
    return PreparedRun(request.run, data_set, read_split(split_file), recipe, pictures, targets)


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


def _keep_config(run: Path, config: FitConfig) -> None:
    file = run / CONFIG_FILE
    if not file.is_file():
        atomic_file.write(file, msgspec.json.format(msgspec.json.encode(config), indent=1))
    elif read_run_config(run) != config:
        raise TrainingError(
            f"The run in {run} was begun with other settings. Go on with those, or name a new folder."
        )
