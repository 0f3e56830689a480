"""How a cell looks: crops at one scale, numbers that tell like from unlike, and an order by them."""

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.images.cell_look import by_similarity, cut_crop, look_of, outlined
from bloodsmear.images.cells import FoundCells, find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage


def found(scale: float = 1.0) -> tuple[RgbImage, FoundCells]:
    pixels = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    if scale != 1.0:
        resized = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        pixels = np.asarray(resized, np.uint8)
    return pixels, find_cells(pixels)


def looks(scale: float = 1.0) -> list[tuple[float, ...]]:
    pixels, seen = found(scale)
    return [look_of(pixels, cell, seen.red_cell_px) for cell in seen.cells]


def test_a_look_is_nearly_the_same_in_a_smaller_picture() -> None:
    large, small = np.array(looks()), np.array(looks(0.6))
    assert large.shape == small.shape == (len(large), 9)
    assert np.abs(large[:, :6] - small[:, :6]).max() < 0.08
    assert np.abs(large[:, 6] - small[:, 6]).max() < 0.25


def test_a_nucleus_is_darker_than_what_lies_around_it() -> None:
    for numbers in looks():
        assert numbers[1] < numbers[4]


def test_the_most_like_stand_first_and_groups_stay_together() -> None:
    dark = [(0.1, 0.1, 0.3, 0.6, 0.6, 0.7, float(step) / 50, 0.9, 1.0) for step in range(4)]
    pale = [(0.6, 0.5, 0.7, 0.9, 0.9, 0.9, 1 + float(step) / 50, 0.4, 3.0) for step in range(4)]
    mixed = [pale[0], dark[0], dark[1], pale[1], pale[2], dark[2], pale[3], dark[3]]
    order = by_similarity(mixed)
    assert {*order[:4]} in ({0, 3, 4, 6}, {1, 2, 5, 7})
    assert by_similarity(mixed, dark[1])[0] == 2
    assert {*by_similarity(mixed, dark[1])[:4]} == {1, 2, 5, 7}
    assert by_similarity([]) == []
    assert by_similarity([dark[0], dark[0]]) == [0, 1]


@pytest.mark.parametrize("box", [Region(0, 0, 10, 10), Region(190, 90, 10, 10), Region(90, 40, 20, 20)])
def test_a_crop_is_square_at_the_edge_too_and_shows_three_red_cells(box: Region) -> None:
    image = np.full((100, 200, 3), 220, np.uint8)
    image[box.slices()] = (90, 20, 120)
    crop = cv2.imdecode(np.frombuffer(cut_crop(image, box, 20.0, 120), np.uint8), cv2.IMREAD_COLOR)
    assert crop is not None
    assert crop.shape == (120, 120, 3)
    # 60 px of the image on 120 px: twice as large.
    middle = crop[58:62, 58:62].reshape(-1, 3).mean(axis=0)
    assert middle == pytest.approx((120, 20, 90), abs=25)
    width = np.count_nonzero(np.abs(crop[60].astype(int) - (120, 20, 90)).max(axis=1) < 60)
    assert width == pytest.approx(2 * box.width_px, abs=6)


def test_what_is_outlined_is_as_large_as_the_nuclei_that_were_found() -> None:
    pixels, seen = found()
    mask = outlined(seen, pixels)
    assert max(mask.shape) == 512
    scale = 512 / max(pixels.shape)
    assert mask.sum() == pytest.approx(scale**2 * sum(cell.area_px for cell in seen.cells), rel=0.1)
    assert not outlined(FoundCells((), 50.0), pixels).any()
