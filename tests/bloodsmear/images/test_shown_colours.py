"""Colours for the eye, as figures: what each pixel is shown as, and what is kept of a choice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloodsmear.images.shown_colours import (
    FILES_COLOURS,
    ShownColours,
    as_text,
    colours_in,
    count_colours,
    glass_at,
    show_in,
    tables,
)

ANY = st.builds(
    ShownColours,
    brightness=st.integers(-100, 100),
    contrast=st.integers(-100, 100),
    gamma_percent=st.integers(20, 500),
    glass=st.none() | st.tuples(*[st.integers(1, 255)] * 3),
    channel=st.sampled_from(["all", "red", "green", "blue"]),
    inverted=st.booleans(),
)


def shown(colours: ShownColours, *rgb: int) -> tuple[int, int, int]:
    red, green, blue = rgb
    pixel = show_in(colours, np.array([[[blue, green, red, 255]]], np.uint8))[0, 0]
    assert pixel[3] == 255
    return int(pixel[2]), int(pixel[1]), int(pixel[0])


def test_the_files_own_colours_change_no_value() -> None:
    assert (tables(FILES_COLOURS) == np.arange(256)).all()
    assert FILES_COLOURS.are_the_files
    assert FILES_COLOURS.words() == ""


def test_what_is_inverted_is_255_less_its_value() -> None:
    assert shown(ShownColours(inverted=True), 0, 100, 255) == (255, 155, 0)


def test_one_channel_alone_is_shown_as_grey() -> None:
    assert shown(ShownColours(channel="red"), 10, 100, 250) == (10, 10, 10)
    assert shown(ShownColours(channel="green"), 10, 100, 250) == (100, 100, 100)
    assert shown(ShownColours(channel="blue"), 10, 100, 250) == (250, 250, 250)


def test_glass_that_was_clicked_on_is_grey_and_as_bright_as_its_brightest_channel() -> None:
    assert shown(ShownColours(glass=(240, 200, 220)), 240, 200, 220) == (240, 240, 240)


@pytest.mark.parametrize(
    ("colours", "dark", "light"),
    [
        (ShownColours(brightness=20), 113, 255),
        (ShownColours(contrast=100), 0, 255),
        (ShownColours(contrast=-100), 111, 150),
        (ShownColours(gamma_percent=200), 127, 238),
    ],
)
def test_brightness_contrast_and_gamma_do_what_they_are_called(
    colours: ShownColours, dark: int, light: int
) -> None:
    assert shown(colours, 63, 63, 63) == pytest.approx((dark,) * 3, abs=2)
    assert shown(colours, 222, 222, 222) == pytest.approx((light,) * 3, abs=2)


@given(ANY)
def test_no_table_goes_down_where_it_should_go_up(colours: ShownColours) -> None:
    steps = np.diff(tables(colours).astype(int), axis=1)
    assert (steps <= 0).all() if colours.inverted else (steps >= 0).all()


@given(ANY)
def test_what_is_kept_comes_back(colours: ShownColours) -> None:
    assert colours_in(as_text(colours)) == colours


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '{"brightness": 900}', '{"glass": [0, 1, 2]}', '{"gamma_percent": 0}', "null"]
)
def test_a_line_that_cannot_be_used_leaves_the_files_colours(text: str) -> None:
    assert colours_in(text) == FILES_COLOURS


def test_a_large_picture_is_counted_by_a_part_of_its_pixels_with_the_same_shares() -> None:
    picture = np.zeros((3000, 2000, 3), np.uint8)
    picture[:, 1000:] = (200, 100, 50)
    counts = count_colours(picture)
    assert 900_000 <= counts[0].sum() <= 2_000_000
    assert counts[:, 0] / counts.sum(axis=1) == pytest.approx([0.5] * 3, abs=0.01)
    assert counts[1, 100] / counts[1].sum() == pytest.approx(0.5, abs=0.01)


def test_glass_is_the_mean_around_the_place_and_nothing_outside_the_picture() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[:, :15] = (200, 0, 100)
    assert glass_at(picture, 2, 2) == (200, 1, 100)
    assert glass_at(picture, 30, 2) is None
    assert glass_at(picture, 2, -1) is None


def test_the_words_name_what_is_changed() -> None:
    colours = ShownColours(-5, 10, 120, (240, 220, 200), "green", True)
    assert colours.words() == "brightness −5, contrast +10, gamma 1.20, white balance, green alone, inverted"
