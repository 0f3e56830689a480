import dataclasses
from typing import Any

import numpy as np
import pytest

from training.evaluation.shifts import SHIFTS
from training.fitting.augment import augment_image, change_corner
from training.fitting.config import AugmentConfig
from training.fitting.feed import change_picture
from training.fitting.presets import UNCHANGED, preset_config
from training.fitting.run import recipe_of


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


class CountedChance(np.random.Generator):
    """Counts the numbers that are drawn one at a time."""

    drawn = 0

    def random(self, *words: Any, **named: Any) -> Any:
        self.drawn += 1
        return super().random(*words, **named)

    def uniform(self, *words: Any, **named: Any) -> Any:
        self.drawn += 1
        return super().uniform(*words, **named)


def test_the_younger_knobs_draw_nothing_while_they_are_off(smear: np.ndarray) -> None:
    # A run that was begun with an older program goes on with the changes that it would have seen there.
    def drawn(**changes: Any) -> int:
        chance = CountedChance(np.random.PCG64(5))
        augment_image(smear, dataclasses.replace(UNCHANGED, **changes), chance)
        return chance.drawn

    # Angle, zoom, shift; grey or not, saturation, hue, three gains, contrast, brightness; blur twice; JPEG.
    assert drawn() == 3 + 8 + 3
    assert drawn(shear_degrees=1.0) == drawn(vertical_flips=True) == drawn() + 1


def test_vertical_flips_turn_half_of_the_images_upside_down(smear: np.ndarray) -> None:
    config = dataclasses.replace(UNCHANGED, vertical_flips=True)
    upside_down = [
        np.abs(augment_image(smear, config, np.random.default_rng(seed)).astype(int) - smear[::-1]).max() <= 1
        for seed in range(40)
    ]
    assert 10 <= sum(upside_down) <= 30


def test_shear_moves_the_top_and_the_bottom_and_leaves_the_middle_row() -> None:
    stripe = np.zeros((41, 41, 3), np.uint8)
    stripe[:, 20] = 255
    config = dataclasses.replace(UNCHANGED, shear_degrees=30.0)
    columns = augment_image(stripe, config, np.random.default_rng(3))[:, :, 0].argmax(axis=1)
    assert columns[20] == 20
    assert columns[0] - 20 == 20 - columns[40] != 0


@pytest.mark.parametrize("name", SHIFTS)
def test_every_shift_keeps_size_and_type_and_changes_something(name: str, smear: np.ndarray) -> None:
    shifted = SHIFTS[name](smear)
    assert shifted.shape == smear.shape
    assert shifted.dtype == np.uint8
    assert not np.array_equal(shifted, smear)


YOUNGER: dict[str, Any] = {
    "smallest_crop": 0.6,
    "gamma_factor": 0.4,
    "drift_factor": 0.1,
    "vignette_factor": 0.4,
    "defocus_px": 2.5,
    "sharpen_factor": 1.5,
    "smallest_scale": 0.4,
}


@pytest.mark.parametrize("name", YOUNGER)
def test_each_younger_change_changes_a_picture_and_draws_nothing_while_it_is_off(
    name: str, smear: np.ndarray
) -> None:
    plain, counted = CountedChance(np.random.PCG64(3)), CountedChance(np.random.PCG64(3))
    augment_image(smear, UNCHANGED, plain)
    on = dataclasses.replace(UNCHANGED, **{name: YOUNGER[name]})
    changed = [augment_image(smear, on, np.random.default_rng(seed)) for seed in range(20)]
    augment_image(smear, on, counted)
    assert counted.drawn > plain.drawn
    assert any(not np.array_equal(picture, smear) for picture in changed)
    assert {(picture.shape, picture.dtype) for picture in changed} == {(smear.shape, smear.dtype)}


def test_a_corner_is_covered_by_the_same_image_or_taken_from_another_and_the_rest_stays() -> None:
    random = np.random.default_rng(0)
    frame, other = np.full((224, 224, 3), 100, np.uint8), np.full((224, 224, 3), 200, np.uint8)
    # The bar, which nothing may learn.
    frame[-40:, -54:] = 0
    changed = [change_corner(frame, other, 1.0, random) for _ in range(40)]
    assert {int(picture[-1, -1, 0]) for picture in changed} == {100, 200}
    assert all(not (picture == 0).any() for picture in changed)
    assert all(np.array_equal(picture[:160], frame[:160]) for picture in changed)
    assert change_corner(frame, other, 0.0, random) is frame


def test_a_late_corner_has_the_stain_of_the_other_image_whatever_was_changed_before() -> None:
    pictures = np.stack([np.full((56, 56, 3), (200, 150, 180), np.uint8)] * 2)
    grey = dataclasses.replace(UNCHANGED, grey_share=1.0)

    def corners(augment: AugmentConfig) -> list[bool]:
        config = dataclasses.replace(preset_config("default"), augment=augment, width_px=56, height_px=56)
        shown = [change_picture(pictures, 0, recipe_of(config), config, epoch) for epoch in range(30)]
        assert all(np.ptp(picture[0, 0].astype(int)) <= 1 for picture in shown)
        return [np.ptp(picture[-1, -1].astype(int)) > 40 for picture in shown]

    # Half of them are covered with a piece of the same picture.
    assert 5 <= sum(corners(dataclasses.replace(grey, late_corner_share=1.0))) <= 25
    assert not any(corners(dataclasses.replace(grey, corner_share=1.0)))
