"""The list of classifiers, read for a job's thread: OpenCV and OpenVINO come with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bloodsmear import paths
from bloodsmear.errors import BloodsmearError, CardError
from bloodsmear.jobs.training_messages import ARCHITECTURES
from bloodsmear.json_file import read_json
from desktop.gui.classifiers.state import (
    ListedClassifier,
    MeasuredFigure,
    MeasuredFigures,
    OfferedClassifier,
    Origin,
)

if TYPE_CHECKING:
    from bloodsmear.classifiers.card import Card
    from bloodsmear.classifiers.recipe import Recipe

_ARCHITECTURES = {**ARCHITECTURES, "imported": "brought from another program"}
# The training program leaves it in the folder of the training, with small pictures of images.
_PAGE = "evaluation.html"
# `<title>MeasuredFigures of U-Net 1.1+b0b3c8a3</title>` stands before the page's styles.
_TITLE_WITHIN_BYTES = 2000


class _Confusion(msgspec.Struct, frozen=True):
    """What is read of an evaluation.json beside the card's figures: an evaluation holds more."""

    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class KnownClassifiers:
    """The classifiers on this PC and those in use that are not, and the published ones that could be downloaded."""

    listed: tuple[ListedClassifier, ...]
    offers: tuple[OfferedClassifier, ...]


def read_classifiers(in_use: Sequence[str]) -> KnownClassifiers:
    """Every classifier on this PC, those that ship first. ClassifierError where the folders cannot be read."""
    from bloodsmear.adding.published import PUBLISHED, terms_of
    from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS, classifier_folders

    folders = classifier_folders()
    first = [one for one in DEFAULT_CLASSIFIERS if one in folders]
    ids = [*first, *(one for one in folders if one not in first)]
    listed = [_listed(folders[one]) for one in ids]
    gone = [one for one in in_use if one not in folders]
    reason = "It is not on this PC any more. Untick it, or add it again."
    listed += [ListedClassifier(one, one, "missing", refused=reason) for one in gone]
    offers = (
        OfferedClassifier(network.id, network.name, terms_of(network), network.page)
        for network in PUBLISHED
        if network.id not in folders
    )
    return KnownClassifiers(tuple(listed), tuple(offers))


def _listed(folder: Path) -> ListedClassifier:
    """What the card says; a folder whose files are not as its card says is listed as refused."""
    from bloodsmear.classifiers.card_file import read_card
    from bloodsmear.classifiers.folder import read_checked_card

    shipped = folder.parent == paths.shipped_classifiers()
    origin: Origin = "shipped" if shipped else "own"
    refused = ""
    try:
        card = read_checked_card(folder)
    except BloodsmearError as error:
        refused = str(error)
        try:
            card = read_card(folder)
        except CardError:
            return ListedClassifier(
                folder.name, folder.name, origin, size_bytes=_size_of(folder), refused=refused
            )
    return ListedClassifier(
        # The folder's name is what it is found by; a card that says another is refused.
        id=folder.name,
        name=card.name,
        origin=origin,
        version=card.version,
        architecture=_ARCHITECTURES.get(card.architecture, card.architecture),
        labels=tuple(label.name for label in card.labels),
        label_names={label.key: label.name for label in card.labels},
        recipe=_recipe_words(card.recipe),
        came_from=_origin_words(card),
        licence=card.licence,
        limits=card.limits,
        evaluation=_evaluation_of(folder, card),
        size_bytes=_size_of(folder),
        page=_page_of(folder.name, card),
        page_command=_page_command(folder),
        in_place_of_shipped=not shipped and (paths.shipped_classifiers() / folder.name).is_dir(),
        refused=refused,
        for_cells=card.answers_for == "cell",
    )


def _evaluation_of(folder: Path, card: Card) -> MeasuredFigures:
    """The card's figures, and the confusion matrix of the evaluation beside it, if there is one that can be read."""
    figures = {figure.name: MeasuredFigure(figure.value, figure.low, figure.high) for figure in card.figures}
    images = max((figure.images for figure in card.figures), default=0)
    try:
        confusion = read_json(_evaluation_file(folder), _Confusion).confusion
    except (OSError, ValueError):
        confusion = ()
    if [len(row) for row in confusion] != [len(card.labels)] * len(card.labels):
        confusion = ()
    return MeasuredFigures(images, figures, confusion)


def _evaluation_file(folder: Path) -> Path:
    from bloodsmear.classifiers.folder_files import EVALUATION_NAME

    return folder / EVALUATION_NAME


def _recipe_words(recipe: Recipe) -> str:
    sign = "−" if recipe.offset < 0 else "+"
    values = f"value × {recipe.scale:.6g} {sign} {abs(recipe.offset):.6g}"
    if recipe.offset == 0 and recipe.scale in (1, 1 / 255):
        values = "values as they are" if recipe.scale == 1 else "value / 255"
    first = "a scale bar filled with the background, " if recipe.fill_scale_bar else ""
    first += f"denoised by {recipe.denoise}, " if recipe.denoise else ""
    return (
        f"{first}{recipe.width_px} × {recipe.height_px} px by {recipe.resize}, {recipe.channels.upper()}, "
        f"{values}"
    )


def _origin_words(card: Card) -> str:
    trained_on = card.trained_on
    images = sum(count.train + count.validation for count in trained_on.counts)
    counted = f", {images:,} images" if images else ""
    return f"{trained_on.data_set}{counted} ({trained_on.date})"


def _page_of(folder_name: str, card: Card) -> Path | None:
    """The page that was made of this very model on this PC, told by its title; None where there is none.

    The folder may hold that of an older model of the same id, whose figures would be taken for this one's.
    """
    page = paths.training_runs() / folder_name / _PAGE
    try:
        with page.open("rb") as file:
            head = file.read(_TITLE_WITHIN_BYTES)
    except OSError:
        return None
    return page if card.version_mark.encode() in head else None


def _page_command(folder: Path) -> str:
    """What makes the page of a classifier where `_page_of` finds it. The quotes are for folders with spaces."""
    target = paths.training_runs() / folder.name
    return f'bloodsmear-train evaluate "{folder}" --data FOLDER --all -o "{target}"'


def _size_of(folder: Path) -> int:
    return sum(_sizes(folder.iterdir()))


def _sizes(files: Iterable[Path]) -> Iterable[int]:
    for file in files:
        try:
            yield file.stat().st_size if file.is_file() else 0
        except OSError:
            # Opening the classifier says what is wrong with it; here it only counts for nothing.
            yield 0
