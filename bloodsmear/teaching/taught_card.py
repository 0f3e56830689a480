"""A lesson becomes a classifier's folder: card, graph and golden test, without model.keras and without TensorFlow."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from bloodsmear import RESEARCH_USE, __version__, paths
from bloodsmear.adding.archive import pack_classifier
from bloodsmear.adding.installing import put_in_place
from bloodsmear.classifiers.card import (
    CARD_VERSION,
    BaseClassifier,
    Card,
    CardFile,
    CrossValidation,
    Figure,
    LabelCount,
    RunFigures,
    Spread,
    TrainedOn,
    UnlikeTraining,
)
from bloodsmear.classifiers.card_file import write_card
from bloodsmear.classifiers.card_ranges import LONGEST_NAME
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.feature_distance import FloatArray, distances_left_out, fit_spread, with_threshold
from bloodsmear.classifiers.folder import verify_classifier
from bloodsmear.classifiers.folder_files import CLASSIFIER_FILES
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.limits_of_confidence import limits_of_confidence
from bloodsmear.classifiers.openvino_engine import GRAPH_BIN, GRAPH_XML, OpenVinoEngine
from bloodsmear.classifiers.scratch import scratch_folder
from bloodsmear.count_words import count_words
from bloodsmear.errors import ClassifierError, UsageError
from bloodsmear.file_names import is_device
from bloodsmear.teaching.audit import NO_AUDIT, TAUGHT
from bloodsmear.teaching.figures import as_figures
from bloodsmear.teaching.folds import IntArray
from bloodsmear.teaching.labelled_folder import ANSWERS_CELLS, LabelledImages
from bloodsmear.teaching.taught_graph import TAUGHT_FEATURES, taught_graph
from bloodsmear.teaching.teach import Lesson

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_COMPONENTS = 16
# More images say no more on how they spread, and take seconds.
_MOST_FOR_SPREAD = 400
_ACCEPTED_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class TaughtTarget:
    """What to write: a folder, or one file where `path` ends in .zip; the classifier's id, and its name for people."""

    path: Path
    id: str
    name: str

    def check(self) -> None:
        """UsageError for what would fail at the end, said before minutes are spent."""
        if not _ID.fullmatch(self.id) or is_device(self.id):
            raise UsageError(f"The id {self.id!r} must be small letters, digits, _ and -, such as our-lab.")
        if not self.name.strip() or len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise UsageError(
                f"The name of a classifier must be one line of 1 to {LONGEST_NAME} letters, not {self.name[:60]!r}."
            )
        if self._is_zip and self.path.is_dir():
            raise UsageError(f"{self.path} is a folder. Name the .zip that is to be written.")
        if not self.path.exists():
            return
        if self._is_zip:
            if not _is_packed_classifier(self.path):
                raise UsageError(f"{self.path} is there already and is not a classifier. Name a new .zip.")
            return
        if not self.path.is_dir():
            raise UsageError(
                f"{self.path} is a file. Name the folder that the classifier goes into, or a .zip."
            )
        others = {entry.name for entry in self.path.iterdir()} - set(CLASSIFIER_FILES)
        if others:
            # The folder is replaced whole, and nobody wants to lose pictures by it.
            raise UsageError(
                f"{self.path} holds {min(others)!r}, which is not a file of a classifier. Name a new folder for it."
            )

    def put(self, folder: Path, scratch: Path) -> None:
        """Put the finished folder there. Raises OSError."""
        if self._is_zip:
            pack_classifier(folder, self.path)
        else:
            put_in_place(folder, self.path, scratch)

    @property
    def _is_zip(self) -> bool:
        return self.path.suffix.lower() == ".zip"


