"""The shipped cards name a seed and no image: their figures can be checked while the seed gives the same split."""

from pathlib import Path

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.images.duplicates import Likeness, compare_pictures
from bloodsmear.jobs import Cancel, report_nowhere
from training.data.data_set import DataSet, read_data_set
from training.data.inspection import Inspection, inspect_images
from training.data.split import Part, SplitSettings, make_split


@pytest.fixture(scope="module")
def compared(shared_data: Path) -> tuple[DataSet, Inspection, Likeness]:
    data_set = read_data_set(shared_data / "all224")
    seen = inspect_images(data_set.images, report_nowhere, Cancel())
    targets = np.array(data_set.targets, np.int64)
    return data_set, seen, compare_pictures(seen.reduced, seen.fingerprints, targets)


@pytest.mark.parametrize("classifier", ["vgg16", "unet"])
def test_the_seed_of_a_shipped_card_still_gives_the_split_that_it_was_measured_on(
    compared: tuple[DataSet, Inspection, Likeness], classifier: str
) -> None:
    data_set, seen, likeness = compared
    trained_on = read_checked_card(paths.shipped_classifiers() / classifier).trained_on
    split = make_split(data_set, likeness.groups, SplitSettings(trained_on.seed))

    def marks(*parts: Part) -> set[str]:
        places = [place for part in parts for place in split.indices(data_set, part)]
        return {f"{int(mark):016x}" for mark in seen.fingerprints[places]}

    assert split.description == trained_on.split
    assert marks("train", "validation") == set(trained_on.fingerprints)
    assert not marks("held_out") & set(trained_on.fingerprints)


def test_no_frame_of_the_data_set_stands_under_two_labels(
    compared: tuple[DataSet, Inspection, Likeness],
) -> None:
    assert compared[2].doubly_labelled == ()


def test_the_full_size_frames_are_found_under_their_labels_whatever_their_names(shared_data: Path) -> None:
    data_set = read_data_set(shared_data / "fullsize")
    assert np.bincount(data_set.targets).tolist() == [7, 9, 9, 10]
    assert any(image.path.name.endswith(".jpg.duplicate.duplicate.jpg") for image in data_set.images)
