"""What a classifier is compared with."""

import json
from pathlib import Path

from bloodsmear import paths
from desktop.gui.training_controller.outcome_jobs import read_outcome

FIGURE = {"name": "accuracy", "value": 0.5, "low": 0.4, "high": 0.6, "images": 40, "command": ""}


def test_figures_on_the_same_images_go_before_those_of_the_card(tmp_path: Path) -> None:
    measured = tmp_path / "unet"
    measured.mkdir()
    (measured / "evaluation.json").write_text(json.dumps({"figures": [FIGURE], "labels": []}))
    new = paths.shipped_classifiers() / "vgg16"
    outcome = read_outcome(new, {"unet": measured, "vgg16": tmp_path / "nothing", "gone": tmp_path}, None)
    _, unet, vgg16 = outcome.columns
    assert (unet.same_images, unet.images, unet.figures["accuracy"]) == (True, 40, (0.5, 0.4, 0.6))
    assert not vgg16.same_images
    assert vgg16.images > 40
