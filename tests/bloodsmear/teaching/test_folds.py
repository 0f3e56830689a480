import numpy as np
import pytest

from bloodsmear.errors import DataSetError
from bloodsmear.teaching.folds import assign_folds, group_images

NAMES = ("A", "B")


def alone(count: int) -> np.ndarray:
    """No image has a near duplicate."""
    return np.arange(count)


def test_a_case_is_held_out_whole_also_under_two_labels() -> None:
    targets = np.array([0, 0, 0, 1, 1, 1])
    groups = group_images(("a", "b", "c", "a", "d", "e"), targets, alone(6))
    assert groups[0] == groups[3]
    assert len(set(groups.tolist())) == 5
    folds = assign_folds(groups, targets, NAMES)
    assert folds[0] == folds[3]


def test_near_duplicates_join_two_cases_also_through_a_third() -> None:
    groups = group_images(("a", "a", "b", "b", "c", "d"), np.zeros(6, int), np.array([0, 1, 1, 2, 2, 3]))
    assert len(set(groups[:5].tolist())) == 1
    assert groups[5] != groups[0]


def test_without_cases_neighbours_of_a_label_are_held_out_together() -> None:
    targets = np.repeat([0, 1], 40)
    groups = group_images(("",) * 80, targets, alone(80))
    assert np.bincount(groups).tolist() == [4] * 20
    assert all(np.ptp(np.flatnonzero(groups == group)) == 3 for group in range(20))


def test_images_beside_the_cases_of_a_label_count_as_one_case() -> None:
    groups = group_images(("", "a", "", "b"), np.zeros(4, int), alone(4))
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 3


def test_every_label_is_spread_over_the_folds() -> None:
    chance = np.random.default_rng(0)
    cases = [
        f"{label}-{case}" for label in range(2) for case in range(15) for _ in range(chance.integers(1, 9))
    ]
    targets = np.array([int(case[0]) for case in cases])
    folds = assign_folds(group_images(cases, targets, alone(len(cases))), targets, NAMES)
    for label in range(2):
        counts = np.bincount(folds[targets == label], minlength=5)
        assert counts.min() > 0.6 * counts.mean()


def test_a_label_with_two_cases_is_refused_by_name() -> None:
    targets = np.array([0, 0, 0, 1, 1])
    with pytest.raises(DataSetError, match="The images of B are of 2 cases"):
        assign_folds(group_images(("a", "b", "c", "d", "e"), targets, alone(5)), targets, NAMES)
