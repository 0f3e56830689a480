"""The same settings fit on more than one of Keras' backends, each in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# argv: the run to fit, then all the runs whose best weights are to answer.
_CHILD = """
import json, sys
from pathlib import Path
import numpy as np
from bloodsmear.jobs import Cancel
from training.data.pictures import LabelledPictures
from training.fitting.fit import FitRequest, fit_network, predict_pictures
from training.fitting.network import load_best
from training.fitting.presets import default_config
from training.fitting.run import recipe_of

config = default_config(
    "unet", width_px=8, height_px=8, epochs=2, batch_images=4, norm_images=8, precision="float32"
)
random = np.random.default_rng(0)

def pictures(count):
    targets = np.arange(count) % 4
    pixels = random.integers(0, 100, (count, 8, 8, 3), np.uint8)
    pixels[np.arange(count), :, :, targets % 3] += np.uint8(90)
    return LabelledPictures(pixels, targets)

run, recipe, messages = Path(sys.argv[1]), recipe_of(config), []
validation = pictures(8)
fit_network(FitRequest(run, recipe, pictures(16), validation), config, messages.append, Cancel())
answers = [
    predict_pictures(load_best(Path(fitted), config, 4), validation.pixels, recipe).tolist()
    for fitted in sys.argv[2:]
]
print(json.dumps({"messages": [type(message).__name__ for message in messages], "answers": answers}))
"""


def fit_on(backend: str, run: Path, *answering: Path) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(run), *map(str, answering)],
        env={**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    outcome: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return outcome


def test_the_same_settings_fit_on_two_backends_and_each_answers_with_the_others_weights(
    tmp_path: Path,
) -> None:
    others = [name for name in ("jax", "torch") if importlib.util.find_spec(name) is not None]
    if not others:
        pytest.skip("needs JAX or PyTorch beside TensorFlow: build_scripts/dev.py setup installs JAX")
    other, ours = tmp_path / others[0], tmp_path / "tensorflow"
    theirs = fit_on(others[0], other, other)
    both = fit_on("tensorflow", ours, other, ours)
    for fitted in (theirs, both):
        assert fitted["messages"].count("EpochDone") == 2
        assert fitted["messages"][-1] == "EpochDone"
    for answer, same in zip(theirs["answers"][0], both["answers"][0], strict=True):
        assert answer == pytest.approx(same, abs=1e-4)
