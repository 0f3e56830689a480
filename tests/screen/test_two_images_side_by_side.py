"""An image pinned beside another: both are on the screen, and the pinned one stays while the others are walked."""

from collections.abc import Callable
from pathlib import Path

from real_window import Picture, RealWindow, count, views

MAGENTA, GREEN, BLUE = (220, 0, 200), (0, 200, 40), (20, 60, 230)
# A quarter of the views, at least: the rest is ground, captions and the other image.
_MUCH = 0.2

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


def shows(screen: Picture, *colours: tuple[int, int, int]) -> bool:
    """Whether each of these colours fills much of the views, and no other one of the three any of them."""
    shown = views(screen).of(screen)
    area = shown.shape[0] * shown.shape[1]
    seen = {colour: count(shown, colour) for colour in (MAGENTA, GREEN, BLUE)}
    others = sum(number for colour, number in seen.items() if colour not in colours)
    return all(seen[colour] > _MUCH * area for colour in colours) and not others


def test_the_pinned_image_stays_beside_the_one_that_is_looked_at_at_200_percent(
    open_window: OpenWindow, save_image: SaveImage
) -> None:
    folder = save_image("1.png", MAGENTA, (640, 480)).parent
    save_image("2.png", GREEN, (640, 480))
    save_image("3.png", BLUE, (640, 480))
    window = open_window(folder, size=(2732, 1536), scale=2, settings={"view": "original"})
    window.wait_until(lambda screen: shows(screen, MAGENTA), "the first image is shown")

    window.press("p", "j")
    window.wait_until(lambda screen: shows(screen, MAGENTA, GREEN), "the second one stands beside it")
    window.press("j")
    window.wait_until(lambda screen: shows(screen, MAGENTA, BLUE), "the third one stands beside it")
    window.press("p")
    window.wait_until(lambda screen: shows(screen, BLUE), "the third one is alone")
