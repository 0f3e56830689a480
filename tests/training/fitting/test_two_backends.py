"""The same settings fit on more than one of Keras' backends, each in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.folder import verify_classifier

# argv: the run to fit, the classifier to export it to, then all the runs whose best weights are to answer.
_CHILD = """
import json, sys
from pathlib import Path
import cv2
import keras
import numpy as np
from bloodsmear.classifiers.labels import LABELS
from bloodsmear.jobs import Cancel, report_nowhere
from training.data.data_set import DataSet, LabelledImage
from training.data.pictures import LabelledPictures, PictureSet
from training.data.split import Split
from training.exporting.export import export_classifier
from training.exporting.request import ExportRequest
from training.exporting.request import usual_words
from training.fitting.fit import FitRequest, fit_network, predict_pictures
from training.fitting.fitted_on import FittedOn, write_fitted_on
from training.fitting.network import load_best
from training.fitting.prepared_run import PreparedRun
from training.fitting.presets import default_config
from training.fitting.run import recipe_of

config = default_config(
    "unet", width_px=8, height_px=8, epochs=2, batch_images=4, norm_images=8, precision="float32"
)
run, target, recipe, messages = Path(sys.argv[1]), Path(sys.argv[2]), recipe_of(config), []

targets = np.arange(40) % 4
pixels = np.random.default_rng(0).integers(0, 100, (40, 8, 8, 3), np.uint8)
pixels[np.arange(40), :, :, targets % 3] += np.uint8(90)
root = run.with_name(f"{run.name}-smears")
root.mkdir(parents=True)
images = tuple(LabelledImage(root / f"{place}.png", LABELS[key].key, place) for place, key in enumerate(targets))
for image, small in zip(images, pixels):
    # An image of a smear has 32 pixels a side at least.
    cv2.imwrite(str(image.path), small.repeat(4, axis=0).repeat(4, axis=1)[..., ::-1])
parts = ["train"] * 24 + ["validation"] * 8 + ["held_out"] * 8
split = Split(0, "by hand", {f"{place}.png": part for place, part in enumerate(parts)})
pictures = PictureSet(pixels, pixels, np.arange(40, dtype=np.uint64))
prepared = PreparedRun(run, DataSet(root, images), split, recipe, pictures, targets)
train, validation = (LabelledPictures(*prepared.part(part)) for part in ("train", "validation"))
fit_network(FitRequest(run, recipe, train, validation), config, messages.append, Cancel())
# As the command does: what the backend calls itself.
write_fitted_on(run, FittedOn(keras.__version__, keras.backend.backend(), "a processor"))
export_classifier(prepared, config, ExportRequest(target, usual_words(target.name, None, "unet")), report_nowhere)
answers = [
    predict_pictures(load_best(Path(fitted), config, 4), validation.pixels, recipe).tolist()
    for fitted in sys.argv[3:]
]
print(json.dumps({"messages": [type(message).__name__ for message in messages], "answers": answers}))
"""


# JAX compiles for longer than it computes here: 44 s of a processor in place of 65.
_QUICK = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A run and the classifier made of it, on one backend; `answers` holds those of each run that was named."""

    run: Path
    classifier: Path
    messages: list[str]
    answers: list[list[list[float]]]


def fit_and_export(backend: str, place: Path, *answering: Path) -> Fitted:
    run, classifier = place / backend, place / f"tiny-{backend}"
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *map(str, (run, classifier, run, *answering))],
        env={**os.environ, "KERAS_BACKEND": backend, **_QUICK},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    outcome: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return Fitted(run, classifier, outcome["messages"], outcome["answers"])


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Fitted on JAX, or on PyTorch where that is what there is."""
    others = [name for name in ("jax", "torch") if importlib.util.find_spec(name) is not None]
    if not others:
        pytest.skip("needs JAX or PyTorch beside TensorFlow: build_scripts/dev.py setup installs JAX")
    return fit_and_export(others[0], tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def ours(other: Fitted, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Fitted on TensorFlow, where the other's weights answer as well."""
    return fit_and_export("tensorflow", tmp_path_factory.mktemp("ours"), other.run)


# A child a test: on a busy machine each takes minutes.
def test_what_another_backend_fits_becomes_a_classifier_that_passes_the_golden_test(other: Fitted) -> None:
    _require_a_classifier(other)


def test_tensorflow_fits_by_the_same_settings_and_its_classifier_passes_the_golden_test(ours: Fitted) -> None:
    _require_a_classifier(ours)


def test_each_backend_answers_with_the_others_weights(other: Fitted, ours: Fitted) -> None:
    for answer, same in zip(other.answers[0], ours.answers[1], strict=True):
        assert answer == pytest.approx(same, abs=1e-4)


def _require_a_classifier(fitted: Fitted) -> None:
    assert fitted.messages.count("EpochDone") == 2
    assert fitted.messages[-1] == "EpochDone"
    card = read_card(fitted.classifier)
    assert f"on {fitted.run.name}, a processor, float32" in card.trained_on.backend
    assert len(card.golden) == 3
    assert verify_classifier(fitted.classifier).largest_difference < 1e-5
