"""A laboratory head from labelled images: taught and measured here, written as a classifier by `taught_card.py`."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import NetworkShape, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import Graph, OpenVinoEngine
from bloodsmear.errors import DataSetError
from bloodsmear.jobs import Cancel, Report, report_nowhere
from bloodsmear.teaching.cross_validation import TaughtHead, teach_head
from bloodsmear.teaching.examples import Examples, read_examples
from bloodsmear.teaching.figures import Measured, Outcome, colour_features, measure
from bloodsmear.teaching.folds import assign_folds, group_images
from bloodsmear.teaching.labelled_folder import LabelledImages
from bloodsmear.teaching.taught_graph import TAUGHT_FEATURES, feature_graph

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Base:
    """The classifier that is taught on: its card and its graph."""

    card: Card
    graph: Graph

    @property
    def shape(self) -> NetworkShape:
        """The shape of its graph."""
        return shape_of(self.card)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught, before anything is written: nothing of it names an image.

    `groups` and `folds` are int64 N; `known` says which images the base was trained on (bool N): they are taught, and
    left out of `measured`.
    """

    base: Base
    images: LabelledImages
    examples: Examples
    groups: IntArray
    folds: IntArray
    known: npt.NDArray[np.bool_]
    taught: TaughtHead
    measured: Measured
    date: str


def open_base(folder: Path, cache: GraphCache | None = None) -> Base:
    """The classifier in `folder`, checked, to teach on. CardError, ClassifierError."""
    card = read_checked_card(folder)
    return Base(card, (cache or user_graph_cache()).graph_of(folder, card))


def teach(
    images: LabelledImages, base: Base, report: Report = report_nowhere, cancel: Cancel | None = None
) -> Lesson:
    """Teach the labels of these images, and measure the head on cases that it has not seen.

    DataSetError for images that cannot be taught from, ClassifierError for a base that cannot be taught on,
    JobCancelled.
    """
    cancel = cancel or Cancel()
    shape = base.shape
    seen = NetworkShape(shape.height_px, shape.width_px, shape.label_count, TAUGHT_FEATURES)
    engine = OpenVinoEngine(feature_graph(base.graph, shape), seen)
    examples = read_examples(images, engine, base.card, report, cancel)
    groups = group_images(images.cases, images.targets, examples.duplicates)
    folds = assign_folds(groups, images.targets, [label.name for label in images.labels])
    taught = teach_head(examples.features, images.targets, folds, len(images.labels))
    known = _known_to(base.card, examples)
    if known.all():
        raise DataSetError(
            f"{base.card.id} was trained on all images in {images.origin}, so figures on them would prove nothing. "
            "Teach from images that it has not seen."
        )
    measured = measure(_outcome(base, images, examples, (groups, folds, known), taught), images.labels)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Lesson(base, images, examples, groups, folds, known, taught, measured, today)


def _known_to(base: Card, examples: Examples) -> npt.NDArray[np.bool_]:
    """Which images, or near duplicates of which, the base was trained on: bool N."""
    trained_on = set(base.trained_on.fingerprints)
    named = np.array([text in trained_on for text in examples.fingerprints])
    return np.isin(examples.duplicates, examples.duplicates[named])


def _outcome(
    base: Base,
    images: LabelledImages,
    examples: Examples,
    parts: tuple[IntArray, IntArray, npt.NDArray[np.bool_]],
    taught: TaughtHead,
) -> Outcome:
    groups, folds, known = parts
    colour = teach_head(colour_features(examples.colours), images.targets, folds, len(images.labels))
    own = _places_in(images, base.card.label_keys)
    said = None if own is None else own[examples.base_probabilities.argmax(axis=1)]
    return Outcome(
        images.targets[~known],
        groups[~known],
        taught.probabilities.argmax(axis=1)[~known],
        colour.probabilities.argmax(axis=1)[~known],
        None if said is None else said[~known],
    )


def _places_in(images: LabelledImages, base_keys: Sequence[str]) -> IntArray | None:
    """For each of the base's outputs the place of its label among these; None where the labels are not the same."""
    keys = [label.key for label in images.labels]
    if set(keys) != set(base_keys):
        return None
    return np.array([keys.index(key) for key in base_keys], np.int64)
