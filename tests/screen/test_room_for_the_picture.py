"""Full screen, the picture alone, the magnifier and the overview, on the screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from real_window import Colour, Picture, RealWindow, Rectangle, count, views

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
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


def test_the_overview_leads_through_the_picture_and_the_lens_follows_the_cursor(
    open_window: OpenWindow, smears: Path
) -> None:
    window = open_window(smears, settings={"view": "original"})
    window.wait_until(shows(GREEN), "the first image is shown")
    place = views(window.picture())
    corner = Rectangle(place.right - 200, place.top + 30, 190, 150)
    window.press("z")
    window.wait_until(lambda screen: count(corner.of(screen), LIGHT, 8) > 40, "the overview is there")
    first = corner.of(window.settled()).copy()
    window.drag((corner.left + 150, corner.top + 60), (corner.left + 60, corner.top + 90))
    window.wait_until(lambda screen: (corner.of(screen) != first).any(), "its box has moved")
    window.keep_picture("overview")

    window.press("f", "q")
    window.move(*place.middle)
    middle = Rectangle(place.middle[0] - 120, place.middle[1] - 120, 240, 240)
    window.wait_until(lambda screen: count(middle.of(screen), LIGHT, 40) > 300, "the lens is there")
    window.keep_picture("lens")
    window.press("q")
    window.wait_until(lambda screen: count(middle.of(screen), LIGHT, 40) == 0, "and gone")
