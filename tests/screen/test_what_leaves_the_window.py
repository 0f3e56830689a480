"""The right-click menus, what is copied, saved and printed, and an image that is dragged out, on the screen."""

import hashlib
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from real_window import Picture, RealWindow, count, views

from bloodsmear.images.decode import decode_image

GREEN, MAGENTA = (0, 200, 40), (220, 0, 200)
DROP_TARGET, CLIPBOARD_READER = (
    Path(__file__).with_name(name) for name in ("drop_target.py", "clipboard_reader.py")
)
# The values of the page of image information: how far right of its edge, and from line to line.
VALUES_PX, LINE_PX = 200, 24

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def smears(save_image: SaveImage) -> Path:
    """A green image and a magenta one."""
    save_image("1.png", GREEN, (640, 480))
    return save_image("2.png", MAGENTA, (640, 480)).parent


def shows(colour: tuple[int, int, int]) -> Callable[[Picture], bool]:
    return lambda screen: count(views(screen).of(screen), colour, tolerance=2) > 10_000


@pytest.fixture
def copies() -> Callable[[RealWindow], Callable[[], list[str]]]:
    """`lines = copies(window)`: from now on another program says what comes into the clipboard, `lines()`."""

    def listen(window: RealWindow) -> Callable[[], list[str]]:
        said = window.screen.folder / "clipboard.txt"
        window.screen.start([sys.executable, str(CLIPBOARD_READER)], {"QT_QPA_PLATFORM": "xcb"}, said)
        window.wait_for(lambda: said.exists() and "ready" in said.read_text(), "somebody listens")
        return lambda: said.read_text().splitlines()

    return listen


@pytest.fixture
def systems_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What the system's program for opening files was given: another one stands in its place, and only writes it."""
    program, given = tmp_path / "programs" / "xdg-open", tmp_path / "given.txt"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{given}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return lambda: given.read_text(encoding="utf-8").splitlines() if given.exists() else []


def printed(pdf: Path) -> Picture:
    """The picture on a printed page."""
    content = pdf.read_bytes()
    begin = re.search(rb"/Subtype /Image.*?/Filter /DCTDecode.*?stream\r?\n", content, re.DOTALL)
    assert begin is not None
    pixels = cv2.imdecode(np.frombuffer(content[begin.end() :], np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return np.asarray(pixels, np.uint8)


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


def test_a_right_click_on_another_row_means_that_image_and_leads_to_what_its_file_says(
    open_window: OpenWindow,
    smears: Path,
    copies: Callable[[RealWindow], Callable[[], list[str]]],
    systems_own: Callable[[], list[str]],
) -> None:
    window = open_window(smears)
    window.wait_until(shows(GREEN), "the first image is shown")

    window.click(*second_row(window), button=3)

    window.wait_until(shows(MAGENTA), "the row that was clicked is the chosen one")
    window.settled()
    window.keep_picture("menu of the list")
    # The last entry of the menu.
    window.press("Up", "Return")
    window.wait_for(lambda: window.active_title() == "Image information", "what the file says is there")
    window.settled()
    lines, page = copies(window), window.geometry(active=True)
    # Each value is chosen and copied as a reader does it.
    for y in range(page.top + 4 * LINE_PX, page.top + 8 * LINE_PX, LINE_PX):
        window.click(page.left + VALUES_PX, y, times=2)
        window.press("ctrl+c")
    sha256 = hashlib.sha256((smears / "2.png").read_bytes()).hexdigest()
    window.wait_for(lambda: f"text {sha256}" in lines(), "the sum of the second image's file can be copied")
    window.press("Escape")
    window.wait_for(lambda: window.active_title().endswith("Bloodsmear"), "the page is closed")
    window.click(*views(window.picture()).middle, button=3)
    window.settled()
    window.keep_picture("menu of the picture")
    window.press("Escape")
    window.settled()
    assert shows(MAGENTA)(window.picture())

    asked = [(smears / "2.png").as_uri(), smears.as_uri()]
    window.press("ctrl+shift+o")
    window.wait_for(lambda: systems_own() == asked[:1], "the system is asked to open the file")
    window.press("ctrl+shift+f")
    window.wait_for(lambda: systems_own() == asked, "and to show its folder")


def test_the_saved_the_copied_and_the_printed_view_are_the_picture_that_the_screen_shows(
    open_window: OpenWindow,
    smears: Path,
    tmp_path: Path,
    copies: Callable[[RealWindow], Callable[[], list[str]]],
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

    lines, magenta = copies(window), "{:02x}{:02x}{:02x}".format(*MAGENTA)
    window.press("ctrl+c")
    window.wait_for(
        lambda: f"image {pixels.shape[1]} {pixels.shape[0]} {magenta}" in lines(), "the view is copied"
    )
    window.press("ctrl+shift+c")
    window.wait_for(lambda: f"image 640 480 {magenta}" in lines(), "the picture is copied with each pixel")

    window.press("ctrl+shift+p")
    window.wait_for(lambda: window.active_title() == "Print", "the system asks for a printer")
    window.settled()
    # Without one it prints to a PDF, in the home of the user.
    window.press("Return")
    target = window.screen.folder / "2.pdf"
    window.wait_for(lambda: target.exists() and b"%%EOF" in target.read_bytes()[-64:], "the view is printed")
    paper = printed(target)
    assert paper.shape == pixels.shape
    assert count(paper, MAGENTA, 8) > 10_000
    assert count(paper, GREEN, 40) == 0
