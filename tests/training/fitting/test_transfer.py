"""The head is fitted first, then everything; Keras runs in one process of its own for all of it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from bloodsmear.errors import TrainingError
from training.fitting.presets import default_config

# Folding the head's norm sums in another order.
_ROUNDING = 1e-4

_CHILD = """
import dataclasses, json, sys
from pathlib import Path
import keras, numpy as np
from bloodsmear.jobs import Cancel
from training.data.pictures import LabelledPictures
from training.fitting.fit import FitRequest, fit_network, predict_pictures
from training.fitting.history import read_history
from training.fitting.network import build_network, choose_fitted, load_best, start_from
from training.fitting.presets import default_config, preset_config
from training.fitting.run import recipe_of
from training.fitting.start_weights import StartWeights, fold_lite0_into_recipe
from training.fitting import head_fit
from training.fitting.head_of_classifier import head_of_classifier
from bloodsmear.classifiers.preprocess import scale_pixels

place = Path(sys.argv[1])
config = default_config(
    "vgg16", width_px=32, height_px=32, large_px=40, epochs=3, frozen_epochs=2, batch_images=8, norm_images=16,
    precision="float32", norm_while_fitting=False, pooled_blocks=(3, 4, 5), patience_epochs=9, peak_rate=1e-3,
)
recipe = recipe_of(config)
random = np.random.default_rng(0)
large, small = (random.integers(0, 256, (16, side, side, 3), np.uint8) for side in (40, 32))
targets = np.arange(16) % 4
kernels = []

def tell(message):
    if type(message).__name__ == "EpochDone":
        model = keras.models.load_model(place / "run" / f"epoch_{message.epoch:03}.keras")
        kernels.append([np.asarray(model.get_layer(name).get_weights()[0]) for name in ("block1_conv1", "hidden")])
        if message.epoch == 2 and not told.get("resumed"):
            told["resumed"] = True
            raise KeyboardInterrupt

def fit():
    fit_network(
        FitRequest(place / "run", recipe, LabelledPictures(large, targets), LabelledPictures(small, targets)),
        config, tell, Cancel(),
    )

told = {}
try:
    fit()
except KeyboardInterrupt:
    fit()  # goes on where the stages meet
told["frozen"] = bool(np.array_equal(kernels[0][0], kernels[1][0]))
told["head moved"] = float(np.abs(kernels[1][1] - kernels[0][1]).max())
told["all moved"] = float(np.abs(kernels[2][0] - kernels[1][0]).max())
fitted = build_network(config, 4)
fitted.load_weights(place / "run" / "best.weights.h5")
plain = load_best(place / "run", config, 4)
one, other = (predict_pictures(model, small, recipe) for model in (fitted, plain))
told["folded"] = float(np.abs(one - other).max())
told["spread"] = float(np.ptp(other, axis=0).max())
told["kinds"] = sorted({type(layer).__name__ for layer in plain.layers})

plain.save(place / "ours.keras")
told["head"] = head_of_classifier(place / "ours.keras")
going = build_network(config, 4)
begin = [scale_pixels(small, recipe)]
start_from(going, config, StartWeights(place / "ours.keras"), recipe, lambda: begin)
told["goes on"] = float(np.abs(predict_pictures(going, small, recipe) - other).max())
told["its norm"] = float(np.abs(going.get_layer("pooled_norm").get_weights()[2]).max())
seen = keras.Model(going.input, going.get_layer("pooled_norm").output).predict_on_batch(begin[0])
told["seen"] = [float(np.abs(seen.mean(axis=0)).max()), float(seen.std(axis=0).max())]

few = dataclasses.replace(preset_config("few"), width_px=32, height_px=32, epochs=2)
parts, rest = LabelledPictures(small, targets), LabelledPictures(small[::-1], targets)
# The weights of 19 images add up to a hair more than 1.
of_training = LabelledPictures(np.concatenate([small, small[:3]]), np.arange(19) % 4)

looked = []

def tell_few(message):
    if type(message).__name__ == "StepsDone":
        looked.append(message.epoch)
        if 2 in looked and not told.get("few, kept"):
            told["few, kept"] = len(read_history(place / "few"))
            raise KeyboardInterrupt

