"""What the program's commands do, once Keras' backend is chosen."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs import Cancel, Progress, Report
from training.data.data_set import DataSet, read_data_set
from training.data.duplicates import group_duplicates
from training.data.pictures import LabelledPictures, PictureSet, load_pictures
from training.data.split import SplitSettings, make_split
from training.evaluation.evaluate import EvaluationRequest, describe, evaluate_network
from training.exporting.export import ExportRequest, MakersWords, answer_pictures, export_classifier
from training.fitting.config import FitConfig
from training.fitting.fit import FitRequest, fit_network
from training.fitting.run import RunRequest, prepare_run, read_run_config


@dataclass(frozen=True, slots=True)
class FitExtras:
    """A split made before, and weights to start from; None where there is none."""

    split: Path | None
    weights: Path | None


def fit(data: Path, run: Path, config: FitConfig, extras: FitExtras, report: Report) -> None:
    """Fit a network, or go on with the run that lies in `run`."""
    prepared = prepare_run(RunRequest(data, run, config, extras.split), report)
    for part in ("train", "validation", "held_out", "left_out"):
        counts = np.bincount(prepared.part(part)[1], minlength=len(prepared.data_set.label_keys))
        named = zip(prepared.data_set.label_keys, counts, strict=True)
        report(Progress(0, None, f"{part}: " + ", ".join(f"{count} {key}" for key, count in named)))
    request = FitRequest(
        run=run,
        recipe=prepared.recipe,
        train=LabelledPictures(*prepared.part("train")),
        validation=LabelledPictures(*prepared.part("validation")),
        start_weights=extras.weights,
    )
    fit_network(request, config, report, Cancel())


def export(run: Path, data: Path, target: Path, words_file: Path, report: Report) -> None:
    """Make the classifier's folder `target` from the best epoch of `run`, and print its figures."""
    try:
        words = msgspec.toml.decode(words_file.read_bytes(), type=MakersWords)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.MsgspecError) as error:
        raise TrainingError(f"Cannot use {words_file}: {error}") from error
    config = read_run_config(run)
    prepared = prepare_run(RunRequest(data, run, config), report)
    request = ExportRequest(target, words)
    report(Progress(1, 1, describe(export_classifier(prepared, config, request, report))))


def evaluate(classifier: Path, data: Path, all_images: bool, report: Report) -> None:
    """Print a classifier's figures on the held-out runs of its training folder, or on all of another folder.

    Raises DataSetError when an image to be measured on has a fingerprint that the card names as trained on.
    """
    card = read_checked_card(classifier)
    graph = user_graph_cache().graph_of(classifier, card)
    engine = OpenVinoEngine(graph, shape_of(card))
    data_set = read_data_set(data)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", report)
    # In the card's order, which is part of the model: reading order would score three of four labels wrongly.
    targets = np.array(data_set.targets_in(card.label_keys), np.int64)
    train, measured = _parts(data_set, pictures, card, all_images)
    _refuse_leakage(card, pictures.fingerprints[measured], data_set, measured)
    request = EvaluationRequest(
        predict=lambda pixels: answer_pictures(engine, pixels, card.recipe).probabilities,
        temperature=card.temperature,
        label_keys=card.label_keys,
        train=LabelledPictures(pictures.pixels[train], targets[train]),
        held_out=LabelledPictures(pictures.pixels[measured], targets[measured]),
        command="",
    )
    report(Progress(1, 1, describe(evaluate_network(request))))


def _parts(
    data_set: DataSet, pictures: PictureSet, card: Card, all_images: bool
) -> tuple[list[int], list[int]]:
    everything = list(range(len(data_set.images)))
    if all_images:
        return [], everything
    groups = group_duplicates(pictures.reduced, pictures.fingerprints)
    split = make_split(data_set, groups, SplitSettings(card.trained_on.seed))
    return split.indices(data_set, "train"), split.indices(data_set, "held_out")


def _refuse_leakage(
    card: Card,
    fingerprints: "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]",
    data_set: DataSet,
    places: list[int],
) -> None:
    seen = set(card.trained_on.fingerprints)
    leaked = [place for place, mark in zip(places, fingerprints, strict=True) if f"{int(mark):016x}" in seen]
    if leaked:
        raise DataSetError(
            f"{len(leaked)} images were seen in training, {data_set.images[leaked[0]].path} first; "
            "figures on them prove nothing. Evaluate on images that the classifier has never seen."
        )
