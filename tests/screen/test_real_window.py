"""What the tests on the real screen stand on: pictures, keys, mouse and drops of another program reach the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from real_window import Picture, RealWindow, count, views

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one."""
    save_image("1.png", GREEN)
    return save_image("2.png", MAGENTA).parent


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


def test_keys_reach_the_window_and_the_screen_shows_what_they_do(
    open_window: OpenWindow, smears: Path
) -> None:
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")
    assert window.title().startswith("smears")
    window.press("j")
    window.wait_until(shows(MAGENTA), "the next image is shown")
    place = window.geometry()
    assert place.width > 800
    assert views(window.settled()).left > place.left


def test_a_folder_dropped_by_another_program_is_opened(open_window: OpenWindow, smears: Path) -> None:
    window = open_window()
    place = window.geometry()
    assert window.drop(smears, place.left + 60, place.middle[1])
    window.wait_until(shows(GREEN), "the dropped folder is open")


def test_a_closed_window_ends_the_program_and_can_be_started_again(
    open_window: OpenWindow, smears: Path
) -> None:
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")
    assert window.close() == 0
    window.start("open", smears)
    window.wait_until(shows(GREEN), "the first image is shown again")