def fit_few():
    head_fit.fit_head_alone(FitRequest(place / "few", recipe, of_training, parts, rest=rest), few, tell_few, Cancel())

def keep_seen(*words, **more):
    told.setdefault("few, whole of an earlier look", []).append((place / "few" / "whole.weights.h5").exists())
    keep_epoch(*words, **more)

keep_epoch, head_fit.keep_epoch = head_fit.keep_epoch, keep_seen
try:
    fit_few()
except KeyboardInterrupt:
    looked.clear()
    fit_few()
told["few, accuracy"] = [figures.accuracy for figures in read_history(place / "few")]
told["few, looked again"] = sorted(set(looked))
plain, whole = load_best(place / "few", few, 4), load_best(place / "few", few, 4, whole=True)
one, other = (predict_pictures(model, small, recipe) for model in (plain, whole))
told["few, right"] = [float((answer.argmax(axis=1) == targets).mean()) for answer in (one, other)]
told["few, apart"] = float(np.abs(one - other).max())
(place / "few" / "whole.weights.h5").unlink()
fit_few()
again = predict_pictures(load_best(place / "few", few, 4, whole=True), small, recipe)
told["few, made again"] = float(np.abs(again - other).max())
plain.save(place / "few.keras")
told["few, head"] = head_of_classifier(place / "few.keras")
told["few, layers"] = [layer.name for layer in plain.layers if layer.weights]
seen = keras.Model(plain.input, [plain.get_layer("block4_conv3").output, plain.get_layer("pooled_features").output])
maps, features = (np.asarray(one) for one in seen(scale_pixels(small[:2], recipe)))
laid = np.stack([head_fit.lay_picture(one, 1) for one in small[:2]])
looks = np.load(place / "few" / "looks.npz")
told["few, looks"] = [
    float(np.abs(looks[name][:2] - np.asarray(seen(scale_pixels(pictures, recipe))[1])).max())
    for name, pictures in (("arr_0", small[:2]), ("arr_1", laid), ("arr_1", small[:2]))
]
told["few, ways"] = [
    len({head_fit.lay_picture(picture, way).tobytes() for way in range(8)})
    for picture in (small[0], np.ascontiguousarray(small[0][:16]))
]
told["few, deviations"] = float(np.abs(maps.std(axis=(1, 2)) - features[:, -512:]).max() / maps.std())

config = default_config("efficientnet_lite0", width_px=32, height_px=32)
fitted = build_network(config, 4)
first = keras.Model(fitted.input, fitted.get_layer("stem_norm").output)
fitted.get_layer("stem_norm").set_weights([random.uniform(0.5, 1.5, 32) for _ in range(4)])
theirs = first.predict_on_batch((small - np.float32(127)) / 128)
fold_lite0_into_recipe(fitted, recipe)
ours = first.predict_on_batch(scale_pixels(small, recipe))
# The last row and column see what lies beyond the image.
told["lite0, first norm"] = float(np.abs(ours - theirs)[:, :-1, :-1].max())
fitted.get_layer("pooled_norm").set_weights([random.uniform(0.5, 1.5, 240 + 672 + 1280) for _ in range(4)])
(place / "lite0").mkdir()
fitted.save_weights(place / "lite0" / "best.weights.h5")
one, other = (predict_pictures(model, small, recipe) for model in (fitted, load_best(place / "lite0", config, 4)))
told["lite0, folded"] = float(np.abs(one - other).max())
choose_fitted(fitted, dataclasses.replace(config, frozen_norms=True, frozen_blocks=2), head_alone=False)
told["lite0, fitted"] = [one.name for one in fitted.layers if one.trainable_weights]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path_factory.mktemp("transfer"))],
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    answer: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return answer


def test_the_head_is_fitted_alone_first_and_then_everything_also_after_a_break(told: dict[str, Any]) -> None:
    assert told["resumed"]
    assert told["frozen"]
    assert told["head moved"] > 0
    assert told["all moved"] > 0


