"""A fit that starts from a classifier holds out nothing that the classifier has seen, and remembers what it saw."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.card_file import read_card, write_card
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs.training_files import EpochFigures
from bloodsmear.known_folders import remember_folders
from training.data.data_set import DataSet, LabelledImage
from training.data.split import Part, Split, write_split
from training.fitting.earlier_classifier import (
    EarlierClassifier,
    earlier_classifier,
    look_at_weights,
    refuse_other_labels,
    refuse_seen_images,
    require_known_images,
    write_earlier,
)
from training.fitting.history import write_history

PARTS: tuple[Part, ...] = ("train", "validation", "held_out")
FINGERPRINTS = np.array([1, 2, 3], np.uint64)
TEXTS = tuple(f"{number:016x}" for number in (1, 2, 3))
NAMES = tuple(f"Benign/{number}.png" for number in range(3))
SPLIT = Split(1, "by hand", dict(zip(NAMES, PARTS, strict=True)), dict(zip(NAMES, TEXTS, strict=True)))


@pytest.fixture
def data_set(tmp_path: Path) -> DataSet:
    """Three images with the fingerprints 1, 2 and 3; the third is held out."""
    images = (LabelledImage(tmp_path / name, "benign", place) for place, name in enumerate(NAMES))
    return DataSet(tmp_path, tuple(images))


@pytest.fixture
def classifier_that_saw(tmp_path: Path) -> Callable[[int], Path]:
    """The folder of a classifier whose card names one fingerprint."""
    card: Card = read_card(paths.shipped_classifiers() / "vgg16")

    def make(number: int) -> Path:
        (tmp_path / "earlier").mkdir()
        seen = replace(card.trained_on, fingerprints=(f"{number:016x}",))
        write_card(tmp_path / "earlier", replace(card, trained_on=seen))
        return tmp_path / "earlier"

    return make


def finish_an_epoch(run: Path) -> None:
    write_history(run, [EpochFigures(1, 1.0, 0.5, 1.0, 0.5, "epoch_001.keras")])


def test_a_held_out_image_that_the_earlier_classifier_saw_is_refused(
    data_set: DataSet, classifier_that_saw: Callable[[int], Path]
) -> None:
    earlier = look_at_weights(classifier_that_saw(3))
    with pytest.raises(DataSetError, match="1 of the 1 held-out images were seen by the classifier VGG16"):
        refuse_seen_images(earlier, SPLIT, data_set, FINGERPRINTS)


def test_a_classifier_of_other_labels_or_of_another_order_is_not_started_from(
    classifier_that_saw: Callable[[int], Path],
) -> None:
    earlier = look_at_weights(classifier_that_saw(3) / "model.keras")
    refuse_other_labels(earlier, ("benign", "early_pre_b", "pre_b", "pro_b"), "unet")
    for keys in (("benign", "pre_b", "early_pre_b", "pro_b"), ("hem", "all")):
        with pytest.raises(
            TrainingError, match="answers benign, early_pre_b, pre_b, pro_b, and this fit is of"
        ):
            refuse_other_labels(earlier, keys, "unet")
    refuse_other_labels(None, ("hem", "all"), "unet")
    # A VGG16 takes a VGG16's convolutions.
    refuse_other_labels(earlier, ("hem", "all"), "vgg16")
    assert earlier.has_other_labels(("hem", "all"))


def test_its_model_file_is_known_by_the_card_beside_it(
    data_set: DataSet, classifier_that_saw: Callable[[int], Path]
) -> None:
    earlier = look_at_weights(classifier_that_saw(3) / "model.keras")
    with pytest.raises(DataSetError, match="Start from scratch"):
        refuse_seen_images(earlier, SPLIT, data_set, FINGERPRINTS)


@pytest.mark.parametrize("number", [1, 2, 9])
def test_what_it_fitted_and_chose_by_may_be_fitted_and_chosen_by_again(
    number: int, data_set: DataSet, classifier_that_saw: Callable[[int], Path]
) -> None:
    refuse_seen_images(look_at_weights(classifier_that_saw(number)), SPLIT, data_set, FINGERPRINTS)


def test_from_scratch_and_from_plain_weights_nothing_is_asked(data_set: DataSet, tmp_path: Path) -> None:
    refuse_seen_images(None, SPLIT, data_set, FINGERPRINTS)
    refuse_seen_images(look_at_weights(tmp_path / "best.weights.h5"), SPLIT, data_set, FINGERPRINTS)


def test_the_weights_of_a_run_saw_what_the_run_fitted_and_chose_by_and_all_before_it(tmp_path: Path) -> None:
    write_split(tmp_path / "split.json", SPLIT)
    write_earlier(tmp_path, EarlierClassifier("first", "the classifier first", (f"{7:016x}",)))
    seen = look_at_weights(tmp_path / "best.weights.h5")
    assert seen.fingerprints == (*TEXTS[:2], f"{7:016x}")


def test_a_run_remembers_what_it_started_from_when_nothing_is_named(tmp_path: Path) -> None:
    assert earlier_classifier(tmp_path, None) is None
    first = EarlierClassifier(str(tmp_path / "first"), "the classifier first", TEXTS)
    write_earlier(tmp_path, first)
    remember_folders([tmp_path / "first"])
    assert earlier_classifier(tmp_path, None) == first


def test_other_weights_count_until_an_epoch_is_finished(tmp_path: Path) -> None:
    first = EarlierClassifier(str(tmp_path / "first"), "the classifier first", TEXTS)
    write_earlier(tmp_path, first)
    other = tmp_path / "elsewhere" / "other.weights.h5"
    assert earlier_classifier(tmp_path, other) == EarlierClassifier(str(other))
    finish_an_epoch(tmp_path)
    assert earlier_classifier(tmp_path, other) == first


def test_a_damaged_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / "earlier.json").write_text("{")
    with pytest.raises(TrainingError, match=r"earlier\.json cannot be read"):
        earlier_classifier(tmp_path, None)


def test_images_are_kept_in_only_for_a_classifier_that_names_what_it_saw(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="this fit starts from scratch"):
        require_known_images(None)
    with pytest.raises(TrainingError, match=r"other\.h5 doesn't say which images it was trained on"):
        require_known_images(look_at_weights(tmp_path / "other.h5"))
