"""Which images a classifier is measured on, and that it has never seen them."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import DataSetError, UsageError
from bloodsmear.images.decode import decoding
from bloodsmear.images.duplicates import group_duplicates
from bloodsmear.images.rgb_image import RgbImage
from training.data.data_set import DataSet
from training.data.fingerprint_texts import fingerprint_texts
from training.data.pictures import PictureSet
from training.data.split import Split, SplitSettings, make_split, read_split, refuse_other_images
from training.evaluation.answers import red_first
from training.evaluation.evaluation import Subject
from training.evaluation.hidden_parts import ChangedCorners, change_corners


def split_by_card(card: Card, data_set: DataSet, pictures: PictureSet) -> Split:
    """The split of the folder that the classifier was fitted on, made anew by the card's seed."""
    groups = group_duplicates(pictures.reduced, pictures.fingerprints)
    return make_split(data_set, groups, SplitSettings(card.trained_on.seed))


def split_of_fit(card: Card, data_set: DataSet, pictures: PictureSet, named: Path | None) -> Split:
    """The split in the file `named`, else the card's. Raises DataSetError where other images lie in the folder."""
    split = read_split(named) if named is not None else split_by_card(card, data_set, pictures)
    refuse_other_images(split, data_set, pictures.fingerprints)
    return split


def refuse_leakage(
    card: Card, fingerprints: npt.NDArray[np.uint64], data_set: DataSet, places: Sequence[int]
) -> None:
    """Raise DataSetError where the card names one of the images at `places` as trained on.

    `fingerprints` are those of the whole data set, uint64 N.
    """
    seen, texts = set(card.trained_on.fingerprints), fingerprint_texts(fingerprints)
    leaked = [place for place in places if texts[place] in seen]
    if leaked:
        first = data_set.images[leaked[0]].path
        raise DataSetError(
            f"{len(leaked)} images were seen in training, {first} first; figures on them prove nothing. Evaluate on "
            f"images that the classifier has never seen{_or_its_split(card)}."
        )


def _or_its_split(card: Card) -> str:
    """Of a fit that held nothing out from what ships no split helps."""
    held_out = any(count.held_out for count in card.trained_on.counts)
    return ", or name the split of its fit (--split or --run)" if held_out else ""


def require_known_training(card: Card) -> None:
    """Raise UsageError where the card doesn't say what was trained on: no part of a folder is held out then."""
    if not card.trained_on.fingerprints:
        raise UsageError(
            f"The card of {card.id} doesn't say which images it was trained on, so no part of a folder is known to be "
            "held out from it. Measure it with --all on images that it has certainly never seen."
        )


def with_changed_corners(data_set: DataSet, places: Sequence[int], recipe: Recipe) -> ChangedCorners:
    """The images at `places` at the recipe's input size, red first, with their corners changed in the files' own size.

    Another label's corner has another scale bar, which a recipe may find and fill, so it comes before the recipe.
    """

    def read(place: int) -> RgbImage:
        image = data_set.images[places[place]]
        with decoding(image.path, asked=image.asked) as decoded:
            return decoded.pixels

    targets = np.array(data_set.targets, np.int64)[list(places)]
    return change_corners(read, targets, lambda image: red_first(fit_to_input(image, recipe), recipe))


def subject_of(card: Card, *, train_images: int, split: Split | None) -> Subject:
    """What the evaluation says of the classifier, dated today; without a split all images were measured on."""
    return Subject(
        classifier=card.id,
        name=card.name,
        version=card.version_mark,
        architecture=card.architecture,
        width_px=card.recipe.width_px,
        height_px=card.recipe.height_px,
        data_set=card.trained_on.data_set,
        measured_on="all" if split is None else "held_out",
        split="" if split is None else split.description,
        train_images=train_images,
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )


def together(subjects: Sequence[Subject]) -> Subject:
    """What the evaluation of a consensus says of its classifiers; sizes stand with the architectures, so they are 0."""
    return replace(
        subjects[0],
        classifier="+".join(one.classifier for one in subjects),
        name=f"the consensus of {' and '.join(one.name for one in subjects)}",
        version=", ".join(one.version for one in subjects),
        architecture=", ".join(f"{one.architecture} {one.width_px} × {one.height_px} px" for one in subjects),
        width_px=0,
        height_px=0,
        data_set="; ".join(dict.fromkeys(one.data_set for one in subjects)),
        split="; ".join(dict.fromkeys(one.split for one in subjects)),
    )