def write_taught(lesson: Lesson, target: TaughtTarget) -> Card:
    """Write the classifier, whole or not at all, once it passes its own verification; returns its card.

    UsageError as `check`, CardError for a name that a card cannot have, ClassifierError where it does not verify or
    cannot be written.
    """
    target.check()
    graph = taught_graph(
        lesson.base.graph, lesson.base.shape, lesson.taught.head, lesson.base.card.temperature
    )
    content = {GRAPH_XML: graph.xml, GRAPH_BIN: graph.weights}
    files = tuple(
        CardFile(name=file, sha256=hashlib.sha256(said).hexdigest(), bytes=len(said))
        for file, said in content.items()
    )
    card = replace(_card_of(lesson, target), files=files)
    engine = OpenVinoEngine(graph, shape_of(card), streams=1)
    images = [case.image for case in lesson.base.card.golden]
    card = replace(card, golden=make_golden(engine, card.recipe, paths.demo_images(), images))
    if told := golden_disagreement(card, lesson.base.card):
        card = replace(card, limits=(*card.limits, told))
    try:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        with scratch_folder(target.path.parent, ".exporting-") as scratch:
            folder = scratch / target.id
            folder.mkdir()
            for file, said in content.items():
                (folder / file).write_bytes(said)
            write_card(folder, card)
            verify_classifier(folder)
            target.put(folder, scratch)
    except OSError as error:
        raise ClassifierError(
            f"The classifier cannot be written to {target.path} ({error.strerror}); make room or give permission."
        ) from error
    return card


def golden_disagreement(card: Card, base: Card) -> str:
    """That a taught classifier calls some of the shipped golden images otherwise than its base does, as a sentence.

    Empty where it calls none otherwise, where their labels are not the same, and of cells, which these images are not.
    """
    if set(card.label_keys) != set(base.label_keys) or card.answers_for == "cell":
        return ""
    of_base = {case.image: base.label_keys[int(np.argmax(case.probabilities))] for case in base.golden}
    others = sum(
        card.label_keys[int(np.argmax(case.probabilities))] != of_base.get(case.image) for case in card.golden
    )
    if not others:
        return ""
    return (
        f"On {others} of the {len(card.golden)} drawn test images that ship with Bloodsmear it gives another label "
        f"than {base.id}, on which it was taught. Its images or their labels may be unlike those of {base.id}."
    )


def _is_packed_classifier(archive: Path) -> bool:
    try:
        with zipfile.ZipFile(archive) as packed:
            return set(packed.namelist()) <= set(CLASSIFIER_FILES)
    except (zipfile.BadZipFile, OSError):
        return False


def _card_of(lesson: Lesson, target: TaughtTarget) -> Card:
    base, taught, images = lesson.base.card, lesson.taught, lesson.images
    command = f"bloodsmear teach {lesson.images.command} -o CLASSIFIER --id {target.id} --base {base.id}"
    fingerprints = {*lesson.examples.fingerprints, *base.trained_on.fingerprints}
    return Card(
        card_version=CARD_VERSION,
        id=target.id,
        name=target.name,
        version=lesson.date,
        architecture=TAUGHT,
        labels=images.labels,
        recipe=base.recipe,
        files=(),
        trained_on=TrainedOn(
            data_set=f"{len(images.images)} {images.noun} by {images.in_card}, on "
            f"{'features and answers' if lesson.with_answers else 'features'} of {base.name} {base.version_mark}, "
            f"which was trained on: {base.trained_on.data_set}",
            counts=tuple(
                LabelCount(label=label.key, train=int(count), validation=0, held_out=0)
                for label, count in zip(
                    images.labels, np.bincount(images.targets, minlength=len(images.labels)), strict=True
                )
            ),
            split=f"none: the head is fitted on all {images.noun}, and cross-validated",
            seed=0,
            backend=f"bloodsmear {__version__}, multinomial logistic regression, ridge {taught.strength:g}",
            date=lesson.date,
            fingerprints=tuple(sorted(fingerprints)),
        ),
        figures=(*as_figures(lesson.measured.shares, command), *_audit_figures(lesson, command)),
        temperature=round(min(max(taught.temperature, 0.05), 20.0), 4),
        sure_from=limits_of_confidence(taught.probabilities[~lesson.known], images.targets[~lesson.known]),
        unlike_training=UnlikeTraining(
            layer=TAUGHT_FEATURES,
            features=_spread(lesson.examples.features.astype(np.float64), lesson.folds),
            appearance=_spread(lesson.examples.appearances, lesson.folds),
        ),
        golden=(),
        fast=None,
        cross_validation=CrossValidation(
            settings=f"the same head, fitted without a fold of whole {_unit(lesson)}",
            groups=int(lesson.folds.max()) + 1,
            figures=(),
            runs=_runs(lesson),
            date=lesson.date,
        ),
        base=BaseClassifier(id=base.id, version_mark=base.version_mark, sha256=base.model_sha256),
        answers_for=images.answers_for,
        licence=f"{'the network' if lesson.with_answers else 'the network up to its features'} as {base.id}: "
        f"{base.licence}",
        citation=base.citation,
        limits=_limits(lesson),
    )


