"""Marks on the screen: drawn with the mouse by a key, seen on both pictures, undone, and gone with their image."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kept_study import has_records, marks_kept, said
from real_window import Colour, Picture, RealWindow, count, views

# Of a reader's own marks (desktop/gui/theme/palette.py).
OWN: Colour = (0xFF, 0xD8, 0x4D)
GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def shows(colour: Colour) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


def marked(screen: Picture) -> int:
    """How many pixels of the views are a mark's."""
    return count(views(screen).of(screen), OWN, tolerance=12)


def has_marks(screen: Picture) -> bool:
    return marked(screen) > 300


def has_none(screen: Picture) -> bool:
    # A faint or blended rest counts, too.
    return count(views(screen).of(screen), OWN, tolerance=60) == 0


@pytest.mark.parametrize("scale", [1, 2])
def test_a_mark_is_drawn_with_the_mouse_and_never_lies_on_another_image(
    open_window: OpenWindow, save_image: SaveImage, scale: int
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    save_image("2.png", GREEN, (1024, 768))
    (folder / "3.png").write_bytes((folder / "1.png").read_bytes()[:60])
    window = open_window(
        folder,
        size=(1366 * scale, 768 * scale),
        scale=scale,
        settings={"view": "original", "reader": "Ada"},
    )
    window.wait_until(shows(MAGENTA), "the first image is shown")
    window.wait_for(lambda: has_records(1), "the study is kept")
    window.settled()
    x, y = views(window.picture()).middle
    window.press("shift+b")
    window.drag((x - 80 * scale, y - 60 * scale), (x + 80 * scale, y + 60 * scale))
    window.wait_until(has_marks, "the box is seen")
    window.settled()
    window.press("Escape", "Escape")
    window.wait_until(has_marks, "the box stays")

    for key, colour in (("j", GREEN), ("k", MAGENTA)):
        window.press(key)
        window.wait_until(shows(colour), f"the image after {key} is shown")
        window.wait_until(has_marks if colour == MAGENTA else has_none, f"its own marks are seen after {key}")
    # From a mark to an image that cannot be read, under zoom.
    window.wheel(x, y, 4)
    window.settled()
    window.press("j", "j")
    window.wait_until(has_none, "no mark lies on nothing")
    window.press("k", "k", "f")
    window.wait_until(has_marks, "it is there again")

    one = marked(window.settled())
    window.press("c")
    window.wait_until(lambda screen: marked(screen) > 300, "it is seen on both pictures")
    window.press("r")
    window.wait_until(lambda screen: abs(marked(screen) - one) <= one // 5, "it is as it was")
    window.press("shift+h")
    window.wait_until(has_none, "it is hidden")
    window.press("shift+h")
    window.wait_until(has_marks, "it is shown again")
    window.press("ctrl+z")
    window.wait_until(has_none, "it was taken back")


def test_a_mark_that_was_drawn_and_named_is_there_after_a_kill(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (1024, 768)).parent
    window = open_window(folder, settings={"view": "original", "reader": "Ada"})
    window.wait_until(shows(MAGENTA), "the image is shown")
    window.wait_for(lambda: has_records(1), "the study is kept")
    window.settled()
    x, y = views(window.picture()).middle
    window.press("shift+c")
    window.drag((x - 80, y), (x + 80, y))
    window.wait_until(has_marks, "the circle is seen")
    window.settled()
    # Each of these keys decides, notes or leads on where no mark was drawn.
    window.type_words("u1 no")
    window.press("Return")
    window.wait_for(
        lambda: [mark.words for mark in marks_kept()] == ["u1 no"], "what was typed are its words"
    )
    assert said("decided") == []

    window.kill()
    window.start("open", folder)

    window.wait_until(shows(MAGENTA), "the image is shown again")
    window.wait_until(has_marks, "the circle is there")
