"""Folds: every run is held out once, and nothing of it, nor next to it, nor like it, is fitted on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet, read_data_set
from training.data.folds import Folds, make_folds, stretches_of
from training.data.split import require_every_part

Folder = Callable[[int], Path]


def folds_of(data_set: DataSet, groups: int, duplicates: np.ndarray | None = None) -> Folds:
    each = np.arange(len(data_set.images)) if duplicates is None else duplicates
    return make_folds(data_set, each, groups)


@pytest.fixture
def data_set(labelled_folder: Folder) -> DataSet:
    return read_data_set(labelled_folder(60))


def test_every_image_is_held_out_once_and_every_fold_can_be_fitted(data_set: DataSet) -> None:
    folds = folds_of(data_set, 5)
    held_out = [place for split in folds.splits for place in split.indices(data_set, "held_out")]
    assert sorted(held_out) == list(range(240))
    for split in folds.splits:
        require_every_part(split, data_set)


def test_a_run_is_never_parted_between_what_is_held_out_and_what_is_fitted_on(data_set: DataSet) -> None:
    folds = folds_of(data_set, 5)
    for split in folds.splits:
        held_out, train = (set(folds.runs[split.indices(data_set, part)]) for part in ("held_out", "train"))
        assert held_out
        assert not held_out & train


def test_neighbours_of_what_is_held_out_are_not_fitted_on(data_set: DataSet) -> None:
    split = folds_of(data_set, 5).splits[1]
    first = [place for place in split.indices(data_set, "held_out") if place < 60]
    train = split.indices(data_set, "train")
    assert (min(first), max(first)) == (12, 23)
    assert not {8, 9, 10, 11, 24, 25, 26, 27} & set(train)
    assert 7 in train
    # Of the next group the further half chooses the epoch.
    assert [place for place in split.indices(data_set, "validation") if place < 60] == list(range(30, 36))


def test_a_near_duplicate_of_what_is_held_out_is_fitted_on_in_no_fold_that_holds_it_out(
    data_set: DataSet,
) -> None:
    duplicates = np.arange(240)
    duplicates[55] = duplicates[2]
    splits = folds_of(data_set, 5, duplicates).splits
    for split, held_out, other in ((splits[0], 2, 55), (splits[4], 55, 2)):
        assert held_out in split.indices(data_set, "held_out")
        assert other in split.indices(data_set, "left_out")


def test_cases_are_held_out_whole(tmp_path: Path, labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    for folder in root.iterdir():
        for number in range(12):
            case = folder / f"case {number // 3}"
            case.mkdir(exist_ok=True)
            (folder / f"smear ({number}).png").rename(case / f"smear ({number}).png")
    data_set = read_data_set(root)
    folds = folds_of(data_set, 4)
    case_of = [image.case for image in data_set.images]
    seen = []
    for split in folds.splits:
        held_out = {case_of[place] for place in split.indices(data_set, "held_out")}
        others = {
            case_of[place] for part in ("train", "validation") for place in split.indices(data_set, part)
        }
        assert not held_out & others
        require_every_part(split, data_set)
        seen += sorted(held_out)
    assert sorted(seen) == ["case 0", "case 1", "case 2", "case 3"]


@pytest.mark.parametrize("groups", [2, 11])
def test_too_few_or_too_many_groups_are_refused(data_set: DataSet, groups: int) -> None:
    with pytest.raises(DataSetError, match=f"in 3 to 10 groups of runs, not in {groups}"):
        folds_of(data_set, groups)


def test_stretches_of_a_part_end_where_many_images_lie_between_or_the_label_is_another() -> None:
    places = [3, 4, 5, 9, 40, 41, 60, 61]
    targets = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    assert stretches_of(places, targets).tolist() == [0, 0, 0, 0, 1, 1, 2, 2]
