"""A training run's folder: what it was asked to do, its split, and what is needed to go on."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bloodsmear import paths
from bloodsmear.classifiers.label_set import OURS
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.images.duplicates import compare_pictures
from bloodsmear.jobs import Report
from bloodsmear.jobs.training_files import CONFIG_FILE, SPLIT_FILE
from bloodsmear.json_file import read_json, write_json
from bloodsmear.known_folders import remember_folders
from bloodsmear.teaching.labelled_folder import CROPS_FILE, holds_crops
from training.data.data_set import DataSet, labels_for
from training.data.findings import refuse_two_labels
from training.data.folder_labels import (
    AS_SPELLED,
    FolderLabels,
    read_folder_labels,
    write_folder_labels,
)
from training.data.given_images import keep_signed, read_given
from training.data.kept_images import (
    DecodedSet,
    choose_kept,
    find_kept,
    folder_to_keep,
    recall_kept,
    write_kept,
)
from training.data.picture_cache import load_pictures
from training.data.split import (
    Split,
    SplitSettings,
    make_split,
    read_split,
    refuse_missing_images,
    refuse_other_images,
    require_every_part,
    require_no_leak,
    with_fingerprints,
    write_split,
)
from training.fitting.config import FitConfig, Precision
from training.fitting.earlier_classifier import (
    earlier_classifier,
    refuse_other_labels,
    refuse_seen_images,
    require_known_images,
    write_earlier,
)
from training.fitting.history import read_history
from training.fitting.prepared_run import KeptPart, PreparedRun

FOLDER_LABELS_FILE = "folder_labels.json"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The labelled folder or study, the run's folder, its config, and (optional) a split made before.

    `more_studies` are fitted together with the first one. `labels` is what the user says of folder names and labels,
    `weights` what to start from, `keep` the folder of an earlier data set whose images are kept in. A run that has
    begun remembers all of them.
    """

    data: Path
    run: Path
    config: FitConfig
    split: Path | None = None
    labels: FolderLabels = AS_SPELLED
    weights: Path | None = None
    keep: Path | None = None
    more_studies: tuple[Path, ...] = ()


def prepare_run(request: RunRequest, report: Report) -> PreparedRun:
    """Read the images and split them, or take up the split of a run that has begun.

    Raises DataSetError for images that cannot be used, TrainingError when the run was begun in another way.
    """
    _refuse_other_config(request.run, request.config)
    named = (request.data, *request.more_studies, request.keep, request.weights)
    remember_folders(place.absolute() for place in named if place)
    labels, recipe = _labels_of(request), recipe_of(request.config)
    keep = folder_to_keep(request.run, request.keep)
    large_px = request.config.large_px
    wanted = labels_for(labels, request.data, keep)
    data_set = read_given(request.data, wanted, request.run, request.more_studies)
    if holds_crops(request.run):
        data_set = dataclasses.replace(data_set, of_cells=True)
    new = _decode(data_set, recipe, large_px, report)
    # The folder may get another one later: the run's network has the labels that it was begun with.
    labels = dataclasses.replace(labels, label_set=new.data_set.label_set)
    split = _split_of(request, new, report)
    earlier = earlier_classifier(request.run, request.weights)
    if not read_history(request.run):
        refuse_other_labels(earlier, new.data_set.label_keys, request.config.architecture)
    refuse_seen_images(earlier, split, new.data_set, new.pictures.fingerprints)
    prepared = PreparedRun(
        request.run,
        new.data_set,
        split,
        recipe,
        new.pictures,
        new.targets,
        earlier,
        whole_ships=request.config.whole_ships,
    )
    if keep is not None:
        old = _decode(read_given(keep, labels_for(labels, keep, request.data)), recipe, large_px, report)
        if old.data_set.of_cells != new.data_set.of_cells:
            raise DataSetError(
                f"{request.data} and {keep} do not go together: one holds crops of single cells, the other images."
            )
        prepared = dataclasses.replace(prepared, kept=_kept_part(prepared, old, report))
    # Written once all of it is known to be right: a slip can be corrected with the same command.
    request.run.mkdir(parents=True, exist_ok=True)
    write_json(request.run / CONFIG_FILE, request.config)
    write_folder_labels(request.run / FOLDER_LABELS_FILE, labels)
    if new.data_set.of_cells:
        # What the classifier will answer hangs on it, whatever becomes of the folder until the export.
        (request.run / CROPS_FILE).touch()
    if not new.data_set.is_folder:
        keep_signed(request.run, new.data_set)
    if prepared.earlier is not None:
        write_earlier(request.run, prepared.earlier)
    if prepared.kept is not None:
        write_kept(request.run, prepared.kept.record)
    # The last one: by it a run is known to have begun.
    write_split(request.run / SPLIT_FILE, split)
    return prepared


