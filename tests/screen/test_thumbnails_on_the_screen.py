"""The list's small pictures are those of the files as they are now."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from real_window import Colour, Picture, RealWindow, count

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
# The list is as wide at 1366×768 and scale 1; a thumbnail there has 72 × 54 px.
LIST_PX, MOST_OF_ONE_PX = 250, 3000

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def thumbnails(colour: Colour, number: int) -> Callable[[Picture], bool]:
    """Whether so many thumbnails are of this colour, and no other pixel of the list is."""

    def holds(screen: Picture) -> bool:
        found = count(screen[:, :LIST_PX], colour, tolerance=8)
        return number * MOST_OF_ONE_PX < found < (number + 1) * MOST_OF_ONE_PX if number else not found

    return holds


def test_a_file_that_was_replaced_shows_its_new_picture_in_the_list_once_it_is_read(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    save_image("2.png", MAGENTA, (1024, 768))
    window = open_window(folder)
    window.wait_until(thumbnails(MAGENTA, 2), "both are in the list")
    save_image("2.png", GREEN, (1024, 768))
    window.press("j")
    window.wait_until(thumbnails(GREEN, 1), "the new picture is in the list")
    assert thumbnails(MAGENTA, 1)(window.picture())


def test_pictures_come_into_the_list_when_their_drive_is_back(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    for number in range(2, 30):
        save_image(f"{number}.png", GREEN if number > 15 else MAGENTA, (1024, 768))
    window = open_window(folder)
    window.wait_until(
        lambda screen: count(screen[:, :LIST_PX], MAGENTA, 8) > 6 * MOST_OF_ONE_PX, "it is listed"
    )
    away = folder.rename(folder.with_name("away"))
    window.click(120, 300)
    window.press("End")
    window.wait_until(thumbnails(MAGENTA, 0), "the end of the list has no pictures")
    assert thumbnails(GREEN, 0)(window.picture())
    away.rename(folder)
    window.wait_until(
        lambda screen: count(screen[:, :LIST_PX], GREEN, 8) > 6 * MOST_OF_ONE_PX, "they are back"
    )


def test_a_folder_with_the_same_names_shows_no_picture_of_the_one_before(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("a/1.png", MAGENTA, (1024, 768)).parent
    other = save_image("b/1.png", GREEN, (1024, 768)).parent
    window = open_window(folder)
    window.wait_until(thumbnails(MAGENTA, 1), "the first folder is listed")
    assert window.drop(other, 120, 500)
    window.wait_until(thumbnails(GREEN, 1), "the other folder is listed")
    assert thumbnails(MAGENTA, 0)(window.picture())


def test_the_list_as_a_grid_has_pictures_beside_each_other_and_is_one_again_at_the_next_start(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    for number in range(2, 9):
        save_image(f"{number}.png", MAGENTA, (1024, 768))

    def beside(screen: Picture) -> int:
        """How many pictures the fullest line of the list has, by the gaps in it."""
        is_picture = np.all(np.abs(screen[:, :LIST_PX].astype(int) - MAGENTA) < 9, axis=2)
        fullest = is_picture[int(is_picture.sum(axis=1).argmax())]
        return int((fullest[1:] & ~fullest[:-1]).sum())

    window = open_window(folder)
    window.wait_until(lambda screen: beside(screen) == 1, "it is a list")
    window.press("shift+l")
    window.wait_until(lambda screen: beside(screen) == 2, "two stand beside each other")
    window.press("period", "period")
    window.wait_until(
        lambda screen: count(screen[:, :LIST_PX], MAGENTA, 8) > 4 * MOST_OF_ONE_PX and beside(screen) == 1,
        "they are large",
    )
    window.press("comma", "comma")
    window.wait_until(lambda screen: beside(screen) == 2, "and small again")
    assert window.close() == 0
    window.start("open", folder)
    window.wait_until(lambda screen: beside(screen) == 2, "the grid is back")
