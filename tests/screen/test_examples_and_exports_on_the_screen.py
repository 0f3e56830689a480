"""An image pinned beside others, an example of the laboratory's own beside it, exports of a case and by decision."""

import csv
from collections.abc import Callable
from pathlib import Path

from kept_study import has_records, press_until_said
from pages_on_screen import answer, click_accent, page_of, press_until_titled
from real_window import Colour, Picture, RealWindow, count, views, where

from bloodsmear import paths

MAGENTA, GREEN = (220, 0, 200), (0, 200, 40)
FIRST, SECOND, THIRD = "case 1/1.png", "case 2/2.png", "case 2/3.png"
# A fifth of the views, at least: the rest is ground, captions and the other image.
_MUCH = 0.2


def shows(screen: Picture, *colours: Colour) -> bool:
    """Whether these of the two colours fill much of the views, and the other one nothing."""
    shown = views(screen).of(screen)
    seen = {
        colour: count(shown, colour) / max(1, shown.shape[0] * shown.shape[1]) for colour in (MAGENTA, GREEN)
    }
    return all(share > _MUCH if colour in colours else not share for colour, share in seen.items())


def keep_as_example(window: RealWindow) -> None:
    """Make the shown green image an example of Benign, and pin it."""
    press_until_titled(window, "ctrl+r", "Reference images")
    page = page_of(window, edge_px=40)
    click_accent(window)
    window.settled()
    window.press("Down", "Return")
    example = paths.user_data() / "reference images" / "benign" / "2.png"
    window.wait_for(example.is_file, "the shown image is an example of Benign")
    inside = window.wait_until(
        lambda screen: count(page.of(screen), GREEN) > 2_000, "its picture is on the page"
    )
    rows, columns = where(page.of(inside), GREEN).nonzero()
    window.click(page.left + int(columns.mean()), page.top + int(rows.mean()))
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")


def exported(window: RealWindow, report: Path, which: str) -> dict[str, str]:
    """The decisions of a CSV by image, which says what it is of; its page is closed."""
    window.wait_for(report.is_file, f"the report of {which} is written")
    with report.open(newline="", encoding="utf-8-sig") as file:
        [notice], header, *lines = csv.reader(file)
    assert notice == f"This is a selection: {len(lines)} of the study's 3 images, {which}."
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")
    window.settled()
    return {line[header.index("image")]: line[header.index("decision")] for line in lines}


def export(window: RealWindow, back: int, question: str, target: Path, choice: int = 3) -> None:
    """Open the page of reports, go so many parts back from Save, take a choice there by its place, and save."""
    press_until_titled(window, "ctrl+p", "Export a report")
    window.press(*["shift+Tab"] * back, *["Right"] * choice)
    window.settled()
    window.press("Return")
    answer(window, question, target)


def test_an_example_is_kept_and_pinned_and_what_was_decided_is_exported(
    open_window: Callable[..., RealWindow], save_image: Callable[..., Path], tmp_path: Path
) -> None:
    save_image(FIRST, MAGENTA, (640, 480))
    save_image(THIRD, GREEN, (640, 480))
    folder = save_image(SECOND, GREEN, (640, 480)).parent.parent
    window = open_window(folder, settings={"view": "original", "reader": "Ada"})
    window.wait_until(lambda screen: shows(screen, MAGENTA), "the first image is shown")
    window.press("p", "j")
    window.wait_until(lambda screen: shows(screen, MAGENTA, GREEN), "the second one stands beside it")
    window.press("p")
    window.wait_until(lambda screen: shows(screen, GREEN), "it is alone")
    window.wait_for(lambda: has_records(1), "it is read")
    keep_as_example(window)
    window.press("k")
    window.wait_until(
        lambda screen: shows(screen, MAGENTA, GREEN), "the example stands beside the first image"
    )

    press_until_said(window, "1", "decided", "Ada", "benign")
    report, copies = tmp_path / "case.csv", tmp_path / "copies"
    # Close, the rows, then the choice of images: This case is its last one.
    export(window, 3, "Export CSV", report)
    assert exported(window, report, "those of case 1") == {FIRST: "benign"}
    window.press("ctrl+f")
    window.type_words("case 2")
    window.settled()
    shown, marked = tmp_path / "shown.csv", tmp_path / "marked.csv"
    export(window, 3, "Export CSV", shown, choice=1)
    assert list(exported(window, shown, "those that the list shows (“case 2”)")) == [SECOND, THIRD]
    # Into the list, mark what it shows, and show all again.
    window.click(120, 230)
    window.press("ctrl+a", "ctrl+f", "ctrl+a", "BackSpace")
    window.settled()
    export(window, 3, "Export CSV", marked, choice=2)
    assert list(exported(window, marked, "those marked in the list")) == [SECOND, THIRD]
    copies.mkdir()
    # Before it the form of the CSV and the kinds: Images by decision is the last one.
    export(window, 5, "An empty folder for them", copies)
    window.wait_for((copies / "provenance.csv").is_file, "the copies are made")
    assert (copies / "benign" / FIRST).read_bytes() == (folder / FIRST).read_bytes()
