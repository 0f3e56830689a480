"""A laboratory head from labelled images: taught and measured here, written as a classifier by `taught_card.py`."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import EngineClassifier
from bloodsmear.classifiers.engine import NetworkShape, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import Graph, OpenVinoEngine
from bloodsmear.errors import ClassifierError, DataSetError
from bloodsmear.jobs import Cancel, Report, report_nowhere
from bloodsmear.teaching.audit import AuditImages, AuditMeasured, measure_audit
from bloodsmear.teaching.cross_validation import TaughtHead, teach_head
from bloodsmear.teaching.examples import NOTHING_KEPT, Examples, KeptRows, RowReader, examples_of, likeness_of
from bloodsmear.teaching.figures import Measured, Outcome, colour_features, measure
from bloodsmear.teaching.folds import assign_folds, group_images
from bloodsmear.teaching.labelled_folder import FEWEST_IMAGES, LabelledImages
from bloodsmear.teaching.learning_curve import Promise, promise_of

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
class Material:
    """What there is to teach from: the images, and the audit set, None where there is none that is wholly read.

    `kept` has what was computed of images before.
    """

    images: LabelledImages
    audit: AuditImages | None = None
    kept: KeptRows = NOTHING_KEPT


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was taught, before anything is written: nothing of it names an image.

    `with_answers`: what the base answers is taught on, too. `groups` and `folds` are int64 N; `known` says which images
    the base was trained on (bool N): they are taught, and left out of `measured`. `apart` counts images that were left
    out because they look like one of the audit set. `audit` is None where no audit set was read. `promise` is what more
    decisions would bring.
    """

    base: Base
    images: LabelledImages
    examples: Examples
    with_answers: bool
    groups: IntArray
    folds: IntArray
    known: npt.NDArray[np.bool_]
    taught: TaughtHead
    measured: Measured
    audit: AuditMeasured | None
    promise: Promise
    apart: int
    date: str


def open_base(folder: Path, cache: GraphCache | None = None) -> Base:
    """The classifier in `folder`, checked, to teach on. CardError, ClassifierError."""
    card = read_checked_card(folder)
    return Base(card, (cache or user_graph_cache()).graph_of(folder, card))


def teach(
    material: Material, base: Base, report: Report = report_nowhere, cancel: Cancel | None = None
) -> Lesson:
    """Teach the labels of these images, and measure the head on cases that it has not seen.

    DataSetError for images that cannot be taught from, ClassifierError for a base that cannot be taught on,
    JobCancelled.
    """
    cancel = cancel or Cancel()
    if base.card.answers_for == "cell" and material.images.answers_for == "image":
        raise ClassifierError(
            f"The classifier {base.card.id} answers for single cells, and {material.images.origin} has whole images: "
            "teach on another classifier."
        )
    images, examples, of_audit, apart = _read(material, base, report, cancel)
    groups = group_images(images.cases, images.targets, examples.duplicates)
    folds = assign_folds(groups, images.targets, [label.name for label in images.labels])
    known = _known_to(base.card, examples)
    # Of images that it was trained on the base is surer than of any other; and of cells it knows nothing.
    labels_are_its_own = _places_in(images, base.card.label_keys) is not None
    with_answers = labels_are_its_own and images.answers_for == "image" and not known.any()
    columns = examples.taught_on(with_answers)
    answers = columns.shape[1] - examples.features.shape[1]
    taught = teach_head(columns, images.targets, folds, len(images.labels), answers)
    cancel.checkpoint()
    if known.all():
        raise DataSetError(
            f"{base.card.id} was trained on all images in {images.origin}, so figures on them would prove nothing. "
            "Teach from images that it has not seen."
        )
    measured = measure(_outcome(base, images, examples, (groups, folds, known), taught), images.labels)
    audited = None
    if material.audit is not None and of_audit is not None:
        answers = taught.head.logits(of_audit.taught_on(with_answers)).argmax(axis=1)
        most = int(np.bincount(images.targets).argmax())
        audited = measure_audit(material.audit, answers, images.labels, most, of_audit.fingerprints)
    promise = promise_of(taught, images.targets, groups, folds)
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return Lesson(
        base,
        images,
        examples,
        with_answers,
        groups,
        folds,
        known,
        taught,
        measured,
        audited,
        promise,
        apart,
        today,
    )


def row_reader(base: Base, kept: KeptRows = NOTHING_KEPT) -> RowReader:
    """What reads the images' rows by this base."""

    def open_base() -> EngineClassifier:
        return EngineClassifier(base.card, OpenVinoEngine(base.graph, base.shape, with_deviations=True))

    return RowReader(base.card, open_base, kept)


def _read(
    material: Material, base: Base, report: Report, cancel: Cancel
) -> tuple[LabelledImages, Examples, Examples | None, int]:
    """The images that are taught with their examples, those of the audit set, and how many are kept apart by it.

    Whatever looks like an image of the audit set is not taught, wherever it lies: DataSetError where too little stays.
    """
    images, audit = material.images, material.audit
    found, sha256s = images.images, images.sha256s
    if audit is not None:
        found, sha256s = (*found, *audit.images), (*sha256s, *audit.sha256s)
    rows = row_reader(base, material.kept).read(found, sha256s, report, cancel)
    own = len(images.images)
    # To the audit set no label is compared: a copy of one of its images is left out, whatever it was called.
    targets = np.concatenate([images.targets, np.full(len(rows) - own, -1, np.int64)])
    likeness = likeness_of(rows, targets, images.answers_for, report, cancel)
    taught = ~np.isin(likeness.groups[:own], likeness.groups[own:])
    for first, other in likeness.doubly_labelled:
        if other < own and taught[first] and taught[other]:
            raise DataSetError(
                f"{images.name_of(first)} and {images.name_of(other)} show the same picture under two labels. Keep it "
                "under one of them."
            )
    places = np.flatnonzero(taught)
    counts = np.bincount(images.targets[places], minlength=len(images.labels))
    for label, count in zip(images.labels, counts.tolist(), strict=True):
        if count < FEWEST_IMAGES:
            raise DataSetError(
                f"{count} {images.noun} of {label.name} look like none of the audit set; at least {FEWEST_IMAGES} are "
                f"needed to teach it. {'Name more cells' if images.answers_for == 'cell' else 'Decide more images'}."
            )
    kept = replace(
        images,
        images=tuple(images.images[place] for place in places),
        targets=images.targets[places],
        cases=tuple(images.cases[place] for place in places),
        sha256s=tuple(images.sha256s[place] for place in places),
    )
    examples = examples_of([rows[place] for place in places], likeness.groups[:own][places])
    of_audit = examples_of(rows[own:], likeness.groups[own:]) if audit is not None else None
    return kept, examples, of_audit, own - len(places)


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
