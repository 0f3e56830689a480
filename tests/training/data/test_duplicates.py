import numpy as np

from training.data.duplicates import group_duplicates


def test_near_duplicates_share_a_group_also_through_a_third_picture() -> None:
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (6, 24, 24, 3), np.uint8)
    pictures[3] = np.clip(pictures[0].astype(int) + 9, 0, 255)
    fingerprints = np.array([1, 2, 3, 4, 5, 4], np.uint64)
    groups = group_duplicates(pictures, fingerprints)
    assert groups[0] == groups[3] == groups[5]
    assert len(set(groups.tolist())) == 4
