"""What a classifier is compared with, and what a training can start from."""

import json
from pathlib import Path

from bloodsmear import paths
from desktop.gui.training_controller.outcome_jobs import read_known_classifiers, read_outcome

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


def test_a_damaged_classifier_is_no_start_but_its_id_is_taken() -> None:
    damaged = paths.user_classifiers() / "half"
    damaged.mkdir(parents=True)
    (damaged / "card.json").write_text("{")
    known = read_known_classifiers()
    assert "half" in known.ids
    assert [start.key for start in known.starts] == ["unet", "vgg16", "classifier:unet", "classifier:vgg16"]
