"""What a fit may start from, on a network of two convolutions named as VGG16's.

Keras runs in one process of its own for all of them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card, write_card

_CHILD = """
import json, sys
from pathlib import Path
import h5py, keras, numpy as np
from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.errors import TrainingError
from training.fitting.presets import default_config
from training.fitting.run import recipe_of
from training.fitting.start_weights import load_start_weights

place = Path(sys.argv[1])
recipe = recipe_of(default_config("vgg16", width_px=32, height_px=32))
random = np.random.default_rng(0)

def network(side=8, filters=4, name="block"):
    inputs = keras.Input((side, side, 3))
    inner = keras.layers.Conv2D(filters, 3, padding="same", name=f"{name}1_conv1")(inputs)
    deeper = keras.layers.Conv2D(5, 3, padding="same", name=f"{name}2_conv1")(keras.layers.MaxPooling2D()(inner))
    pooled = keras.layers.GlobalAveragePooling2D()(deeper)
    return keras.Model(inputs, keras.layers.Dense(4, activation="softmax", name="probabilities")(pooled))

def weights(model):
    return [np.asarray(weight) for weight in model.get_weights()]

def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))

def refusal(source, model):
    try:
        load_start_weights(model, source, recipe)
    except TrainingError as error:
        return str(error)
    return "taken"

told = {}
earlier = network()
earlier.save_weights(place / "earlier.weights.h5")
fresh = network()
load_start_weights(fresh, place / "earlier.weights.h5", recipe)
told["weights file"] = same(fresh, earlier)

for folder in ("ours", "other_recipe"):
    earlier.save(place / folder / "model.keras")
larger = network(side=16)
load_start_weights(larger, place / "ours", recipe)
told["classifier's folder"] = same(larger, earlier)
again = network()
load_start_weights(again, place / "ours" / "model.keras", recipe)
told["classifier's file"] = same(again, earlier)
other_labels = network()
load_start_weights(other_labels, place / "ours", recipe, fresh_head=True)
differ = [not np.array_equal(a, b) for a, b in zip(weights(other_labels), weights(earlier), strict=True)]
told["a classifier's convolutions alone"] = differ[:5]
told["other recipe"] = refusal(place / "other_recipe" / "model.keras", network())
told["other network"] = refusal(place / "earlier.weights.h5", network(filters=6))
told["missing"] = refusal(place / "missing.weights.h5", network())
(place / "damaged.keras").write_bytes(b"PK no zip")
told["damaged"] = refusal(place / "damaged.keras", network())

kernels = {"block1_conv1": random.normal(size=(3, 3, 3, 4)), "block2_conv1": random.normal(size=(3, 3, 4, 5))}
with h5py.File(place / "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", "w") as file:
    file.attrs["layer_names"] = [b"input_1", *(name.encode() for name in kernels), b"block1_pool"]
    for name, kernel in kernels.items():
        names = [f"{name}_W_1:0", f"{name}_b_1:0"]
        group = file.create_group(name)
        group.attrs["weight_names"] = [word.encode() for word in names]
        group[names[0]] = kernel.astype(np.float32)
        group[names[1]] = random.normal(size=kernel.shape[-1]).astype(np.float32)
    for name in ("input_1", "block1_pool"):
        file.create_group(name).attrs["weight_names"] = []
    bias = np.asarray(file["block1_conv1"]["block1_conv1_b_1:0"])
taught = network()
head = [np.asarray(weight) for weight in taught.get_layer("probabilities").get_weights()]
load_start_weights(taught, place / "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", recipe)
kept = taught.get_layer("probabilities").get_weights()
told["head is fresh"] = all(np.array_equal(a, b) for a, b in zip(head, kept, strict=True))
told["deeper layer as it was"] = np.allclose(taught.get_layer("block2_conv1").get_weights()[0], kernels["block2_conv1"])

pixels = random.integers(0, 256, (1, 8, 8, 3), np.uint8)
caffe = pixels[..., ::-1].astype(np.float64) - [103.939, 116.779, 123.68]
expected = np.einsum("hwc,hwcn->n", caffe[0, 2:5, 3:6], kernels["block1_conv1"]) + bias
first = keras.Model(taught.input, taught.get_layer("block1_conv1").output)
got = np.asarray(first.predict_on_batch(scale_pixels(pixels, recipe)))[0, 3, 4]
told["first layer's largest difference"] = float(np.abs(got - expected).max() / np.abs(expected).max())
told["imagenet into another network"] = refusal(
    place / "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5", network(name="encoder")
)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("weights")
    _write_cards(place)
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


def _write_cards(place: Path) -> None:
    shipped = read_card(paths.shipped_classifiers() / "unet")
    changes: dict[str, dict[str, Any]] = {
        "ours": {},
        "other_recipe": {"recipe": msgspec.structs.replace(shipped.recipe, scale=1 / 255, offset=0.0)},
    }
    for name, changed in changes.items():
        (place / name).mkdir()
        write_card(place / name, msgspec.structs.replace(shipped, id=name, **changed))


@pytest.mark.parametrize("source", ["weights file", "classifier's folder", "classifier's file"])
def test_weights_of_the_same_network_are_taken_at_any_size(told: dict[str, Any], source: str) -> None:
    assert told[source]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("other recipe", "was made for images prepared in another way"),
        ("other network", "do not fit this network"),
        ("missing", "missing.weights.h5 do not fit this network, or the file is damaged or missing"),
        ("damaged", "damaged.keras do not fit this network, or the file is damaged or missing"),
        ("imagenet into another network", "holds weights of VGG16, and another network was chosen"),
    ],
)
def test_what_cannot_be_started_from_is_named(told: dict[str, Any], source: str, sentence: str) -> None:
    assert sentence in told[source]


def test_a_classifier_of_other_labels_gives_its_convolutions_alone(told: dict[str, Any]) -> None:
    assert told["a classifier's convolutions alone"] == [False] * 4 + [True]


def test_imagenet_weights_go_into_the_convolutions_and_leave_the_head_fresh(told: dict[str, Any]) -> None:
    assert told["head is fresh"]
    assert told["deeper layer as it was"]


def test_the_first_convolution_sees_our_inputs_as_imagenets_saw_its_own(told: dict[str, Any]) -> None:
    assert told["first layer's largest difference"] < 1e-5
