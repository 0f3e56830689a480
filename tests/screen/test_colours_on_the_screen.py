"""Colours for the eye on the screen: on both views and on the next image, at once; and back by one key."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from real_window import Colour, Picture, RealWindow, count, views, where

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
# Green is least of it, then red, then blue, as far apart; their lines on the page: desktop/gui/viewer/histogram.py.
STAINED: Colour = (150, 100, 200)
RED_LINE, GREEN_LINE, BLUE_LINE = (0xFF, 0x7B, 0x73), (0x6F, 0xD7, 0x87), (0x7F, 0xB4, 0xFF)
# Of the chip that says so, on the chips' ground.
AMBER: Colour = (0xF2, 0xC1, 0x4E)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one."""
    save_image("1.png", GREEN, (640, 480))
    return save_image("2.png", MAGENTA, (640, 480)).parent


def inverted(colour: Colour) -> Colour:
    red, green, blue = colour
    return 255 - red, 255 - green, 255 - blue


def shows(colour: Colour) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


@pytest.mark.parametrize("scale", [1, 2])
def test_inverted_views_are_inverted_on_the_next_image_and_after_a_restart(
    open_window: OpenWindow, smears: Path, scale: int
) -> None:
    window = open_window(smears, size=(1366 * scale, 768 * scale), scale=scale)
    window.wait_until(shows(GREEN), "the first image is shown")
    assert count(views(window.picture()).of(window.picture()), AMBER) == 0

    window.press("i")
    window.wait_until(shows(inverted(GREEN)), "it is inverted")
    window.wait_until(lambda screen: not shows(GREEN)(screen), "both views are")
    window.wait_until(
        lambda screen: count(views(screen).of(screen), AMBER, tolerance=24) > 50, "the views say so"
    )

    window.press("j")
    window.wait_until(shows(inverted(MAGENTA)), "so is the next image")
    assert count(views(window.settled()).of(window.settled()), MAGENTA, 2) == 0

    window.press("shift+v")
    window.wait_until(shows(MAGENTA), "the file's colours are back")
    assert count(views(window.settled()).of(window.settled()), AMBER, 24) == 0
    window.press("shift+v")
    window.wait_until(shows(inverted(MAGENTA)), "and the chosen ones again")

    assert window.close() == 0
    window.start("open", smears)
    window.wait_until(shows(inverted(MAGENTA)), "the study is shown as it was left")


def test_what_moves_under_changed_colours_leaves_nothing_standing(
    open_window: OpenWindow, smears: Path
) -> None:
    """Only the part that is painted is recoloured: zoom and pan ask for all of it, and nothing of before may stay."""
    window = open_window(smears, settings={"view": "original"})
    window.wait_until(shows(GREEN), "the first image is shown")
    window.press("i")
    window.wait_until(shows(inverted(GREEN)), "it is inverted")
    place = views(window.picture())
    middle = place.middle
    window.wheel(*middle, turns=4)
    window.drag(middle, (middle[0] + 120, middle[1] + 60))
    window.wheel(*middle, turns=-3)
    shown = place.of(window.settled())
    assert count(shown, GREEN, 2) == 0
    assert count(shown, inverted(GREEN), 2) > 0.8 * place.width * place.height


def test_one_channel_alone_white_balance_and_how_the_values_are_spread(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    window = open_window(save_image("1.png", STAINED, (640, 480)).parent, settings={"view": "original"})
    window.wait_until(shows(STAINED), "the image is shown")
    for value in STAINED:
        window.press("y")
        window.wait_until(shows((value, value, value)), "one channel is shown as grey")
    window.press("y")
    window.wait_until(shows(STAINED), "all of them are back")
    window.press("shift+w")
    window.click(*views(window.picture()).middle)
    screen = window.wait_until(lambda screen: not shows(STAINED)(screen), "the click is on glass")
    glass = screen[views(screen).middle[::-1]].tolist()
    assert max(glass) - min(glass) <= 2

    window.press("v")
    window.wait_for(lambda: window.active_title() == "Colours for the eye", "the page is there")
    page = window.geometry(active=True)

    def lines(screen: Picture) -> list[int]:
        """In which columns green, red and blue rise (px); empty before they are drawn."""
        plot = views(page.of(screen)).of(page.of(screen))
        found = [where(plot, colour, 24).sum(axis=0) for colour in (GREEN_LINE, RED_LINE, BLUE_LINE)]
        return [int(np.argmax(rises)) for rises in found if rises.max() > 10]

    window.wait_until(lambda screen: len(lines(screen)) == 3, "the values are spread")
    green, red, blue = lines(window.settled())
    assert red - green > 20
    assert abs((blue - red) - (red - green)) <= 3
    moves_each_slider(window, glass)


def moves_each_slider(window: RealWindow, before: list[int]) -> None:
    """Move each of the page's sliders to both ends and back; `before` is what is shown of the glass."""
    # The page covers the left of the picture.
    place = views(window.picture())
    x, y = place.right - 40, place.middle[1]

    def grey(screen: Picture) -> int:
        return int(screen[y, x].max())

    # Contrast makes lighter what is lighter than the middle. The first one has the keys.
    assert 128 < max(before) < 250
    for name in ("brightness", "contrast", "gamma"):
        window.press("End")
        window.wait_until(lambda screen: grey(screen) > max(before) + 20, f"{name} makes it lighter")
        window.press("Home")
        window.wait_until(lambda screen: grey(screen) < max(before) - 20, f"{name} makes it darker")
        window.press(*["Prior"] * 10, "Tab")
        window.wait_until(lambda screen: abs(grey(screen) - max(before)) <= 2, f"{name} is as it was")
