"""Work of the training page on classifiers' folders, for a job's thread: OpenCV and OpenVINO come with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from bloodsmear import paths
from bloodsmear.classifiers.card import Card, Figure
from bloodsmear.errors import BloodsmearError
from bloodsmear.json_file import read_json
from desktop.gui.training_state import FigureColumn, Outcome


class _Measured(msgspec.Struct, frozen=True):
    """What is read of an evaluation.json: an evaluation holds more."""

    figures: tuple[Figure, ...]


def read_outcome(folder: Path, beside: Mapping[str, Path], page: Path | None) -> Outcome:
    """The new classifier's figures, and beside them those of the classifiers in use. Raises CardError.

    `beside` says for the id of each of these where its figures on the same images are; where there are none, those of
    its card are taken.
    """
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.workflows.classifier_set import classifier_folders

    new = read_card(folder)
    columns = [_column_of(new.name, new.figures, same_images=True)]
    there = classifier_folders()
    for classifier_id, measured in beside.items():
        if classifier_id not in there:
            continue
        try:
            card = read_card(there[classifier_id])
        except BloodsmearError:
            continue
        figures = _figures_in(measured)
        columns.append(
            _column_of(f"{card.name} {card.version}", figures or card.figures, same_images=bool(figures))
        )
    return Outcome(new.id, folder, tuple(columns), page, _is_installed(new))


def _is_installed(new: Card) -> bool:
    from bloodsmear.classifiers.card_file import read_card

    try:
        return read_card(paths.user_classifiers() / new.id).version_mark == new.version_mark
    except BloodsmearError:
        return False


def _figures_in(measured: Path) -> tuple[Figure, ...]:
    """The figures of an evaluation's folder, none where there is none that can be read."""
    from bloodsmear.classifiers.folder_files import EVALUATION_NAME

    try:
        return read_json(measured / EVALUATION_NAME, _Measured).figures
    except (OSError, ValueError):
        return ()


def _column_of(name: str, measured: Sequence[Figure], *, same_images: bool) -> FigureColumn:
    figures = {figure.name: (figure.value, figure.low, figure.high) for figure in measured}
    images = max((figure.images for figure in measured), default=0)
    return FigureColumn(name, images, figures, same_images)


def install(folder: Path) -> Path:
    """Put the classifier among the user's own, checked as a stranger's would be; returns where it lies.

    Raises CardError and ClassifierError with what is wrong.
    """
    from bloodsmear.adding.installing import add_classifier

    return add_classifier(folder).folder
