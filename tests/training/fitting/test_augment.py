import dataclasses

import numpy as np
import pytest

from training.evaluation.shifts import SHIFTS
from training.fitting.augment import augment_image
from training.fitting.config import AugmentConfig

UNCHANGED = AugmentConfig(
    rotation_degrees=0,
    shift_share=0,
    zoom_factor=0,
    flips=False,
    hue_degrees=0,
    saturation_factor=0,
    brightness_factor=0,
    contrast_factor=0,
    white_balance_factor=0,
    grey_share=0,
    blur_sigma_px=0,
    noise_levels=0,
    lowest_jpeg_quality=100,
)


@pytest.fixture
def smear() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)


def test_with_every_knob_at_zero_nothing_changes(smear: np.ndarray) -> None:
    changed = augment_image(smear, UNCHANGED, np.random.default_rng(1))
    assert np.abs(changed.astype(int) - smear).max() <= 1


def test_the_same_seed_changes_an_image_in_the_same_way(smear: np.ndarray) -> None:
    first, same, other = (
        augment_image(smear, AugmentConfig(), np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_grey_share_of_one_takes_all_colour_away(smear: np.ndarray) -> None:
    grey = augment_image(smear, dataclasses.replace(UNCHANGED, grey_share=1.0), np.random.default_rng(1))
    assert np.abs(grey.astype(int) - grey[:, :, :1]).max() <= 1


@pytest.mark.parametrize("name", SHIFTS)
def test_every_shift_keeps_size_and_type_and_changes_something(name: str, smear: np.ndarray) -> None:
    shifted = SHIFTS[name](smear)
    assert shifted.shape == smear.shape
    assert shifted.dtype == np.uint8
    assert not np.array_equal(shifted, smear)
