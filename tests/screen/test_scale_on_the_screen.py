"""The scale on the screen: its bar is as long as it says; by hand, a drawn line, a burnt-in bar, an objective."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from kept_study import has_records, marks_kept, scales_kept
from pages_on_screen import page_of, press_until_titled
from real_window import Colour, Picture, RealWindow, count, views, where

from bloodsmear import paths

# Of the chips over the views, in both themes (desktop/gui/theme/palette.py).
CHIP: Colour = (0x14, 0x17, 0x1C)
INK: Colour = (0xE8, 0xEB, 0xF0)
GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
UM_PER_PX = 0.25
BAR_PX = 100
# The lines of the page that hold a field or a button, where a bar was found; one fewer where none was.
LINES_WITH_BAR = 7
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


def burn_bar_into(file: Path) -> None:
    """Draw a bar of `BAR_PX` with words into a picture, as microscopes' programs do."""
    picture = cv2.imread(str(file))
    assert picture is not None
    cv2.rectangle(picture, (880, 700), (1004, 748), (255, 255, 255), -1)
    cv2.rectangle(picture, (890, 735), (889 + BAR_PX, 737), (0, 0, 0), -1)
    cv2.putText(picture, "20 um", (910, 725), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    assert cv2.imwrite(str(file), picture)


def lines_with_fields(page: Picture) -> int:
    """How many lines of a page hold a white field or button."""
    is_white = where(page, (255, 255, 255)).sum(axis=1) > 24
    return int((is_white[1:] & ~is_white[:-1]).sum())


def open_page(window: RealWindow) -> None:
    """Open the page of the scale, and wait until it has found the bar and asks how long it is."""
    press_until_titled(window, "ctrl+g", "Scale")
    page = page_of(window)
    window.wait_until(lambda screen: lines_with_fields(page.of(screen)) == LINES_WITH_BAR, "the bar is found")


def close_page(window: RealWindow) -> None:
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")
    window.settled()


@pytest.mark.parametrize("scale", [1, 2])
def test_the_bar_is_as_long_as_it_says_and_goes_with_its_image(
    open_window: OpenWindow, save_image: SaveImage, scale: int
) -> None:
    second = save_image("2.png", MAGENTA, (1024, 768))
    burn_bar_into(second)
    folder = second.parent
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

    window.wait_for(lambda: has_records(1), "the study is kept")
    window.press("j")

    window.wait_until(
        lambda screen: count(views(screen).of(screen), MAGENTA, tolerance=2) > 10_000, "the second is shown"
    )
    window.wait_until(lambda screen: not has_bar(screen), "no bar of the first image is left")

    # The second one gets a scale by hand, and a length that is kept.
    window.wait_for(lambda: has_records(2), "the second one is read")
    window.press("ctrl+g")
    window.wait_for(lambda: window.active_title() == "Scale", "the page is there")
    window.settled()
    window.type_words(str(2 * UM_PER_PX))
    window.press("Return")
    window.wait_until(has_bar, "the second image has a bar")
    close_page(window)
    x, y = views(window.picture()).middle
    window.press("g")
    window.drag((x - 60, y), (x + 60, y))
    window.wait_until(lambda screen: count(screen[y - 3 : y + 3, x - 40 : x + 40], RULER, 12) > 100, "a line")
    window.press("shift+k")
    window.wait_for(lambda: len(marks_kept()) == 1, "its length is kept")
    [length] = marks_kept()
    assert length.shape == "length"
    assert abs(length.places[1][0] - length.places[0][0] - 120) <= 1
    if scale == 1:
        set_by_line_by_bar_and_by_objective(window, (x, y))


def set_by_line_by_bar_and_by_objective(window: RealWindow, at: tuple[int, int]) -> None:
    """Set the scale of the shown image in three more ways; what is kept says which."""
    x, y = at

    def kept(um_per_px: float, source: str) -> bool:
        [now] = scales_kept()
        return now.source == source and abs(now.um_per_px / um_per_px - 1) < 0.02

    # Leave the ruler: the page asks for a new line. From the scale's field by the bar's to Draw.
    window.press("Escape")
    open_page(window)
    window.press("Tab", "Tab", "space")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page stepped aside")
    window.drag((x - 75, y + 40), (x + 75, y + 40))
    window.wait_for(lambda: window.active_title() == "Scale", "the page asks how long the line is")
    window.settled()
    window.type_words("30")
    window.press("Return")
    window.wait_for(lambda: kept(30 / 150, "drawn"), "the line of 150 px gives the scale")
    close_page(window)

    open_page(window)
    window.press("Tab")
    window.type_words("40")
    window.press("Return")
    window.wait_for(lambda: kept(40 / BAR_PX, "bar"), "the burnt-in bar gives the scale")
    close_page(window)

    open_page(window)
    window.type_words("0.2")
    # Back over Set, Close, Remove and Keep to the name; then on to the objectives, round by the first field.
    window.press(*["shift+Tab"] * 5)
    window.type_words("40x")
    window.press("Tab", "space")
    window.wait_for(lambda: '"0.200000 40x"' in paths.settings_file().read_text(), "the objective has a name")
    window.press(*["Tab"] * 5, "Down", "Return")
    window.wait_for(lambda: kept(0.2, "objective"), "the objective gives the scale")
