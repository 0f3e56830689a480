"""What an export says of its own evaluation, and the page that it leaves in the run's folder."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.label_set import label_set_of
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.jobs.training_files import EpochFigures
from training.data.data_set import read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import LabelledPictures
from training.data.split import Part, Split
from training.evaluation.evaluate import evaluate_network
from training.evaluation.measured_part import with_changed_corners
from training.evaluation.network_answers import EvaluationRequest
from training.exporting.evaluation_of_run import evaluation_of_run, write_page_of_run
from training.fitting.history import write_history
from training.fitting.prepared_run import PreparedRun

RECIPE = Recipe(
    fill_scale_bar=False,
    denoise=None,
    width_px=12,
    height_px=12,
    resize="area",
    channels="rgb",
    scale=1 / 40,
    offset=-5.5,
)


@pytest.fixture
def prepared(labelled_folder: Callable[[int], Path], tmp_path: Path) -> PreparedRun:
    data_set = read_data_set(labelled_folder(9))
    pictures = load_pictures(data_set.images, RECIPE, tmp_path / "cache", lambda progress: None)
    parts: dict[str, Part] = {
        data_set.name_of(image): "held_out" if image.number % 3 == 0 else "train" for image in data_set.images
    }
    run = tmp_path / "run"
    run.mkdir()
    write_history(run, [EpochFigures(1, 1.0, 0.5, 0.9, 0.6, "epoch_001.keras")])
    split = Split(0, "every third", parts)
    return PreparedRun(run, data_set, split, RECIPE, pictures, np.array(data_set.targets, np.int64))


def test_the_data_name_the_classifier_and_the_page_in_the_runs_folder_shows_the_mistakes(
    prepared: PreparedRun,
) -> None:
    card = read_card(paths.shipped_classifiers() / "unet")
    held_out = LabelledPictures(*prepared.part("held_out"))
    measured = evaluate_network(
        EvaluationRequest(
            predict=lambda pixels: np.tile([0.7, 0.1, 0.1, 0.1], (len(pixels), 1)),
            temperature=1.0,
            label_set=label_set_of(card),
            train=LabelledPictures(*prepared.part("train")),
            held_out=held_out,
            corners=with_changed_corners(
                prepared.data_set, prepared.split.indices(prepared.data_set, "held_out"), RECIPE
            ),
            command="bloodsmear-train evaluate unet",
        )
    )
    evaluation = evaluation_of_run(measured, card, prepared)
    assert evaluation.subject is not None
    assert (evaluation.subject.classifier, evaluation.subject.split) == ("unet", "every third")
    assert [epoch.epoch for epoch in evaluation.epochs] == [1]

    page = write_page_of_run(evaluation, prepared, "bloodsmear-train export run")
    assert page.parent == prepared.run
    html = page.read_text(encoding="utf-8")
    assert "Early/smear (0).png" in html
    assert "Benign/smear" not in html, "they were answered rightly"

    of_all = dataclasses.replace(prepared, whole_ships=True)
    page = write_page_of_run(evaluation_of_run(measured, card, of_all), of_all, "bloodsmear-train export run")
    assert "what ships was fitted on all images ·" in page.read_text(encoding="utf-8")
