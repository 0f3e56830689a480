"""What a picture looks like in numbers: it changes with stain, light and focus, and not with size or cell places."""

import cv2
import msgspec
import numpy as np
import pytest

from bloodsmear.classifiers.appearance import APPEARANCE_COUNT, appearance_of
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage


@pytest.fixture
def recipe(card: Card) -> Recipe:
    return card.recipe


@pytest.fixture
def smear() -> RgbImage:
    """Purple discs on near white glass, a little out of focus."""
    picture = np.full((96, 96, 3), (240, 238, 245), np.uint8)
    for x, y in ((20, 30), (60, 20), (70, 70), (30, 75)):
        cv2.circle(picture, (x, y), 9, (110, 60, 160), -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.0), np.uint8)


def test_it_does_not_depend_on_where_things_are(smear: RgbImage, recipe: Recipe) -> None:
    turned = np.ascontiguousarray(np.rot90(smear))
    assert appearance_of(turned, recipe) == pytest.approx(appearance_of(smear, recipe), abs=1e-4)


def test_the_first_five_are_the_percentiles_of_lightness_in_units_of_five(
    smear: RgbImage, recipe: Recipe
) -> None:
    lightness = cv2.cvtColor(smear.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[:, :, 0]
    wanted = np.percentile(lightness, (5, 25, 50, 75, 95)) / 5
    assert appearance_of(smear, recipe)[:5] == pytest.approx(wanted, abs=1e-5)


def test_blur_takes_away_fine_detail_of_lightness_and_leaves_the_coarse(
    smear: RgbImage, recipe: Recipe
) -> None:
    blurred = np.asarray(cv2.GaussianBlur(smear, (0, 0), 2.0), np.uint8)
    change = (appearance_of(blurred, recipe) - appearance_of(smear, recipe))[15:20]
    assert change[0] < -2.0
    assert abs(change[4]) < 0.5


def test_a_picture_in_another_channel_order_is_seen_in_its_own_colours(
    smear: RgbImage, recipe: Recipe
) -> None:
    turned = msgspec.structs.replace(recipe, channels="bgr")
    assert appearance_of(smear[:, :, ::-1], turned) == pytest.approx(appearance_of(smear, recipe))


def test_an_empty_picture_has_finite_numbers(recipe: Recipe) -> None:
    numbers = appearance_of(np.zeros((18, 22, 3), np.uint8), recipe)
    assert numbers.shape == (APPEARANCE_COUNT,)
    assert np.all(np.isfinite(numbers))
