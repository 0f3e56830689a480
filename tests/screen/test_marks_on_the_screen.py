"""Marks on the screen: drawn with the mouse by a key, seen on both pictures, undone, and gone with their image."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from kept_study import has_records, marks_kept, said
from pages_on_screen import answer
from real_window import Colour, Picture, RealWindow, Rectangle, count, views, where

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
    open_window: OpenWindow, save_image: SaveImage, tmp_path: Path
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
    draws_the_other_shapes(window)
    another_reader_finds_them(window, tmp_path / "marks", (x, y))

    window.kill()
    window.start("open", folder)

    window.wait_until(shows(MAGENTA), "the image is shown again")
    window.wait_until(has_marks, "the circle is there")


def picture_on(screen: Picture) -> Rectangle:
    """Where the whole picture lies on the screen, by its own colour."""
    area = views(screen)
    rows, columns = where(area.of(screen), MAGENTA, 2).nonzero()
    width, height = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    return Rectangle(area.left + int(columns.min()), area.top + int(rows.min()), width, height)


def has_ink(place: Rectangle, screen: Picture) -> bool:
    """Whether a mark of the reader's own is seen there."""
    return count(place.of(screen), OWN, tolerance=60) > 10


def are_kept(number: int) -> bool:
    return len(marks_kept()) == number


def draws_the_other_shapes(window: RealWindow) -> None:
    """Draw an arrow, a point and words at the upper left of the picture."""
    before = window.settled()
    shown = picture_on(before)
    x, y = shown.left, shown.top
    drags = {
        "shift+a": ((x + 40, y + 40), (x + 100, y + 80)),
        "shift+p": ((x + 140, y + 40), (x + 140, y + 40)),
        "shift+x": ((x + 180, y + 80), (x + 180, y + 80)),
    }
    for number, (key, (start, end)) in enumerate(drags.items(), 2):
        # Else a capital letter begins the words of what was drawn last.
        window.press("Escape", key)
        window.drag(start, end)
        if key == "shift+x":
            window.settled()
            window.type_words("smudge")
            window.press("Return")
        window.wait_for(partial(are_kept, number), f"what {key} draws is kept")
    # While it is drawn it is seen in any case.
    after = window.settled()
    for key, (_, end) in drags.items():
        beside = Rectangle(end[0] - 12, end[1] - 20, 30, 32)
        assert not has_ink(beside, before), key
        assert has_ink(beside, after), key
    assert [mark.shape for mark in marks_kept()] == ["circle", "arrow", "point", "text"]


def another_reader_finds_them(window: RealWindow, target: Path, circle: tuple[int, int]) -> None:
    """Export the marks by the menu: a reader of GeoJSON finds them where they were drawn on the screen."""
    shape = pytest.importorskip("shapely.geometry").shape
    target.mkdir()
    window.press("Escape", "Escape", "alt+f")
    window.settled()
    # Below it: print, classifiers, train, teach, quit.
    window.press(*["Up"] * 6, "Return")
    answer(window, "An empty folder for them", target)
    file = target / "1.png.geojson"
    window.wait_for(file.is_file, "the marks are written")
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["name"] for one in features] == ["u1 no", "Arrow", "Point", "smudge"]
    shown = picture_on(window.settled())
    drawn = [
        (circle[0] - shown.left, circle[1] - shown.top),
        (70, 60),
        (140, 40),
        (180, 80),
    ]
    for one, (x, y) in zip(features, drawn, strict=True):
        middle = shape(one["geometry"]).centroid
        assert abs(middle.x - x * 1024 / shown.width) < 3, one["properties"]["name"]
        assert abs(middle.y - y * 768 / shown.height) < 3, one["properties"]["name"]
