"""How a map lies over an image, and how much of it lies on nuclei."""

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.explaining.activation_map import ActivationMap, share_on_nuclei
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage


def map_of(values: object) -> ActivationMap:
    array = np.asarray(values, np.float32)
    return ActivationMap(array, 1 / array.shape[0], 1 / array.shape[1], "pre_b", "class_activation")


def spot(rows: int, columns: int, row: int, column: int) -> ActivationMap:
    values = np.zeros((rows, columns), np.float32)
    values[row, column] = 3.0
    return map_of(values)


def test_the_strongest_place_is_1_and_what_speaks_against_the_label_is_0() -> None:
    laid = map_of([[2.0, -5.0], [0.0, 1.0]]).laid_over(2, 2)
    assert laid == pytest.approx(np.array([[1.0, 0.0], [0.0, 0.5]]))


def test_a_map_that_only_speaks_against_the_label_lies_nowhere() -> None:
    assert not map_of([[-1.0, -2.0], [-3.0, -4.0]]).laid_over(30, 40).any()


def test_each_place_lies_over_its_own_part_of_the_image_whatever_its_aspect() -> None:
    laid = spot(4, 5, 1, 3).laid_over(400, 1000)
    row, column = np.unravel_index(int(laid.argmax()), laid.shape)
    assert laid.shape == (400, 1000)
    assert 100 <= row < 200
    assert 600 <= column < 800
    assert laid[150, 700] == pytest.approx(1.0, abs=0.02)
    assert laid[150, 300] == 0.0


def test_what_the_network_never_saw_at_the_edge_shifts_no_place() -> None:
    # Of 150 px the published VGG16 sees 128, in 4 places of 32 px.
    values = np.zeros((4, 4), np.float32)
    values[3, 3] = 1.0
    laid = ActivationMap(values, 32 / 150, 32 / 150, "pre_b", "class_activation").laid_over(150, 150)
    assert laid[112, 112] == pytest.approx(1.0, abs=0.05)
    assert laid[80, 80] < 0.05


@pytest.fixture
def one_nucleus() -> RgbImage:
    """A purple disc in the upper left quarter of white glass, a sixteenth of the image or so."""
    picture = np.full((320, 320, 3), 245, np.uint8)
    cv2.circle(picture, (80, 80), 45, (110, 60, 170), -1)
    return np.asarray(picture)


def test_the_share_on_nuclei_tells_a_map_on_the_nucleus_from_one_beside_it(one_nucleus: RgbImage) -> None:
    on, beside = (share_on_nuclei(spot(16, 16, *place), one_nucleus) for place in ((4, 4), (12, 12)))
    assert on is not None
    assert beside is not None
    assert on.of_map > 0.99
    assert beside.of_map == 0.0
    assert on.of_image == pytest.approx(np.pi * 45**2 / 320**2, rel=0.05)


def test_evidence_on_the_scale_bar_counts_nowhere() -> None:
    smear = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    values = np.zeros((64, 64), np.float32)
    values[20, 20] = 1.0
    without = share_on_nuclei(map_of(values), smear)
    values[61, 58] = 1.0  # in the middle of the bar
    assert share_on_nuclei(map_of(values), smear) == without
    values[50, 58] = 1.0
    assert share_on_nuclei(map_of(values), smear) != without


def test_an_even_map_lies_on_nuclei_as_much_as_the_image_does(one_nucleus: RgbImage) -> None:
    share = share_on_nuclei(map_of(np.ones((20, 20))), one_nucleus)
    assert share is not None
    assert share.of_map == pytest.approx(share.of_image, rel=1e-3)


def test_a_coarse_map_and_one_without_evidence_have_no_share(one_nucleus: RgbImage) -> None:
    assert share_on_nuclei(spot(15, 40, 2, 2), one_nucleus) is None
    assert share_on_nuclei(map_of(np.full((16, 16), -1.0)), one_nucleus) is None
