"""Several readers on the screen: a consensus read, the page of cases and a sign-off there, a competence set."""

import shutil
from collections.abc import Callable
from pathlib import Path

from kept_study import do_as, has_records, press_until_said, said
from pages_on_screen import (
    accent_in_foot,
    answer,
    click_accent,
    page_of,
    press_until_titled,
)
from real_window import Colour, Picture, RealWindow, count, views

from bloodsmear.review.marks import DrawnShape

# Of other readers' marks (desktop/gui/theme/palette.py).
OTHERS: Colour = (0x63, 0xE0, 0xF0)
MAGENTA, GREEN = (220, 0, 200), (0, 200, 40)
KNOWN = "The folder of images whose labels are known, one folder for each label"
FIRST, SECOND = "case 1/1.png", "case 1/2.png"
CIRCLE = DrawnShape("circle", ((100.0, 240.0), (500.0, 240.0)), (640, 480))


def others_marks(screen: Picture) -> int:
    return count(views(screen).of(screen), OTHERS, tolerance=40)


def test_a_third_reader_settles_what_two_differ_on_and_sees_nothing_of_theirs_before(
    open_window: Callable[..., RealWindow], save_image: Callable[..., Path], tmp_path: Path
) -> None:
    save_image(FIRST, MAGENTA, (640, 480))
    folder = save_image(SECOND, GREEN, (640, 480)).parent.parent
    keys = ["consensus Ctrl+Alt+C", "competence Ctrl+Alt+K"]
    window = open_window(folder, settings={"view": "original", "reader": "Cara", "keys": keys})
    window.wait_for(lambda: has_records(1), "the first image is read")
    do_as("Ada", lambda ada: ada.decide([FIRST, SECOND], "benign"))
    do_as("Ada", lambda ada: ada.draw(FIRST, CIRCLE))
    do_as("Ben", lambda ben: ben.decide([FIRST], "early_pre_b"))
    window.wait_until(lambda screen: others_marks(screen) > 300, "Ada's mark is seen")

    press_until_said(window, "ctrl+alt+c", "consensus_begun", "Cara")
    window.wait_until(lambda screen: others_marks(screen) == 0, "it is hidden from who decides alone")
    press_until_said(window, "1", "decided", "Cara", "benign")
    window.wait_until(lambda screen: others_marks(screen) > 300, "it is seen with the others' decisions")
    press_until_said(window, "2", "settled", "Cara", "early_pre_b")

    press_until_titled(window, "ctrl+k", "Cases")
    # Of the case the one image on which they differ, in its frame on the page.
    window.wait_until(
        lambda screen: count(page_of(window, edge_px=40).of(screen), MAGENTA, 8) > 2_000, "its picture"
    )
    click_accent(window)
    window.wait_for(lambda: window.active_title().startswith("Sign off"), "the sheet is there")
    window.press("Return")
    window.wait_for(lambda: said("case_signed_off") == [("Cara", "")], "the case is signed off")
    window.wait_until(lambda screen: not accent_in_foot(window, screen), "it cannot be signed off twice")
    window.press("Escape")

    known, target = tmp_path / "known", tmp_path / "set"
    target.mkdir()
    for label, image in (("Benign", FIRST), ("Pro", SECOND)):
        (known / label).mkdir(parents=True)
        shutil.copy(folder / image, known / label / "a.png")
    press_until_titled(window, "ctrl+alt+k", "Competence set")
    page = page_of(window)
    window.settled()
    # The first button makes a set, the next one scores.
    window.press("space")
    answer(window, KNOWN, known)
    answer(window, "An empty folder for them", target)
    window.wait_for(lambda: len(list(target.glob("*.png"))) == 2, "the set is made")
    window.wait_for(lambda: window.active_title() == "Competence set", "the page has the keys")
    before = page.of(window.settled())
    window.press("Tab", "space")
    answer(window, KNOWN, known)
    window.wait_until(
        lambda screen: int((page.of(screen) != before).any(axis=2).sum()) > 2_000, "the score stands there"
    )
    window.keep_picture("score")