def test_the_network_that_ships_has_no_norm_and_answers_the_same(told: dict[str, Any]) -> None:
    assert told["folded"] <= _ROUNDING < told["spread"]
    assert "BatchNormalization" not in told["kinds"]
    assert "Dropout" not in told["kinds"]


def test_a_fit_goes_on_from_a_classifier_whose_head_sees_several_blocks(told: dict[str, Any]) -> None:
    assert told["head"] == [[3, 4, 5], "means"]
    assert told["goes on"] <= _ROUNDING < told["spread"]
    assert told["its norm"] > _ROUNDING, "set to the images, not left as a norm begins"
    # Features of one size: the first step of such a fit once threw a head of 98 % to a loss of 6.7.
    assert told["seen"] == [pytest.approx(0.0, abs=1e-3), pytest.approx(1.0, abs=0.2)]


def test_of_few_images_a_head_alone_is_fitted_on_deviations(told: dict[str, Any]) -> None:
    assert told["few, right"][0] == 1
    assert told["few, head"] == [[1, 2, 3, 4], "deviations"]
    assert told["few, deviations"] < 0.01
    assert told["few, layers"][-2:] == ["block4_conv3", "probabilities"]


def test_a_head_alone_looks_at_the_images_as_they_are_and_then_laid_in_other_ways(
    told: dict[str, Any],
) -> None:
    as_it_is, turned, another_way = told["few, looks"]
    assert max(as_it_is, turned) < _ROUNDING < another_way
    # A picture that is not square keeps its size.
    assert told["few, ways"] == [8, 4]


def test_a_head_that_ships_fitted_on_all_images_is_another_than_the_one_to_measure(
    told: dict[str, Any],
) -> None:
    # The rest are the same pictures under other labels.
    assert told["few, right"][1] < 1
    assert told["few, apart"] > _ROUNDING


def test_a_head_alone_goes_on_after_a_break_with_the_looks_that_are_kept(told: dict[str, Any]) -> None:
    assert told["few, kept"] == 1
    assert told["few, looked again"] == [2]


def test_cut_off_while_an_epoch_is_kept_what_ships_is_not_there_and_made_when_the_fit_goes_on(
    told: dict[str, Any],
) -> None:
    assert told["few, whole of an earlier look"] == [False, False]
    assert told["few, made again"] == 0


def test_a_head_that_names_all_training_images_rightly_leaves_a_history_that_can_be_read(
    told: dict[str, Any],
) -> None:
    assert told["few, accuracy"][0] == 1


def test_efficientnet_lite0_begins_where_imagenet_left_it_and_ships_without_the_heads_norm(
    told: dict[str, Any],
) -> None:
    assert told["lite0, first norm"] <= _ROUNDING
    assert told["lite0, folded"] <= _ROUNDING


def test_a_fit_of_efficientnet_lite0_may_hold_its_norms_and_its_first_blocks(told: dict[str, Any]) -> None:
    assert told["lite0, fitted"][0] == "block_3_expand_conv"
    assert [name for name in told["lite0, fitted"] if name.endswith("norm")] == ["pooled_norm"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pooled_blocks": (4, 3)}, r"must name blocks from 1 to 5 in order, got \[4, 3\]"),
        ({"pooled_blocks": ()}, r"must name blocks from 1 to 5"),
        ({"pooled_blocks": (3, 5)}, r"norm_while_fitting is for a fit from scratch"),
        ({"frozen_blocks": 2}, r"frozen_blocks are those of efficientnet_lite0, not of vgg16"),
        ({"frozen_epochs": -1}, r"frozen_epochs must not be below 0"),
        ({"pooled_as": "deviations"}, r"pooled_as deviations is for several pooled_blocks"),
        (
            {
                "pooled_as": "deviations",
                "pooled_blocks": (3, 4),
                "norm_while_fitting": False,
                "precision": "mixed_bfloat16",
            },
            r"pooled_as deviations is for precision float32, in which classifiers answer, got mixed_bfloat16",
        ),
        ({"large_px": 100}, r"large_px must be 0 or at least the input's size"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        default_config("vgg16", **changes)
