"""Of no other image than the chosen one may a pixel stand in the views, whatever was shown before."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from real_window import Colour, Picture, RealWindow, count, views

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def shows(colour: Colour) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


def shows_nothing_of(*colours: Colour) -> Callable[[Picture], bool]:
    # A faint or blended rest counts, too.
    return lambda screen: not any(count(views(screen).of(screen), each, tolerance=70) for each in colours)


def shows_no_picture(screen: Picture) -> bool:
    """Whether nothing in the views has a colour: ground, chips and messages have none worth the name."""
    pixels = views(screen).of(screen).astype(np.int16)
    return pixels.size > 0 and bool((pixels.max(axis=2) - pixels.min(axis=2)).max() < 100)


@pytest.mark.parametrize("scale", [1, 2])
def test_an_unreadable_image_leaves_nothing_of_the_one_before(
    open_window: OpenWindow, save_image: SaveImage, scale: float
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    (folder / "2.png").write_bytes((folder / "1.png").read_bytes()[:60])
    window = open_window(folder, size=(1366 * scale, 768 * scale), scale=scale)
    window.wait_until(shows(MAGENTA), "the first image is shown")
    window.settled()
    window.press("j")
    window.wait_until(shows_no_picture, "nothing of it is left")


def test_a_folder_that_vanished_leaves_nothing_of_the_image_before(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    save_image("2.png", GREEN, (1024, 768))
    window = open_window(folder)
    window.wait_until(shows(MAGENTA), "the first image is shown")
    window.settled()
    shutil.rmtree(folder)
    window.press("j")
    window.wait_until(shows_no_picture, "nothing of it is left")


def test_a_larger_image_leaves_nothing_of_a_smaller_one_that_was_enlarged(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", GREEN, (2560, 1920)).parent
    save_image("2.png", MAGENTA, (1024, 768))
    window = open_window(folder)
    window.wait_until(shows(GREEN), "the first image is shown")
    window.press("j")
    window.wait_until(shows(MAGENTA), "the smaller one is shown")
    window.press("z")
    window.settled()
    window.press("k")
    window.wait_until(shows(GREEN), "the large one is shown again")
    window.wait_until(shows_nothing_of(MAGENTA), "nothing of the smaller one is left")


def test_no_way_of_comparing_leaves_anything_of_the_image_before(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    (folder / "2.png").write_bytes((folder / "1.png").read_bytes()[:60])
    window = open_window(folder)
    window.wait_until(shows(MAGENTA), "the first image is shown")
    middle = views(window.settled()).middle
    for way in ("w", "b", "d", "s", "m"):
        window.press(way)
        # With the cursor over it the values under it stand in a chip of their own, and the wheel is the picture's.
        window.wheel(*middle, 4)
        window.settled()
        window.press("j")
        window.wait_until(shows_no_picture, f"nothing is left after {way}")
        # Beside each other again: what denoising changes in a picture of one colour has none.
        window.press("s", "k")
        window.wait_until(shows(MAGENTA), "the first image is shown again")
        window.settled()


def test_another_folder_leaves_nothing_of_the_one_before_in_the_views_and_in_the_list(
    open_window: OpenWindow, save_image: SaveImage, tmp_path: Path
) -> None:
    for number in range(3):
        save_image(f"{number}.png", MAGENTA)
    first = (tmp_path / "smears").rename(tmp_path / "first")
    second = save_image("0.png", GREEN).parent
    window = open_window(first)
    window.wait_until(shows(MAGENTA), "the first folder is shown")
    list_left = views(window.settled()).left // 2
    window.drop(second, list_left, window.geometry().middle[1])
    window.wait_until(shows(GREEN), "the second folder is shown")
    window.wait_until(
        lambda screen: count(screen, MAGENTA, tolerance=40) == 0, "nothing of the first is left", 8
    )
