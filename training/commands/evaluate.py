"""`bloodsmear-train evaluate`: a classifier's figures on a labelled folder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.errors import DataSetError
from bloodsmear.jobs.training_messages import Finished
from training.data.data_set import DataSet, read_data_set
from training.data.duplicates import group_duplicates
from training.data.pictures import LabelledPictures, PictureSet, load_pictures
from training.data.split import SplitSettings, make_split
from training.evaluation.answers import answer_pictures
from training.evaluation.describe import describe
from training.evaluation.evaluate import EvaluationRequest, evaluate_network
from training.speaker import Speaker


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """The classifier's folder, the labelled folder, and whether all its images are measured on."""

    classifier: Path
    data: Path
    all_images: bool


def evaluate(options: EvaluateOptions, speaker: Speaker) -> None:
    """Print a classifier's figures on the held-out runs of its training folder, or on all of another folder.

    Raises DataSetError when an image to be measured on has a fingerprint that the card names as trained on.
    """
    card = read_checked_card(options.classifier)
    graph = user_graph_cache().graph_of(options.classifier, card)
    engine = OpenVinoEngine(graph, shape_of(card))
    data_set = read_data_set(options.data)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", speaker.report)
    # In the card's order, which is part of the model: reading order would score three of four labels wrongly.
    targets = np.array(data_set.targets_in(card.label_keys), np.int64)
    train, measured = _parts(data_set, pictures, card, options.all_images)
    _refuse_leakage(card, pictures.fingerprints[measured], data_set, measured)
    request = EvaluationRequest(
        predict=lambda pixels: answer_pictures(engine, pixels, card.recipe).probabilities,
        temperature=card.temperature,
        label_keys=card.label_keys,
        train=LabelledPictures(pictures.pixels[train], targets[train]),
        held_out=LabelledPictures(pictures.pixels[measured], targets[measured]),
        command="",
    )
    speaker.say(Finished(describe(evaluate_network(request))))


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
    fingerprints: npt.NDArray[np.uint64],
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
