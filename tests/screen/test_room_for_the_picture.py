"""Full screen, the picture alone, the magnifier and the overview, on the screen."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from real_window import Colour, Picture, RealWindow, Rectangle, count, views, where

GREEN, MAGENTA, BLUE = (0, 200, 40), (220, 0, 200), (20, 60, 230)
# Of the overview's box and the lens' ring.
LIGHT: Colour = (0xF4, 0xF6, 0xFA)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one, larger than any screen."""
    save_image("1.png", GREEN, (4000, 3000))
    return save_image("2.png", MAGENTA, (4000, 3000)).parent


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda screen: count(screen, colour, tolerance=2) > 100_000


def share(screen: Picture, colour: tuple[int, int, int]) -> float:
    return float(count(screen, colour, 2) / (screen.shape[0] * screen.shape[1]))


@pytest.mark.parametrize("scale", [1, 2])
def test_the_picture_alone_on_the_full_screen_has_nearly_all_of_it_and_escape_leads_back(
    open_window: OpenWindow, smears: Path, scale: int
) -> None:
    window = open_window(smears, size=(1366 * scale, 768 * scale), scale=scale, settings={"view": "original"})
    before = share(window.wait_until(shows(GREEN), "the first image is shown"), GREEN)
    place = window.geometry()
    window.press("h", "F11")
    screen = window.wait_until(lambda screen: share(screen, GREEN) > 0.62, "the picture has the room")
    assert share(screen, GREEN) > before + 0.1
    window.keep_picture("picture alone")
    window.press("j")
    window.wait_until(shows(MAGENTA), "the next image is shown")
    window.press("Escape", "Escape")
    window.wait_until(
        lambda screen: views(screen).height > 0 and share(screen, MAGENTA) < 0.55, "all is back"
    )
    window.wait_for(lambda: window.geometry() == place, "the window is where it was")


@pytest.fixture
def two_halves(tmp_path: Path) -> Path:
    """An image whose left half is green and whose right half is magenta, with a blue square amid the left one."""
    pixels = np.full((3000, 4000, 3), GREEN[::-1], np.uint8)
    pixels[:, 2000:] = MAGENTA[::-1]
    pixels[1470:1530, 970:1030] = BLUE[::-1]
    (tmp_path / "smears").mkdir()
    (tmp_path / "smears" / "1.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return tmp_path / "smears"


def test_the_overview_leads_to_the_place_that_is_clicked_and_the_lens_enlarges_what_is_under_the_cursor(
    open_window: OpenWindow, two_halves: Path
) -> None:
    window = open_window(two_halves, settings={"view": "original"})
    window.wait_until(shows(MAGENTA), "the image is shown")
    place = views(window.picture())
    corner = Rectangle(place.right - 200, place.top + 30, 190, 150)
    window.press("z")
    screen = window.wait_until(
        lambda screen: count(corner.of(screen), LIGHT, 8) > 40, "the overview is there"
    )
    # Both halves of the picture, small; the views show the middle of it.
    assert count(corner.of(screen), GREEN, 8) > 1_000
    half = where(corner.of(screen), GREEN, 8).nonzero()
    middle = corner.left + int(half[1].max()), corner.top + int(half[0].mean())
    shown = Rectangle(place.left + 40, place.top + 200, place.width - 80, place.height - 260)
    window.click(middle[0] - 60, middle[1])
    window.wait_until(lambda screen: count(shown.of(screen), MAGENTA, 8) == 0, "the left half is shown")
    window.drag((middle[0] - 60, middle[1]), (middle[0] + 60, middle[1]))
    window.wait_until(lambda screen: count(shown.of(screen), GREEN, 8) == 0, "the right half is shown")
    window.press("shift+q")
    window.wait_until(lambda screen: count(corner.of(screen), LIGHT, 8) == 0, "it is put away")

    window.press("f")
    screen = window.wait_until(lambda screen: count(place.of(screen), BLUE, 8) > 20, "all of it is shown")
    square = where(screen, BLUE, 8)[place.top :, place.left : place.right].nonzero()
    at = place.left + int(square[1].mean()), place.top + int(square[0].mean())
    small = len(square[0])
    lens = Rectangle(at[0] - 120, at[1] - 120, 240, 240)
    window.press("q")
    window.move(*at)
    screen = window.wait_until(lambda screen: count(lens.of(screen), LIGHT, 40) > 300, "the lens is there")
    # One pixel of the image on one of the screen, which is more than three times as large: 60 × 60.
    assert small < 400
    assert 3_000 < count(lens.of(window.settled()), BLUE, 40) < 4_000
    window.move(at[0] + 250, at[1])
    window.wait_until(lambda screen: count(lens.of(screen), BLUE, 40) < 400, "it goes with the cursor")
    window.press("q")
    there = Rectangle(lens.left + 250, lens.top, lens.width, lens.height)
    window.wait_until(lambda screen: count(there.of(screen), LIGHT, 40) == 0, "and is gone")
