"""The scale bar on the screen: as long as it says, by the file's own scale, and gone with its image."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from kept_study import has_records, marks_kept
from real_window import Colour, Picture, RealWindow, count, views, where

# Of the chips over the views, in both themes (desktop/gui/theme/palette.py).
CHIP: Colour = (0x14, 0x17, 0x1C)
INK: Colour = (0xE8, 0xEB, 0xF0)
GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
UM_PER_PX = 0.25
RULER: Colour = (0xF4, 0xF6, 0xFA)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def lower_left(screen: Picture) -> Picture:
    shown = views(screen)
    return shown.of(screen)[shown.height * 3 // 4 :, : shown.width // 2]


def has_bar(screen: Picture) -> bool:
    return count(lower_left(screen), CHIP) > 400


def bar_px(screen: Picture) -> int:
    """The longest row of ink on the chip."""
    return int(where(lower_left(screen), INK, tolerance=12).sum(axis=1).max())


@pytest.mark.parametrize("scale", [1, 2])
def test_the_bar_is_as_long_as_it_says_and_goes_with_its_image(
    open_window: OpenWindow, save_image: SaveImage, scale: int
) -> None:
    folder = save_image("2.png", MAGENTA, (1024, 768)).parent
    tifffile.imwrite(
        folder / "1.tif",
        np.full((768, 1024, 3), GREEN, np.uint8),
        photometric="rgb",
        description="ImageJ=1.54f\nunit=micron\n",
        metadata=None,
        resolution=(1 / UM_PER_PX, 1 / UM_PER_PX),
        resolutionunit=1,
    )
    window = open_window(
        folder, size=(1366 * scale, 768 * scale), scale=scale, settings={"view": "original", "reader": "Ada"}
    )
    window.wait_until(has_bar, "the bar of the first image is shown")
    # One pixel of the image on one of the screen.
    window.press("z")
    round_px = 80 if scale == 1 else 200
    window.wait_until(
        lambda screen: abs(bar_px(screen) - round_px) <= 1, f"{round_px * UM_PER_PX:g} µm are {round_px} px"
    )

    window.press("j")

    window.wait_until(
        lambda screen: count(views(screen).of(screen), MAGENTA, tolerance=2) > 10_000, "the second is shown"
    )
    window.wait_until(lambda screen: not has_bar(screen), "no bar of the first image is left")

    # The second one gets a scale by hand, and a length that is kept.
    window.wait_for(lambda: has_records(2), "the study is kept")
    window.press("ctrl+g")
    window.wait_for(lambda: window.active_title() == "Scale", "the page is there")
    window.settled()
    window.type_words(str(2 * UM_PER_PX))
    window.press("Return")
    window.wait_until(has_bar, "the second image has a bar")
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")
    window.settled()
    x, y = views(window.picture()).middle
    window.press("g")
    window.drag((x - 60, y), (x + 60, y))
    window.wait_until(lambda screen: count(screen[y - 3 : y + 3, x - 40 : x + 40], RULER, 12) > 100, "a line")
    window.press("shift+k")
    window.wait_for(lambda: len(marks_kept()) == 1, "its length is kept")
    [length] = marks_kept()
    assert length.shape == "length"
    assert abs(length.places[1][0] - length.places[0][0] - 120) <= 1
