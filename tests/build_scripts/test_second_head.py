"""A U-Net of 16 px gets a second head. Keras runs in one process of its own for all of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card, write_card

# The weights are the same numbers, added up in another order.
_ROUNDING = 1e-3
_SETTINGS = """
architecture = "unet"
width_px = 16
height_px = 16
large_px = 20
epochs = 1
batch_images = 8
precision = "float32"
pooled_blocks = [1, 2, 3, 5]
"""

_CHILD = """
import json, sys
from pathlib import Path
import keras, numpy as np
from bloodsmear.classifiers.preprocess import scale_pixels
from build_scripts import second_head
from training.architectures.unet import build_unet
from training.fitting.fit import predict_pictures
from training.fitting.head_of_classifier import head_of_classifier
from training.fitting.history import read_history
from training.fitting.network import build_network, load_best, start_from
from training.fitting.run import read_run_config, recipe_of
from training.fitting.start_weights import StartWeights

place = Path(sys.argv[1])
shipped, run, settings = place / "shipped", place / "run", place / "settings.toml"
random = np.random.default_rng(0)
pixels = random.integers(0, 256, (8, 16, 16, 3), np.uint8)
keras.utils.set_random_seed(3)
last = build_unet(16, 16, 4)
for layer in last.layers:
    if "norm" in layer.name:
        layer.set_weights([one + random.uniform(0.0, 0.1, one.shape) for one in layer.get_weights()])
last.save(shipped / "model.keras")
told = {"blocks of the classifier": head_of_classifier(shipped)[0]}

earlier = []
join = second_head.join_heads
def join_seen(*networks):
    earlier.append(networks[0])
    join(*networks)
second_head.join_heads = join_seen
words = [str(place / "smears"), "--with", str(shipped), "--config", str(settings), "--run", str(run)]
second_head.main(words)
config = read_run_config(run)
recipe = recipe_of(config)

def answers(model):
    return predict_pictures(model, pixels, recipe)

network = load_best(run, config, 4)
mean = np.sqrt(answers(last) * answers(earlier[0]))
told["off the mean"] = float(np.abs(answers(network) - mean / mean.sum(axis=1, keepdims=True)).max())
told["apart"] = float(np.abs(answers(last) - answers(network)).max())
told["changed"] = [
    layer.name
    for layer in last.layers if layer.weights
    for one, other in zip(layer.get_weights(), network.get_layer(layer.name).get_weights())
    if not np.array_equal(one, other)
]
told["right"] = read_history(run)[-1].accuracy

network.save(place / "joined.keras")
told["blocks of a fit that goes on"] = head_of_classifier(place / "joined.keras")[0]
going = build_network(config, 4)
start_from(going, config, StartWeights(place / "joined.keras"), recipe, lambda: [scale_pixels(pixels, recipe)])
told["goes on"] = float(np.abs(answers(going) - answers(network)).max())

def refused(words):
    try:
        second_head.main(words)
    except SystemExit as end:
        return end.code
(place / "twice").mkdir()
network.save(place / "twice" / "model.keras")
told["a second time"] = refused([*words[:2], str(place / "twice"), *words[3:-1], str(place / "again")])
settings.write_text(settings.read_text().replace("[1, 2, 3, 5]", "[1, 2, 3]"))
told["other blocks"] = refused([*words[:-1], str(place / "again")])
told["left"] = (place / "again").exists()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("heads")
    (place / "shipped").mkdir()
    card = read_card(paths.shipped_classifiers() / "unet")
    seen = msgspec.structs.replace(card.trained_on, fingerprints=())
    write_card(place / "shipped", msgspec.structs.replace(card, id="shipped", trained_on=seen))
    (place / "settings.toml").write_text(_SETTINGS)
    _write_smears(place / "smears")
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(place)],
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    outcome: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return outcome


def _write_smears(folder: Path) -> None:
    random = np.random.default_rng(1)
    for place, label in enumerate(("benign", "early pre-b", "pre-b", "pro-b")):
        (folder / label).mkdir(parents=True)
        for number in range(40):
            pixels = random.integers(0, 120, (36, 48, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            cv2.imwrite(str(folder / label / f"smear ({number}).png"), pixels)


def test_the_joined_network_answers_the_mean_of_both_heads_before_the_softmax(told: dict[str, Any]) -> None:
    assert told["off the mean"] <= _ROUNDING, told
    assert told["apart"] > 10 * _ROUNDING, told


def test_only_the_head_is_another_and_the_second_one_has_learned(told: dict[str, Any]) -> None:
    assert set(told["changed"]) == {"hidden", "probabilities"}
    assert told["right"] > 0.9


def test_a_fit_goes_on_from_joined_heads(told: dict[str, Any]) -> None:
    assert told["blocks of the classifier"] == [5]
    assert told["blocks of a fit that goes on"] == [1, 2, 3, 5]
    assert told["goes on"] <= _ROUNDING


@pytest.mark.parametrize("asked", ["a second time", "other blocks"])
def test_heads_that_do_not_go_together_are_refused_before_anything_is_made(
    told: dict[str, Any], asked: str
) -> None:
    assert told[asked] == 2
    assert not told["left"]
