"""Fixtures for tests that look at the screen itself; see real_window.py for what a window can be asked.

def test_a_folder_opens(open_window: OpenWindow, smear_folder: Path) -> None:
    window = open_window(smear_folder)                    # 1366×768, scale 1, both tiny classifiers
    window.press("j")
    window.wait_until(lambda screen: count(views(screen).of(screen), RED) > 100, "the next image is shown")
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from real_window import Colour, RealWindow, Screen, missing_here

from bloodsmear import paths
from bloodsmear.settings import Settings, Value, write_settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip this folder's tests where there can be no screen."""
    why = missing_here()
    for item in items:
        if why and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture
def open_window(
    tmp_path_factory: pytest.TempPathFactory, tiny_classifiers: Path
) -> Iterator[Callable[..., RealWindow]]:
    """`open_window(*words, size=(1366, 768), scale=1, settings={})`: a screen with the program's window on it.

    A Path alone is opened as a folder; no word is the empty window. With `settings` the user's file is written first.
    The theme is light, unless they say otherwise.
    """
    screens: list[Screen] = []

    def open_it(
        *words: object,
        size: tuple[int, int] = (1366, 768),
        scale: float = 1.0,
        settings: dict[str, Value] | None = None,
    ) -> RealWindow:
        write_settings(
            paths.settings_file(), msgspec.convert({"theme": "light", **(settings or {})}, Settings)
        )
        screen = Screen(size, tmp_path_factory.mktemp("screen"))
        screens.append(screen)
        window = RealWindow(screen, scale)
        if len(words) == 1 and isinstance(words[0], Path):
            words = ("open", words[0])
        window.start(*words)
        return window

    yield open_it
    for screen in screens:
        screen.close()


@pytest.fixture
def save_image(tmp_path: Path) -> Callable[..., Path]:
    """`save_image(name, colour, size=(64, 48))`: a picture of one colour, saved as `tmp_path/smears/NAME`."""

    def save(name: str, colour: Colour, size: tuple[int, int] = (64, 48)) -> Path:
        file = tmp_path / "smears" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.full((size[1], size[0], 3), colour[::-1], np.uint8)
        file.write_bytes(cv2.imencode(file.suffix, pixels)[1].tobytes())
        return file

    return save
