"""Nuclei by colour: purple on any glass, and nothing else."""

import cv2
import numpy as np

from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.rgb_image import RgbImage

NUCLEUS, GREY_CELL, ORANGE_CELL = (110, 60, 170), (170, 180, 190), (210, 160, 140)


def smear(*discs: tuple[int, int, tuple[int, int, int]], light: float = 1.0) -> RgbImage:
    """Discs of 20 px radius at (x, y) on near white glass, 400 × 300 px, under some share of the light."""
    picture = np.full((300, 400, 3), (245, 248, 244), np.uint8)
    for x, y, colour in discs:
        cv2.circle(picture, (x, y), 20, colour, -1)
    noise = np.random.default_rng(2).normal(0, 2, picture.shape)
    return np.clip(picture * light + noise, 0, 255).astype(np.uint8)


def disc(x: int, y: int) -> RgbImage:
    return np.asarray(cv2.circle(np.zeros((300, 400), np.uint8), (x, y), 20, 1, -1), np.uint8)


def test_a_purple_nucleus_is_found_and_no_red_cell() -> None:
    mask = nucleus_mask(smear((100, 80, NUCLEUS), (250, 80, GREY_CELL), (250, 200, ORANGE_CELL)))
    nucleus = disc(100, 80).astype(bool)
    assert mask[nucleus].mean() > 0.97
    assert mask[~nucleus].mean() < 0.005


def test_dim_light_changes_nothing() -> None:
    discs = ((100, 80, NUCLEUS), (250, 80, GREY_CELL))
    bright, dim = nucleus_mask(smear(*discs)), nucleus_mask(smear(*discs, light=0.5))
    assert np.mean(bright != dim) < 0.01


def test_a_field_without_nuclei_has_none() -> None:
    assert nucleus_mask(smear((250, 80, GREY_CELL), (100, 200, ORANGE_CELL))).mean() < 0.005
    assert not nucleus_mask(np.zeros((30, 40, 3), np.uint8)).any()


def test_the_mask_of_a_large_image_has_its_shape_reduced() -> None:
    assert nucleus_mask(np.zeros((768, 1024, 3), np.uint8)).shape == (384, 512)
