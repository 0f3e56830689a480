"""VGG16 fitted with batch norm answers the same without it; Keras runs in one process of its own for all of it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

# Folding a norm sums in another order: in f32, answers then move by up to 1.1e-5, by the processor's kernels.
_ROUNDING = 1e-4

_CHILD = """
import json, sys
from pathlib import Path
import keras, numpy as np
from bloodsmear.jobs import Cancel
from training.data.pictures import LabelledPictures
from training.fitting.fit import FitRequest, fit_network, predict_pictures
from training.fitting.network import build_network, load_best, start_from
from training.fitting.presets import default_config
from training.fitting.run import recipe_of
from training.fitting.start_weights import StartWeights

place = Path(sys.argv[1])
normed = default_config(
    "vgg16", width_px=32, height_px=32, epochs=1, batch_images=8, norm_images=16, precision="float32"
)
recipe = recipe_of(normed)
random = np.random.default_rng(0)
pixels = random.integers(0, 256, (16, 32, 32, 3), np.uint8)
batch = ((pixels.astype(np.float32) - 220) / 40).astype(np.float32)

def answers(model):
    return predict_pictures(model, pixels, recipe)

def apart(one, other):
    return float(np.abs(answers(one) - answers(other)).max())

told = {}
targets = np.arange(16) % 4
fit_network(
    FitRequest(place / "run", recipe, LabelledPictures(pixels, targets), LabelledPictures(pixels, targets)),
    normed, lambda message: None, Cancel(),
)
fitted = build_network(normed, 4)
fitted.load_weights(place / "run" / "best.weights.h5")
folded = load_best(place / "run", normed, 4)
told["spread"] = float(np.ptp(answers(folded), axis=0).max())
told["folded"] = apart(folded, fitted)
told["kinds"] = sorted({type(layer).__name__ for layer in folded.layers})

folded.save_weights(place / "plain.weights.h5")
begun = build_network(normed, 4)
start_from(begun, normed, StartWeights(place / "plain.weights.h5"), recipe, lambda: [batch[:8], batch[8:]])
told["begun from a plain one"] = apart(begun, folded)
# Over what they were set to, the norms take the mean and the deviation of every channel away.
norm = begun.get_layer("block3_conv2_norm")
seen = keras.Model(begun.input, begun.get_layer("block3_conv2").output)(batch, training=False)
seen = keras.ops.convert_to_numpy(seen).astype(np.float64)
told["mean"] = float(np.abs(seen.mean(axis=(0, 1, 2)) - np.asarray(norm.moving_mean)).max())
told["variance"] = float(np.abs(seen.var(axis=(0, 1, 2)) / np.asarray(norm.moving_variance) - 1).max())

again = build_network(normed, 4)
start_from(again, normed, StartWeights(place / "run" / "best.weights.h5"), recipe, lambda: 1 / 0)
told["begun from a normed one"] = apart(again, fitted)
on = build_network(normed, 4)
start_from(on, normed, StartWeights(place / "run" / "epoch_001.keras"), recipe, lambda: 1 / 0)
told["begun from a checkpoint"] = apart(on, fitted)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path_factory.mktemp("norms"))],
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    outcome: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return outcome


def test_what_ships_has_no_batch_norm_and_answers_as_the_fitted_network_did(told: dict[str, Any]) -> None:
    assert told["kinds"] == ["Conv2D", "Dense", "GlobalAveragePooling2D", "InputLayer", "MaxPooling2D"]
    assert told["folded"] < _ROUNDING < 0.1 < told["spread"]


def test_a_fit_goes_on_from_a_network_without_norms_where_that_one_stood(told: dict[str, Any]) -> None:
    assert told["begun from a plain one"] < _ROUNDING
    assert told["mean"] < 1e-4
    assert told["variance"] < 1e-3


def test_a_fit_goes_on_from_weights_that_were_fitted_with_norms(told: dict[str, Any]) -> None:
    assert told["begun from a normed one"] == 0
    assert told["begun from a checkpoint"] == 0
