"""Of no other image than the chosen one may a pixel stand in the views, whatever was shown before."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from real_window import Colour, Picture, RealWindow, count, views, where

from bloodsmear import paths

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
# Qt's: (11 red + 16 green + 5 blue) / 32.
GREY_OF_MAGENTA = (106, 106, 106)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def shows(colour: Colour) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


def shows_nothing_of(*colours: Colour) -> Callable[[Picture], bool]:
    # A faint or blended rest counts, too.
    return lambda screen: not any(count(views(screen).of(screen), each, tolerance=70) for each in colours)


def shows_no_picture(screen: Picture) -> bool:
    """Whether nothing in the views has a colour: ground and chips have none worth the name.

    A sentence about a problem may stand over them, as of a folder that vanished before its study was open. It is amber,
    with red ≥ green ≥ blue; the pictures here, and mixtures of them with grey, are not.
    """
    pixels = views(screen).of(screen).astype(np.int16)
    red, green, blue = (pixels[..., channel] for channel in range(3))
    coloured = pixels.max(axis=2) - pixels.min(axis=2) >= 100
    return pixels.size > 0 and not bool((coloured & ~((red >= green) & (green >= blue))).any())


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


@contextmanager
def slow_drive(file: Path) -> Iterator[None]:
    """Whoever opens the file waits until the block ends, as on a drive that does not answer (Linux: fcntl, leases)."""
    import fcntl  # not on Windows, where this folder's tests are skipped

    # The kernel tells the holder by this signal, which ends a program that expects none.
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    descriptor = os.open(file, os.O_RDWR)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError as error:
        os.close(descriptor)
        pytest.skip(f"this disk lends no file ({error})")
    try:
        yield
    finally:
        # Closing gives it back.
        os.close(descriptor)
        signal.signal(signal.SIGIO, before)


@pytest.mark.parametrize("way", ["compare", "wipe", "original"])
def test_while_an_image_is_read_from_a_slow_drive_an_even_grey_stands_in_the_views(
    open_window: OpenWindow, save_image: SaveImage, way: str
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    for name in ("2.png", "3.png"):
        save_image(name, (230, 230, 230), (1024, 768))
    # Not among those that are read ahead of the first one.
    last = save_image("4.png", GREEN, (1024, 768))
    window = open_window(folder, settings={"view": way})
    window.wait_until(shows(MAGENTA), "the first image is shown")
    screen = window.settled()
    rows, columns = np.nonzero(where(screen[:, : views(screen).left], GREEN, tolerance=2))
    small = int(columns.mean()), int(rows.mean())
    with slow_drive(last):
        window.click(*small)
        window.wait_until(shows_nothing_of(MAGENTA), "nothing of the first image is left")
        picture = window.settled()
        assert shows_no_picture(picture)
        # As bright as the picture before, and as large: nothing flashes and nothing moves.
        part = views(screen).of(picture)
        assert count(part, GREY_OF_MAGENTA, tolerance=6) > 0.8 * count(
            views(screen).of(screen), MAGENTA, tolerance=2
        )
    window.wait_until(shows(GREEN), "the image is shown once the drive answers")


def test_outlines_of_cells_leave_the_screen_with_their_image(open_window: OpenWindow, tmp_path: Path) -> None:
    folder = tmp_path / "smears"
    folder.mkdir()
    shutil.copy(paths.demo_images() / "synthetic-2" / "smear-1.jpg", folder / "1.jpg")
    shutil.copy(paths.demo_images() / "synthetic-10" / "smear-3 empty field.jpg", folder / "2.jpg")
    outline = (0, 166, 81)

    def outlines(screen: Picture) -> int:
        return count(views(screen).of(screen), outline, tolerance=20)

    window = open_window(folder)
    window.settled()
    window.press("e")
    window.wait_until(lambda screen: outlines(screen) > 300, "the cells are outlined")
    window.press("j")
    window.wait_until(lambda screen: outlines(screen) == 0, "no outline is left")
    window.press("k")
    window.wait_until(lambda screen: outlines(screen) > 300, "the cells are outlined again")
    window.press("e")
    window.wait_until(lambda screen: outlines(screen) == 0, "no outline is left")