def _audit_figures(lesson: Lesson, command: str) -> tuple[Figure, ...]:
    return () if lesson.audit is None else as_figures(lesson.audit.shares, command)


def _unit(lesson: Lesson) -> str:
    return lesson.images.unit if any(lesson.images.cases) else "runs of image names"


def _limits(lesson: Lesson) -> tuple[str, ...]:
    known, images = int(lesson.known.sum()), lesson.images
    return (
        RESEARCH_USE,
        *((ANSWERS_CELLS,) if images.answers_for == "cell" else ()),
        *_audit_limits(lesson),
        f"Its labels are those by which readers sorted or decided the {images.noun}; nobody else vouches for them.",
        f"Its figures are cross-validated over {int(lesson.groups.max()) + 1} {_unit(lesson)} of the {images.noun} "
        "that it was taught on: they say nothing on images of another laboratory, stain or microscope.",
        *_unknown_cases(images),
        *(
            (
                f"{count_words(known, 'image')} that the base classifier was trained on "
                f"{'is' if known == 1 else 'are'} left out of the figures.",
            )
            if known
            else ()
        ),
    )


def _unknown_cases(images: LabelledImages) -> tuple[str, ...]:
    if images.case_is_image:
        return (
            "The cases of the cells were not known. Cells of the same patient were taught: the figures are too good.",
        )
    if any(images.cases):
        return ()
    return (
        "The cases of the images were not known. Where one patient's images are far apart by name, the figures are too "
        "good.",
    )


def _audit_limits(lesson: Lesson) -> tuple[str, ...]:
    audit = lesson.audit
    if audit is None:
        return (NO_AUDIT.sentence,)
    of = "cells of images" if lesson.images.answers_for == "cell" else "images"
    heads = count_words(audit.looks, "head was", "heads were")
    before = f" {heads} measured on it before, which makes the best look better than it is."
    return (
        audit.offer.sentence,
        f"The audit set: {audit.drawn} {of} drawn at random before teaching and read with no answer in sight; "
        f"{audit.measured} of them got a label.{before if audit.looks else ''}",
    )


def _runs(lesson: Lesson) -> tuple[RunFigures, ...]:
    """Of each label and held-out group how many images it has and how many were answered rightly."""
    targets, right = (
        lesson.images.targets,
        lesson.taught.probabilities.argmax(axis=1) == lesson.images.targets,
    )
    runs = []
    for place, label in enumerate(lesson.images.labels):
        for group in np.unique(lesson.groups[(targets == place) & ~lesson.known]):
            of_run = (targets == place) & (lesson.groups == group) & ~lesson.known
            runs.append(RunFigures(label=label.key, images=int(of_run.sum()), right=int(right[of_run].sum())))
    return tuple(runs)


def _spread(rows: FloatArray, folds: IntArray) -> Spread:
    """How the images spread, and how far those of a fold lie from the others': 99 % of them count as ordinary."""
    some = np.linspace(0, len(rows) - 1, min(len(rows), _MOST_FOR_SPREAD)).astype(np.int64)
    rows, folds = rows[some], folds[some]
    return with_threshold(
        fit_spread(rows, _COMPONENTS), distances_left_out(rows, folds, _COMPONENTS), _ACCEPTED_SHARE
    )
