"""The gallery of cells and the counter on the real screen: crops are painted, keys name, count, and lose nothing."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from real_window import Picture, RealWindow

from bloodsmear import paths
from bloodsmear.errors import StudyError
from bloodsmear.storage.study_store import StudyStore

OpenWindow = Callable[..., RealWindow]
# Of the gallery's window, where its crops begin at 1366×768 and scale 1.
CROPS = (slice(80, 300), slice(110, 560))


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with one synthetic image of five cells."""
    folder = tmp_path / "smears"
    (folder / "case 1").mkdir(parents=True)
    shutil.copy(paths.demo_images() / "synthetic-2" / "smear-1.jpg", folder / "case 1" / "smear.jpg")
    return folder


def purple_in(screen: Picture) -> int:
    """How many pixels of the part with the first crops are as purple as nuclei are."""
    part = screen[CROPS].astype(int)
    red, green, blue = (part[:, :, channel] for channel in range(3))
    return int(np.count_nonzero((blue - green > 60) & (blue > red)))


def said() -> list[tuple[str, str]]:
    """What was kept of cells: kind and name."""
    try:
        (study,) = paths.studies().glob("*.bloodsmear")
        with StudyStore.open_existing(study) as store:
            events = store.events.read()
    except (ValueError, StudyError):
        return []
    return [(event.entry.kind, event.entry.decision) for event in events]


def open_gallery(window: RealWindow) -> None:
    window.wait_for(lambda: "smears" in window.title(), "the folder is open")
    window.press("ctrl+shift+d")
    window.wait_until(lambda screen: purple_in(screen) > 4000, "the crops are painted")


def test_cells_are_named_by_keys_on_the_screen_and_a_kill_loses_none(
    open_window: OpenWindow, case: Path
) -> None:
    window = open_window(case, settings={"reader": "Ada"})
    open_gallery(window)
    # Keys count once the study's file is open.
    for number in (1, 2):
        window.wait_for(partial(pressed, window, number), f"{number} cells are named")
    window.kill()
    assert [name for kind, name in said() if kind == "cell_named"] == ["neutrophil"] * 2
    window.start("open", case)
    open_gallery(window)
    window.wait_for(lambda: pressed(window, 3), "a third is named")


def pressed(window: RealWindow, number: int) -> bool:
    """Press the key until so many cells are named: before the study's file is open it is refused."""
    if len(said()) < number:
        window.press("n")
    return len(said()) == number


def test_the_counter_counts_on_the_screen_and_a_kill_loses_nothing(
    open_window: OpenWindow, case: Path
) -> None:
    window = open_window(case, settings={"reader": "Ada"})
    window.wait_for(lambda: "smears" in window.title(), "the folder is open")
    window.press("ctrl+d")
    window.wait_for(lambda: window.active_title() == "Counter", "the counter is there")
    window.wait_for(lambda: pressed(window, 1), "the first is counted")
    window.press("l", "m", "l")
    window.wait_for(lambda: len(said()) == 4, "all are counted")
    window.kill()
    assert said() == [
        ("cell_counted", name) for name in ("neutrophil", "lymphocyte", "monocyte", "lymphocyte")
    ]
