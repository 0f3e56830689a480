"""A fit that starts from a classifier holds out nothing that the classifier has seen."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet, LabelledImage
from training.data.pictures import PictureSet
from training.data.split import Part, Split
from training.fitting.earlier_classifier import refuse_seen_images
from training.fitting.run import PreparedRun

PARTS: tuple[Part, ...] = ("train", "validation", "held_out")
MARKS = np.array([1, 2, 3], np.uint64)


@pytest.fixture
def card() -> Card:
    return read_card(paths.shipped_classifiers() / "vgg16")


@pytest.fixture
def prepared(tmp_path: Path, card: Card) -> PreparedRun:
    """Three images with the fingerprints 1, 2 and 3; the third is held out."""
    names = [f"Benign/{number}.png" for number in range(3)]
    images = tuple(LabelledImage(tmp_path / name, "benign", place) for place, name in enumerate(names))
    split = Split(1, "by hand", dict(zip(names, PARTS, strict=True)))
    nothing = np.zeros((3, 8, 8, 3), np.uint8)
    return PreparedRun(
        tmp_path / "run",
        DataSet(tmp_path, images),
        split,
        card.recipe,
        PictureSet(nothing, nothing, MARKS),
        np.zeros(3, np.int64),
    )


@pytest.fixture
def classifier_that_saw(tmp_path: Path, card: Card) -> Callable[[int], Path]:
    """The folder of a classifier whose card names one fingerprint."""

    def make(mark: int) -> Path:
        (tmp_path / "earlier").mkdir()
        seen = replace(card.trained_on, fingerprints=(f"{mark:016x}",))
        write_card(tmp_path / "earlier", replace(card, trained_on=seen))
        return tmp_path / "earlier"

    return make


def test_a_held_out_image_that_the_earlier_classifier_saw_is_refused(
    prepared: PreparedRun, classifier_that_saw: Callable[[int], Path]
) -> None:
    with pytest.raises(DataSetError, match="1 of the 1 held-out images were seen by the classifier VGG16"):
        refuse_seen_images(classifier_that_saw(3), prepared)


def test_its_model_file_is_known_by_the_card_beside_it(
    prepared: PreparedRun, classifier_that_saw: Callable[[int], Path]
) -> None:
    with pytest.raises(DataSetError, match="Start from scratch"):
        refuse_seen_images(classifier_that_saw(3) / "model.keras", prepared)


@pytest.mark.parametrize("mark", [1, 2, 9])
def test_what_it_fitted_and_chose_by_may_be_fitted_and_chosen_by_again(
    mark: int, prepared: PreparedRun, classifier_that_saw: Callable[[int], Path]
) -> None:
    refuse_seen_images(classifier_that_saw(mark), prepared)


def test_from_scratch_and_from_plain_weights_nothing_is_asked(prepared: PreparedRun, tmp_path: Path) -> None:
    refuse_seen_images(None, prepared)
    refuse_seen_images(tmp_path / "best.weights.h5", prepared)
