import tracemalloc

import numpy as np
import pytest

from bloodsmear.images.duplicates import compare_pictures, group_duplicates
from bloodsmear.jobs import report_nowhere


def noise(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 24, 24, 3), np.uint8)


def own_fingerprints(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint64)


def test_near_duplicates_share_a_group_also_through_a_third_picture() -> None:
    pictures = noise(6)
    pictures[3] = np.clip(pictures[0].astype(int) + 9, 0, 255)
    fingerprints = np.array([1, 2, 3, 4, 5, 4], np.uint64)
    groups = group_duplicates(pictures, fingerprints)
    assert groups[0] == groups[3] == groups[5]
    assert len(set(groups.tolist())) == 4


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_or_mirrored_picture_is_a_near_duplicate(quarters: int, mirrored: bool) -> None:
    pictures = noise(5)
    turned = np.rot90(pictures[1], quarters)
    pictures[4] = turned[:, ::-1] if mirrored else turned
    groups = group_duplicates(pictures, own_fingerprints(5))
    assert groups[1] == groups[4]
    assert len(set(groups.tolist())) == 4


def test_pictures_far_apart_in_a_long_list_are_compared() -> None:
    pictures = noise(1200)
    pictures[1150] = np.rot90(pictures[3])
    groups = group_duplicates(pictures, own_fingerprints(1200))
    assert groups[3] == groups[1150]
    assert len(set(groups.tolist())) == 1199


def test_comparing_many_pictures_never_makes_a_table_of_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bloodsmear.images.duplicates._ROWS_AT_ONCE", 64)
    pictures = np.random.default_rng(0).integers(0, 256, (2000, 4, 4, 3), np.uint8)
    tracemalloc.start()
    group_duplicates(pictures, own_fingerprints(2000))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2000 * 2000  # one byte a pair


def test_the_same_picture_under_two_labels_is_found_with_its_most_alike_partner() -> None:
    pictures = noise(6)
    pictures[4] = np.clip(np.rot90(pictures[0]).astype(int) + noise(1, 7)[0] // 8, 0, 255)
    pictures[5] = pictures[0, ::-1]
    likeness = compare_pictures(pictures, own_fingerprints(6), np.array([0, 0, 1, 1, 1, 1]))
    assert likeness.doubly_labelled == ((0, 5),)
    assert likeness.groups[0] == likeness.groups[4] == likeness.groups[5]


def test_the_same_picture_twice_under_one_label_has_one_label() -> None:
    pictures = noise(3)
    pictures[2] = pictures[0]
    assert compare_pictures(pictures, own_fingerprints(3), np.array([1, 0, 1])).doubly_labelled == ()


def test_two_fields_that_share_only_their_tint_are_not_the_same_picture() -> None:
    # Hardly any cells: what little is on them differs, but pink ground correlates with pink ground.
    random = np.random.default_rng(0)
    pictures = random.normal(np.array([230, 190, 215]), 2, (2, 24, 24, 3)).round().astype(np.uint8)
    assert compare_pictures(pictures, own_fingerprints(2), np.array([0, 1])).doubly_labelled == ()


def test_what_is_alike_but_not_a_copy_shares_a_group_only_where_the_limit_is_low() -> None:
    pictures = noise(3)
    # 0.92 of the first one's pattern and the rest its own: they correlate at about 0.92.
    own = pictures[1].astype(float) - 127.5
    mixed = 0.92 * (pictures[0].astype(float) - 127.5) + 0.39 * own + 127.5
    pictures[1] = np.clip(mixed, 0, 255)
    targets, report = np.zeros(3, np.int64), report_nowhere
    alike = compare_pictures(pictures, own_fingerprints(3), targets)
    apart = compare_pictures(pictures, own_fingerprints(3), targets, report, near=0.95)
    assert (len(set(alike.groups.tolist())), len(set(apart.groups.tolist()))) == (2, 3)
