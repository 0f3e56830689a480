"""The training page of the real window, led to what a picture is taken of: a real fit of a small network.

Its images are drawn here, synthetic smears in the staining of each of the demo images; the figures in the pictures are
what that network reaches on them, and say nothing about any smear.
"""

import itertools
from pathlib import Path

import cv2
from draw_demo_images import BLUE, PALE, VIOLET, WARM, Kind, Smear, draw_smear
from window_stage import Stage

from bloodsmear import paths
from desktop.gui.training import ProgramCall, TrainingTools
from desktop.gui.training.state import FitSeen, Preset, TrainingWish

# Small enough for two busy processor cores and long enough for curves.
PRESET = Preset("small", "Small", "48 × 48 px, at most 12 epochs.", 48, 12, 8)
_IN_USE = ("vgg16", "unet")
_NAME = "Synthetic demo"
_IMAGES_A_LABEL = 40
_SIZE_PX = (320, 240)
_PAGE_PX = (860, 620)
_EPOCHS_BEFORE_PICTURE = 7
# TensorFlow starts, and three classifiers are measured, on a PC that may be busy.
_LONGEST_WAIT_S = 3600.0
# What tells the labels apart here: how many cells of which kind.
_CELLS: dict[str, tuple[Kind, ...]] = {
    "Benign": ("lymphocyte", "neutrophil"),
    "Early Pre-B": ("blast", "lymphocyte"),
    "Pre-B": ("blast", "blast", "blast"),
    "Pro-B": ("blast",) * 5,
}


def training_tools() -> TrainingTools:
    """The real training program, with a preset that a picture can wait for."""
    return TrainingTools(ProgramCall(paths.training_runs()), (PRESET,), _IN_USE)


def draw_labelled(folder: Path, images_a_label: int) -> None:
    """Draw a labelled folder of synthetic smears, the same at every run."""
    stains = itertools.cycle((VIOLET, BLUE, WARM, PALE))
    seeds = itertools.count(1)
    for label, cells in _CELLS.items():
        (folder / label).mkdir(parents=True)
        for number in range(1, images_a_label + 1):
            smear = Smear("", next(stains), cells, red_cells=14, size=_SIZE_PX, platelets=2)
            pixels = cv2.cvtColor(draw_smear(smear, next(seeds)), cv2.COLOR_RGB2BGR)
            _, content = cv2.imencode(".png", pixels)
            (folder / label / f"smear-{number}.png").write_bytes(content.tobytes())


def show_fit(stage: Stage, folder: Path) -> None:
    """Draw labelled images into `folder` and show a fit of them under way, with curves."""
    _begin(stage, folder)
    stage.wait(
        lambda: _is_under_way(stage.window.training.controller.state.fit),
        "the fit has curves",
        _LONGEST_WAIT_S,
    )


def show_outcome(stage: Stage, folder: Path) -> None:
    """Stop the same fit and show the classifier that came of it beside those in use."""
    show_fit(stage, folder)
    stage.window.training.controller.keep_best()
    controller = stage.window.training.controller
    stage.wait(lambda: controller.state.phase == "finished", "the classifier is measured", _LONGEST_WAIT_S)


def _begin(stage: Stage, folder: Path) -> None:
    draw_labelled(folder, _IMAGES_A_LABEL)
    door = stage.window.training
    door.open()
    if door.page is not None:
        door.page.resize(*_PAGE_PX)
        stage.shown = door.page
    controller = door.controller
    controller.changed.connect(
        lambda state: stage.note_failure(state.problem) if state.phase in ("failed", "unusable") else None
    )
    controller.check(folder)
    stage.wait(
        lambda: controller.state.phase == "ready" and bool(controller.state.starts),
        "the folder is checked",
        _LONGEST_WAIT_S,
    )
    controller.start(TrainingWish("unet", PRESET.key, _NAME))


def _is_under_way(fit: FitSeen | None) -> bool:
    return (
        fit is not None
        and len(fit.finished) >= _EPOCHS_BEFORE_PICTURE
        and fit.epoch > len(fit.finished)
        and fit.seconds_left is not None
    )
