"""A page beside the window on the screen: where it stands, and its button that is named by its colour."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from real_window import Colour, Picture, RealWindow, Rectangle, where

ACCENT: Colour = (0x0B, 0x5C, 0xAD)
# The buttons of a page stand this near to its lower edge.
_FOOT_PX = 70


def page_of(window: RealWindow, edge_px: int = 0) -> Rectangle:
    """Where the page that has the keys lies, without an edge; its own may be some px off by what frames it."""
    page = window.geometry(active=True)
    width, height = page.width - 2 * edge_px, page.height - 2 * edge_px
    return Rectangle(page.left + edge_px, page.top + edge_px, width, height)


def press_until_titled(window: RealWindow, key: str, title: str) -> None:
    """Press the key until the page of this title has the keys: what is not ready yet refuses it."""

    def is_open() -> bool:
        window.press(key)
        window.settled()
        return window.active_title() == title

    window.wait_for(is_open, f"{title} is open")


def accent_in_foot(window: RealWindow, screen: Picture) -> int:
    """How many pixels of the page's buttons have the colour of what leads on."""
    return int(_foot(window, screen).sum())


def click_accent(window: RealWindow) -> None:
    """Click the page's button that leads on, once it can be pressed."""
    screen = window.wait_until(lambda screen: accent_in_foot(window, screen) > 500, "a button leads on")
    rows, columns = np.nonzero(_foot(window, screen))
    page = page_of(window)
    window.click(page.left + int(columns.min()) + 20, page.bottom - _FOOT_PX + int(rows.mean()))


def answer(window: RealWindow, question: str, path: Path) -> None:
    """Type a path into the question of this title, which asks for a file or folder."""
    window.wait_for(lambda: window.active_title() == question, f"it is asked: {question}")
    window.settled()
    window.press("ctrl+a")
    window.type_words(str(path))

    def is_answered() -> bool:
        window.press("Return")
        window.settled()
        return window.active_title() != question

    window.wait_for(is_answered, f"it is answered: {question}")


def _foot(window: RealWindow, screen: Picture) -> npt.NDArray[np.bool_]:
    page = page_of(window)
    return where(screen[page.bottom - _FOOT_PX : page.bottom, page.left : page.right], ACCENT, 6)
