"""The right-click menus, the copied view and an image that is dragged out, on the screen."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from real_window import Picture, RealWindow, count, views

from bloodsmear.images.decode import decode_image

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
DROP_TARGET = Path(__file__).with_name("drop_target.py")

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one."""
    save_image("1.png", GREEN, (640, 480))
    return save_image("2.png", MAGENTA, (640, 480)).parent


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


def second_row(window: RealWindow) -> tuple[int, int]:
    """The middle of the second thumbnail: the only magenta beside the views."""
    picture = window.wait_until(
        lambda screen: count(screen[:, : views(screen).left], MAGENTA, 8) > 500, "the list shows the second"
    )
    rows, columns = (picture[:, : views(picture).left] == MAGENTA).all(axis=2).nonzero()
    return int(columns.mean()), int(rows.mean())


def test_an_image_is_dragged_out_as_a_copy_of_its_file(open_window: OpenWindow, smears: Path) -> None:
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")
    row = second_row(window)
    said = window.screen.folder / "target.txt"
    window.screen.start([sys.executable, str(DROP_TARGET)], {"QT_QPA_PLATFORM": "xcb"}, said)
    window.wait_for(lambda: said.exists() and "shown" in said.read_text(), "there is something to drop on")

    ask = window.screen.ask
    ask("mousemove", *row, "mousedown", 1, "sleep", 0.1, "mousemove", row[0] + 20, row[1], "sleep", 0.2)
    side = 0
    while "over" not in said.read_text() and side < 40:
        side += 1
        ask("mousemove", 18 + side % 2, 20, "sleep", 0.1)
    ask("mouseup", 1)

    window.wait_for(lambda: "dropped" in said.read_text(), "it was dropped")
    lines = said.read_text().splitlines()
    assert [line for line in lines if line.startswith("file")] == [f"file {smears / '2.png'}"]
    assert lines[-1] == "dropped allows copy"
    assert (smears / "2.png").exists()
    window.wait_until(shows(MAGENTA), "the dragged row is the chosen one")


def test_a_right_click_on_another_row_means_that_image(open_window: OpenWindow, smears: Path) -> None:
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")

    window.click(*second_row(window), button=3)

    window.wait_until(shows(MAGENTA), "the row that was clicked is the chosen one")
    window.settled()
    window.keep_picture("menu of the list")
    window.press("Escape")
    window.click(*views(window.picture()).middle, button=3)
    window.settled()
    window.keep_picture("menu of the picture")
    window.press("Escape")
    window.settled()
    assert shows(MAGENTA)(window.picture())


def test_the_saved_view_is_the_picture_that_the_screen_shows(
    open_window: OpenWindow, smears: Path, tmp_path: Path
) -> None:
    window = open_window(smears, settings={"view": "original", "picture_folder": str(tmp_path)})
    window.wait_until(shows(GREEN), "the first image is shown")
    window.press("j")
    window.wait_until(shows(MAGENTA), "the second image is shown")
    window.press("ctrl+s")
    window.wait_for(lambda: window.active_title() == "Save the view", "the question is there")
    window.press("Return")
    target = tmp_path / "2 view.png"
    window.wait_for(target.exists, "the view is saved")

    pixels = decode_image(target).pixels
    assert count(pixels, MAGENTA, 2) > 10_000
    assert count(pixels, GREEN, 40) == 0
    # As large as the views stand on the screen, and the caption below.
    shown = views(window.settled())
    assert abs(pixels.shape[1] - shown.width) <= 2
    assert 30 < pixels.shape[0] - shown.height < 120
