"""Original and denoised on the screen: the keys, the other picture while Space is held, what the next start shows."""

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from real_window import Picture, RealWindow, views

from bloodsmear.images.rgb_image import RgbImage

OpenWindow = Callable[..., RealWindow]
SaveImage = Callable[..., Path]


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    """A folder of two images, each pixel black or white: denoised, nearly none of them still is."""
    folder = tmp_path / "smears"
    folder.mkdir()
    for number in (1, 2):
        random = np.random.default_rng(number)
        pixels: RgbImage = np.repeat(random.choice(np.array([0, 255], np.uint8), (96, 128, 1)), 3, axis=2)
        (folder / f"{number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return folder


def noise(part: Picture) -> float:
    """The share of pixels that are quite black or quite white: half of them and more in the original's part."""
    dark, light = (part < 6).all(axis=2), (part > 249).all(axis=2)
    return float((dark | light).mean())


def halves(screen: Picture) -> tuple[float, float]:
    """The noise left and right of the middle of the views, where pictures are."""
    shown = views(screen).of(screen)
    height, width = shown.shape[:2]
    rows = np.s_[height // 3 : 2 * height // 3]
    return noise(shown[rows, width // 8 : 3 * width // 8]), noise(
        shown[rows, 5 * width // 8 : 7 * width // 8]
    )


def looks(*expected: str) -> Callable[[Picture], bool]:
    """Whether the left and the right of the views show `original` or `denoised`."""

    def holds(screen: Picture) -> bool:
        if not views(screen).width:
            return False
        return tuple("original" if half > 0.4 else "denoised" for half in halves(screen)) == expected

    return holds


def test_keys_choose_the_way_and_held_space_shows_the_other_picture(
    open_window: OpenWindow, noisy: Path
) -> None:
    window = open_window(noisy, settings={"view_layout": "side_by_side"})
    for key, shown, other in (
        ("c", ("original", "denoised"), ("denoised", "original")),
        ("w", ("original", "denoised"), ("denoised", "original")),
        ("b", ("denoised", "denoised"), ("original", "original")),
        ("r", ("original", "original"), ("denoised", "denoised")),
    ):
        if key != "c":
            window.press(key)
        window.wait_until(looks(*shown), f"{key} shows {shown}")
        window.hold("space")
        window.wait_until(looks(*other), f"space shows {other} after {key}")
        window.let_go("space")
        window.wait_until(looks(*shown), f"{key} shows {shown} again")


def test_the_last_choice_holds_for_the_next_start_the_original_alone_too(
    open_window: OpenWindow, noisy: Path
) -> None:
    window = open_window(noisy, settings={"view_layout": "side_by_side"})
    window.wait_until(looks("original", "denoised"), "both are shown")
    window.press("r")
    window.wait_until(looks("original", "original"), "the original alone is shown")
    window.close()
    window.start("open", noisy)
    window.wait_until(looks("original", "original"), "the original alone is shown again")
    window.press("w")
    window.wait_until(looks("original", "denoised"), "the wipe shows both")


def test_over_the_wipes_line_the_wheel_zooms(open_window: OpenWindow, noisy: Path) -> None:
    window = open_window(noisy, settings={"view": "wipe"})
    window.wait_until(looks("original", "denoised"), "the wipe shows both")
    line = views(window.settled()).middle
    # On the line, away from its handle; the picture grows over the ground above and below it.
    before = float((window.settled() == (0x20, 0x24, 0x2C)).all(axis=2).mean())
    window.wheel(line[0], line[1] + 60, 4)
    window.wait_until(
        lambda screen: float((screen == (0x20, 0x24, 0x2C)).all(axis=2).mean()) < before / 2 or before == 0,
        "the picture is larger",
    )


def test_paging_never_darkens_the_denoised_half(open_window: OpenWindow, save_image: SaveImage) -> None:
    """Non-local means takes longer than the patience of 120 ms: what stands there meanwhile is what is looked at."""
    for number in range(4):
        shade = 200 + 10 * number
        folder = save_image(f"{number}.png", (shade, shade, shade), (1024, 768)).parent
    slow = {"denoiser": "non_local_means", "view_layout": "side_by_side"}
    window = open_window(folder, settings=slow)

    def middles(screen: Picture) -> tuple[int, int]:
        """How bright the middles of the original's and of the denoised half are."""
        place = views(screen)
        columns = [place.left + share * place.width // 4 for share in (1, 3)] if place.width else [0, 0]
        return int(screen[place.middle[1], columns[0]].max()), int(screen[place.middle[1], columns[1]].max())

    window.wait_until(lambda screen: min(middles(screen)) >= 200, "the first image is shown")
    dark, longest = 0, 0
    for _ in range(3):
        window.press("j")
        pressed = time.monotonic()
        while time.monotonic() - pressed < 1.0:
            original, denoised = middles(window.picture())
            # While an image is read, a sentence stands in place of both. One look may fall in between.
            dark = dark + 1 if original >= 195 > denoised else 0
            longest = max(longest, dark)
    assert longest <= 1
