"""The second window on the screen: never another image's pixels than the first, whatever comes over the picture."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kept_study import has_records, marks_kept, said
from real_window import Picture, RealWindow, count, where

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def right_half(screen: Picture) -> Picture:
    """Where the second window is put, over the first one's reading and a part of its picture."""
    return screen[:, 1400:]


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda screen: count(right_half(screen), colour, tolerance=2) > 50_000


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one."""
    save_image("1.png", GREEN, (1600, 1200))
    return save_image("2.png", MAGENTA, (1600, 1200)).parent


def test_the_second_window_has_the_image_of_the_first_at_each_step(
    open_window: OpenWindow, smears: Path
) -> None:
    window = open_window(smears, size=(2400, 800), settings={"view": "original", "reader": "Ada"})
    ask = window.screen.ask
    window.wait_until(lambda screen: count(screen, GREEN, 2) > 50_000, "the first image is shown")
    window.press("F12")
    window.wait_for(lambda: "second window" in window.active_title(), "the second window has the keys")
    second = ask("getactivewindow")
    ask("windowsize", "--sync", second, 960, 720)
    ask("windowmove", "--sync", second, 1410, 30)
    window.wait_until(shows(GREEN), "it has the first image")

    window.press("j")
    window.wait_until(shows(MAGENTA), "its keys choose the next one")
    screen = window.wait_until(
        lambda screen: count(right_half(screen), GREEN, 8) == 0, "nothing of the first is left"
    )
    assert count(screen[:, :1366], MAGENTA, 2) > 50_000
    window.press("z")
    window.wheel(1900, 400, turns=3)
    window.press("k")
    window.wait_until(shows(GREEN), "and back")
    settled = window.settled()
    assert not where(right_half(settled), MAGENTA, 8).any()
    assert np.array_equal(settled, window.picture())
    window.wait_for(lambda: has_records(1), "the study is kept")
    window.press("shift+b")
    window.drag((1800, 300), (1900, 400))
    window.settled()
    window.type_words("u1 no")
    window.press("Return")
    window.wait_for(
        lambda: [mark.words for mark in marks_kept()] == ["u1 no"],
        "what is typed there names the mark that was drawn there",
    )
    assert said("decided") == []
    window.screen.ask("windowactivate", "--sync", second)
    window.press("Escape", "Escape", "Escape")
    window.wait_for(lambda: window.active_title() == "smears – Bloodsmear", "Escape closes it")
    assert window.close() == 0


def test_a_choice_in_the_second_window_without_a_reader_leads_to_the_field_for_the_name(
    open_window: OpenWindow, smears: Path
) -> None:
    window = open_window(smears, size=(2400, 800), settings={"view": "original"})
    window.wait_until(lambda screen: count(screen, GREEN, 2) > 50_000, "the first image is shown")
    window.press("F12")
    window.wait_for(lambda: "second window" in window.active_title(), "the second window has the keys")
    window.wait_for(lambda: has_records(1), "the study is kept")
    window.press("1")
    window.wait_for(lambda: window.active_title() == "smears – Bloodsmear", "the name is asked for")
    window.type_words("Ada")
    window.press("Return")
    window.press("1")
    window.wait_for(lambda: said("decided") == [("Ada", "benign")], "and the choice is kept")
    assert window.close() == 0
