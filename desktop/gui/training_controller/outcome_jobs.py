"""Work of the training page on classifiers' folders, for a job's thread: OpenCV and OpenVINO come with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bloodsmear.errors import BloodsmearError
from desktop.gui.training_state import FigureColumn, Outcome, StartingPoint

if TYPE_CHECKING:
    from bloodsmear.classifiers.card import Card

ARCHITECTURES = {"unet": "U-Net", "vgg16": "VGG16"}


@dataclass(frozen=True, slots=True)
class KnownClassifiers:
    """What can be started from, from scratch first, and every id that is taken."""

    starts: tuple[StartingPoint, ...]
    ids: frozenset[str]


def read_known_classifiers() -> KnownClassifiers:
    """The architectures, then each classifier of this PC that has one of them and a card that can be read."""
    from bloodsmear.classifiers.card_file import MODEL_NAME, read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    starts = [StartingPoint(key, f"{name}, from scratch", key) for key, name in ARCHITECTURES.items()]
    folders = classifier_folders()
    for classifier_id, folder in folders.items():
        try:
            card = read_card(folder)
        except BloodsmearError:
            # Opening it elsewhere says what is wrong with it; here it is no choice.
            continue
        if card.architecture in ARCHITECTURES:
            name = f"{card.name} {card.version}, go on from it"
            starts.append(
                StartingPoint(f"classifier:{classifier_id}", name, card.architecture, folder / MODEL_NAME)
            )
    return KnownClassifiers(tuple(starts), frozenset(folders))


def read_outcome(folder: Path, in_use: Sequence[str], page: Path | None) -> Outcome:
    """The new classifier's figures, and beside them those of the classifiers in use. Raises CardError."""
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    new = read_card(folder)
    columns = [_column_of(new, new.name)]
    there = classifier_folders()
    for classifier_id in in_use:
        if classifier_id in there:
            try:
                card = read_card(there[classifier_id])
            except BloodsmearError:
                continue
            columns.append(_column_of(card, f"{card.name} {card.version}"))
    return Outcome(new.id, folder, tuple(columns), page)


def _column_of(card: Card, name: str) -> FigureColumn:
    figures = {figure.name: (figure.value, figure.low, figure.high) for figure in card.figures}
    images = max((figure.images for figure in card.figures), default=0)
    return FigureColumn(name, images, figures)


def install(folder: Path) -> Path:
    """Put the classifier among the user's own, checked as a stranger's would be; returns where it lies.

    Raises CardError and ClassifierError with what is wrong.
    """
    from bloodsmear.classifiers.installing import add_classifier

    return add_classifier(folder).folder
