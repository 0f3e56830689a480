"""The difference of original and denoised."""

import numpy as np

from bloodsmear.images.difference import DIFFERENCE_GAIN, UNCHANGED, difference_picture


def test_the_difference_is_exact_signed_and_cut_off() -> None:
    random = np.random.default_rng(1)
    original = random.integers(0, 256, (40, 50, 3), np.uint8)
    denoised = random.integers(0, 256, (40, 50, 3), np.uint8)
    expected = np.clip(UNCHANGED + DIFFERENCE_GAIN * (denoised.astype(int) - original), 0, 255)
    np.testing.assert_array_equal(difference_picture(original, denoised), expected)


def test_what_is_unchanged_is_grey() -> None:
    original = np.random.default_rng(1).integers(0, 256, (4, 5, 3), np.uint8)
    assert (difference_picture(original, original) == UNCHANGED).all()
