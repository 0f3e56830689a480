"""A folder or an image that another program drops anywhere in the window is opened; another file is refused."""

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


@pytest.mark.parametrize(
    ("across", "down"), [(0.45, 0.5), (0.08, 0.11), (0.5, 0.03), (0.9, 0.2), (0.9, 0.88), (0.3, 0.99)]
)
def test_a_folder_dropped_anywhere_on_the_empty_window_is_opened(
    open_window: OpenWindow, smears: Path, across: float, down: float
) -> None:
    """The picture, a field of the list, the bar above, the reading, the decision's fields, the line below."""
    window = open_window()
    place = window.geometry()
    assert window.drop(
        smears, place.left + round(across * place.width), place.top + round(down * place.height)
    )
    window.wait_until(shows(GREEN), "the dropped folder is open")


def test_an_image_dropped_on_the_picture_is_chosen_in_its_folder(
    open_window: OpenWindow, smears: Path, smear_folder: Path
) -> None:
    window = open_window(smear_folder)
    assert window.drop(smears / "2.png", *window.geometry().middle)
    window.wait_until(shows(MAGENTA), "the dropped image is shown")
    assert window.title().startswith("smears")


def test_a_file_that_is_not_an_image_changes_nothing(
    open_window: OpenWindow, smears: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")
    assert window.drop(tmp_path / "notes.txt", *window.geometry().middle)
    window.settled()
    assert window.title().startswith("smears")
    assert shows(GREEN)(window.picture())


def test_open_with_an_image_begins_with_it(open_window: OpenWindow, smears: Path) -> None:
    window = open_window("open", smears / "2.png")
    window.wait_until(shows(MAGENTA), "the named image is shown")
    assert window.title().startswith("smears")
