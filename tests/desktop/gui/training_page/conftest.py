"""A page, and the states that it is shown in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.theme import LIGHT
from desktop.gui.training_page import TrainingPage
from desktop.gui.training_state import Preset, StartingPoint, TrainingState

MakePage = Callable[[TrainingState], TrainingPage]


@pytest.fixture
def start_state() -> TrainingState:
    """Nothing chosen yet."""
    return TrainingState(
        presets=(
            Preset("tiny", "Tiny", "32 × 32 px.", 32, 2, 8),
            Preset("large", "Large", "150 × 150 px.", 150, 40, 32),
        ),
        starts=(
            StartingPoint("unet", "U-Net, from scratch", "unet"),
            StartingPoint("classifier:vgg16", "VGG16 1.0, go on from it", "vgg16", Path("model.keras"), True),
        ),
        taken_ids=frozenset({"our-lab"}),
    )


@pytest.fixture
def make_page(qtbot: QtBot) -> Iterator[MakePage]:
    made: list[TrainingPage] = []

    def make(state: TrainingState) -> TrainingPage:
        made.append(TrainingPage(state, LIGHT))
        with qtbot.waitExposed(made[-1]):
            made[-1].show()
        return made[-1]

    yield make
    for page in made:
        page.close()
        page.deleteLater()
