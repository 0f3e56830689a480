"""At 1366×768 and 200 % the reading is at hand: the picture, the figures, the decision, each on the screen at once."""

from collections.abc import Callable
from pathlib import Path

from real_window import Colour, Picture, RealWindow, Rectangle, count, views

from bloodsmear.classifiers.label_colours import label_colour
from bloodsmear.classifiers.labels import LABELS

OpenWindow = Callable[..., RealWindow]

SMALL, SCALE = (1366, 768), 2.0
PURPLE = (150, 60, 190)
# Of the light theme's main button, and of the bars, whichever labels the two classifiers name.
ACCENT = (0x0B, 0x5C, 0xAD)


def colour_of(label: str) -> Colour:
    """The colour of a label's bar."""
    red, green, blue = bytes.fromhex(label_colour(label)[1:])
    return red, green, blue


def reading(screen: Picture) -> Rectangle:
    """The part right of picture and toolbar, above the foot of the window and below its own bar."""
    shown = views(screen)
    top = max(0, shown.top - 60)
    return Rectangle(shown.right + 8, top, SMALL[0] - shown.right - 8, SMALL[1] - 60 - top)


def has_a_bar_for_each_classifier(screen: Picture) -> bool:
    """Whether two bars, in the upper half of the reading, stand one below the other."""
    part = reading(screen).of(screen)[: SMALL[1] // 2]
    if not part.size:
        return False
    bars = [colour_of(label.key) for label in LABELS]
    rows = [any(count(part[row : row + 1], colour) > 12 for colour in bars) for row in range(part.shape[0])]
    return sum(now and not before for before, now in zip([False, *rows], rows, strict=False)) >= 2


def test_picture_figures_and_decision_are_on_the_screen_at_once(
    open_window: OpenWindow, save_image: Callable[..., Path]
) -> None:
    folder = save_image("a.png", PURPLE, (640, 480)).parent
    window = open_window(folder, size=SMALL, scale=SCALE, settings={"reader": "Ada", "view": "original"})
    screen = window.wait_until(
        lambda seen: has_a_bar_for_each_classifier(seen) and count(views(seen).of(seen), PURPLE, 2) > 1000,
        "the picture and two figures are shown",
    )
    shown = views(screen)
    assert shown.width > SMALL[0] // 2
    assert shown.height > SMALL[1] // 2
    # With its key a decision is made, and confirmed with the mouse where the primary button stands: in sight.
    window.press("1")
    accent = window.wait_until(
        lambda seen: count(reading(seen).of(seen), ACCENT) > 2000, "it can be confirmed"
    )
    part = reading(accent)
    rows = [row for row in range(part.height) if count(part.of(accent)[row : row + 1], ACCENT) > 100]
    assert rows[0] > 0
    assert rows[-1] < part.height - 1