def _decode(data_set: DataSet, recipe: Recipe, large_px: int, report: Report) -> DecodedSet:
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report, large_px)
    return DecodedSet(data_set, pictures)


def _kept_part(prepared: PreparedRun, old: DecodedSet, report: Report) -> KeptPart:
    """The images that the run keeps in out of the `old` ones: those that it remembers, else chosen now."""
    record, earlier = recall_kept(prepared.run), require_known_images(prepared.earlier)
    if record is None:
        new = DecodedSet(prepared.data_set, prepared.pictures)
        held_out = prepared.split.indices(prepared.data_set, "held_out")
        record = choose_kept(old, new, held_out, earlier.fingerprints, report)
    elif not set(record.images.values()) <= set(earlier.fingerprints):
        raise TrainingError(
            f"The run in {prepared.run} keeps in images that another classifier than {earlier.name} was trained on. "
            "Begin a new run in another folder."
        )
    # The folder may have been moved.
    record = msgspec.structs.replace(record, folder=str(old.data_set.root))
    return KeptPart(record, find_kept(record, old))


def _labels_of(request: RunRequest) -> FolderLabels:
    """What the user says of the folders' names now, or said when the run was begun."""
    kept = request.run / FOLDER_LABELS_FILE
    if not kept.is_file():
        return request.labels
    labels = read_folder_labels(kept)
    said = request.labels
    if said.pairs not in ((), labels.pairs) or said.label_set not in (None, labels.label_set or OURS):
        raise TrainingError(
            f"The run in {request.run} was begun with other words for its folders or labels. Leave them out to go on, "
            "or begin a new run in another folder."
        )
    return labels


def _split_of(request: RunRequest, new: DecodedSet, report: Report) -> Split:
    """The run's own split where it has begun, else the one that was named, else a new one; checked."""
    data_set, fingerprints = new.data_set, new.pictures.fingerprints
    kept, named = request.run / SPLIT_FILE, request.split
    if kept.is_file():
        split = read_split(kept)
        if named is not None and read_split(named).parts != split.parts:
            raise TrainingError(
                f"The run in {request.run} was begun with another split than {named}. Begin a new run in another "
                "folder."
            )
        refuse_missing_images(split, data_set)
        refuse_other_images(split, data_set, fingerprints)
    else:
        likeness = compare_pictures(new.pictures.reduced, fingerprints, new.targets, report)
        refuse_two_labels(data_set, likeness)
        if named is not None:
            split = read_split(named)
            refuse_other_images(split, data_set, fingerprints)
            require_no_leak(split, data_set, likeness.groups)
        else:
            split = make_split(data_set, likeness.groups, SplitSettings(request.config.seed))
        split = with_fingerprints(split, data_set, fingerprints)
    require_every_part(split, data_set)
    return split


def recipe_of(config: FitConfig) -> Recipe:
    """The preprocessing of our classifiers: reduced by area, RGB, centred and scaled: (value - 220) / 40.

    A smear is mostly bright ground: 222 ± 34 grey levels over the Taleqani frames. Divided by 255 that is a constant
    0.87 with little on it, from which VGG16, having no batch norm, learned nothing in two epochs.
    """
    return Recipe(
        fill_scale_bar=config.fill_scale_bar,
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
        return read_json(file, FitConfig)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{run} does not hold a training run that can be read: {error}") from error


def precision_of_run(run: Path) -> Precision | None:
    """The precision in which a run with a finished epoch was begun; None if there is no such run."""
    return read_run_config(run).precision if read_history(run) else None


def _refuse_other_config(run: Path, config: FitConfig) -> None:
    # Until an epoch is finished nothing is lost with other settings: a batch too large for the memory can be made
    # smaller in the same folder.
    if read_history(run) and read_run_config(run) != config:
        raise TrainingError(
            f"The run in {run} was begun with other settings. Go on with those, or begin a new run in "
            "another folder."
        )
