"""The window lies within its screen, whatever size and scaling, with the Research-Use sentence in sight."""

from collections.abc import Callable

import numpy as np
import pytest
from real_window import Picture, RealWindow

from bloodsmear import paths
from bloodsmear.settings import read_settings

OpenWindow = Callable[..., RealWindow]

# The last line with the frame below it, and the margin beside its words.
_FOOT_PX, _MARGIN_PX = 34, 12
_DARK = 140


def is_whole(screen: Picture, scale: float) -> bool:
    """Whether the window's last line is on the screen, from the sentence on its left to the names on its right."""
    rows, columns = np.nonzero(screen.any(axis=2))
    window = screen[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    line = window[-round(_FOOT_PX * scale) : -round(6 * scale)]
    dark = (line.max(axis=2) < _DARK).any(axis=0)
    half, margin = line.shape[1] // 2, round(_MARGIN_PX * scale)
    changes = np.abs(np.diff(dark.astype(int)))
    # Letters and gaps by turns; nothing is cut off at the right end.
    return bool(changes[:half].sum() > 40 and changes[-half:].sum() > 30 and not dark[6 - margin : -6].any())


def quit_program(window: RealWindow) -> None:
    """By its own key. The window manager's is lost now and then while it takes in that a window was moved."""
    assert window.process is not None
    window.press("ctrl+q")
    assert window.process.wait(20) == 0


@pytest.mark.parametrize(
    ("size", "scale"), [((1366, 768), 1.0), ((1366, 768), 2.0), ((1280, 720), 1.5), ((2560, 1440), 1.0)]
)
def test_the_first_window_fits_the_screen(
    open_window: OpenWindow, size: tuple[int, int], scale: float
) -> None:
    window = open_window(size=size, scale=scale)
    window.wait_until(lambda screen: is_whole(screen, scale), "the window is whole on its screen")


def test_a_place_kept_on_a_large_screen_is_not_used_on_a_small_one(open_window: OpenWindow) -> None:
    large = open_window(size=(2560, 1440))
    large.screen.ask("getactivewindow", "windowsize", 1900, 1200)
    large.wait_for(lambda: large.geometry().width > 1800, "the window is larger than the small screen")
    quit_program(large)
    kept = read_settings(paths.settings_file()).settings.window_geometry
    assert kept
    small = open_window(size=(1366, 768), settings={"window_geometry": kept})
    small.wait_until(lambda screen: is_whole(screen, 1.0), "the window is whole on its screen")


def test_a_place_that_fits_is_taken_again(open_window: OpenWindow) -> None:
    window = open_window(size=(2560, 1440))
    place = window.geometry()
    window.screen.ask("getactivewindow", "windowmove", place.left - 300, place.top + 90)
    window.wait_for(lambda: window.geometry() != place, "the window was moved")
    window.settled()
    moved = window.geometry()
    quit_program(window)
    window.start()
    window.settled()
    assert window.geometry() == moved
