"""Give the U-Net of a classifier a second head, on the maps before its last ones, and join both into one.

Run: .venv/bin/python build_scripts/second_head.py DATA --with CLASSIFIER --config CONFIG --run RUN

CLASSIFIER's head sees the last maps. Its convolutions stay as they are, bit for bit: each training image is looked at
as it is and, for every epoch of CONFIG, changed at random as in a fit, and the second head is fitted on what they see
of all these looks (CONFIG's rate, weight decay and label smoothing). RUN is then a run for `bloodsmear-train export`,
whose network answers the mean of what both heads give before the softmax. It is a U-Net with one head, like any other,
and a fit can go on from it (docs/adr/0052).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import report_nowhere
from bloodsmear.jobs.training_files import EpochFigures
from training.architectures.pooled_head import FEATURE_LAYER, HEAD_NORM, HIDDEN, OUTPUT
from training.architectures.unet import build_fitted_unet, build_unet
from training.fitting.checkpoint import keep_epoch
from training.fitting.config import FitConfig
from training.fitting.feed import change_picture, fit_to_size
from training.fitting.fit import predict_pictures
from training.fitting.fitted_on import FittedOn, write_fitted_on
from training.fitting.head_of_classifier import head_of_classifier
from training.fitting.prepared_run import PreparedRun
from training.fitting.presets import read_config
from training.fitting.run import RunRequest, prepare_run
from training.fitting.start_weights import load_start_weights
from training.gpu import device_on_card

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Weights = list[npt.NDArray[np.floating]]

_LAST = 5
# How often the head goes over all looks, and how often it sees each image as it is in one of these passes.
_PASSES, _AS_THEY_ARE = 30, 2
_DROPOUT = 0.3
_AT_ONCE = 32


def main(words: list[str]) -> int:
    """Make the run; returns the exit status."""
    parser = argparse.ArgumentParser(description="Give a U-Net a second head.")
    parser.add_argument("data", type=Path, help="the labelled images")
    parser.add_argument("--with", dest="classifier", type=Path, required=True, help="whose U-Net it is")
    parser.add_argument(
        "--config", type=Path, required=True, help="the settings, with the blocks of both heads"
    )
    parser.add_argument("--run", type=Path, required=True, help="what is made: a new folder")
    options = parser.parse_args(words)
    config, seen = read_config(options.config), head_of_classifier(options.classifier)
    if config.architecture != "unet" or config.pooled_blocks[-1] != _LAST or len(config.pooled_blocks) < 2:
        parser.error(
            f"{options.config} must be of a U-Net whose pooled_blocks are several, the last of them 5."
        )
    if seen is None or seen[0] != (_LAST,):
        parser.error(f"{options.classifier} must be a U-Net whose head sees the last maps alone.")
    request = RunRequest(options.data, options.run, config, weights=options.classifier)
    give_second_head(prepare_run(request, report_nowhere), config, options.classifier)
    return 0


def give_second_head(prepared: PreparedRun, config: FitConfig, classifier: Path) -> None:
    """Fit the head, join it with the classifier's, and keep the network as the only epoch of the run."""
    keras.utils.set_random_seed(config.seed)
    size, labels = (config.height_px, config.width_px), len(prepared.data_set.label_keys)
    last = build_unet(*size, labels)
    load_start_weights(last, classifier, prepared.recipe)
    earlier = build_unet(*size, labels, config.pooled_blocks[:-1])
    _take_convolutions(earlier, last)
    rows, targets = _look(earlier, prepared, config)
    head, loss, accuracy = fit_head(rows, targets, config)
    for name, weights in zip((HIDDEN, OUTPUT), (head[:2], head[2:]), strict=True):
        earlier.get_layer(name).set_weights(weights)
    joined = build_fitted_unet(*size, labels, config.pooled_blocks)
    join_heads(earlier, last, joined)
    validation, truth = prepared.part("validation")
    said = predict_pictures(joined, validation, prepared.recipe)
    of_truth = said[np.arange(len(truth)), truth]
    figures = EpochFigures(
        1,
        loss,
        accuracy,
        float(-np.log(np.maximum(of_truth, 1e-7)).mean()),
        float((said.argmax(axis=1) == truth).mean()),
        "epoch_001.keras",
    )
    keep_epoch(joined, prepared.run, [figures])
    write_fitted_on(prepared.run, FittedOn(keras.__version__, keras.backend.backend(), device_on_card(None)))
    print(
        f"second head: {100 * accuracy:.1f} % of {len(targets)} looks; both heads: "
        f"{100 * figures.validation_accuracy:.1f} % of {len(truth)} validation images, loss "
        f"{figures.validation_loss:.3f}"
    )


def _take_convolutions(network: keras.Model, of: keras.Model) -> None:
    for layer in network.layers:
        if layer.weights and layer.name not in (HIDDEN, OUTPUT, HEAD_NORM):
            layer.set_weights(of.get_layer(layer.name).get_weights())


def _look(network: keras.Model, prepared: PreparedRun, config: FitConfig) -> tuple[FloatArray, IntArray]:
    """What the network's head sees of each training image, look by look: float32 N×D, and the targets, int64 N."""
    pixels, targets = prepared.large_part("train")
    seen = keras.Model(network.input, network.get_layer(FEATURE_LAYER).output)

    def rows(pictures: Iterator[RgbImage]) -> FloatArray:
        found, batch = [], []
        for picture in pictures:
            batch.append(picture)
            if len(batch) == _AT_ONCE:
                found.append(seen.predict_on_batch(scale_pixels(np.stack(batch), prepared.recipe)))
                batch = []
        if batch:
            found.append(seen.predict_on_batch(scale_pixels(np.stack(batch), prepared.recipe)))
        return np.concatenate(found)

    looks = [rows(fit_to_size(picture, prepared.recipe) for picture in pixels)] * _AS_THEY_ARE
    for epoch in range(config.epochs):
        looks.append(
            rows(
                change_picture(pixels, place, prepared.recipe, config, epoch) for place in range(len(pixels))
            )
        )
        print(f"look {epoch + 1} of {config.epochs}", flush=True)
    return np.concatenate(looks), np.tile(targets, len(looks))


def fit_head(rows: FloatArray, targets: IntArray, config: FitConfig) -> tuple[Weights, float, float]:
    """A head of 128 units on `rows` (N×D): both layers' kernels and biases, loss and accuracy of the last pass.

    Every label weighs the same.
    """
    labels = int(targets.max()) + 1
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    head = keras.Sequential(
        [
            keras.Input(rows.shape[1:]),
            keras.layers.Dense(128, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dropout(_DROPOUT),
            keras.layers.Dense(labels, activation="softmax"),
        ]
    )
    steps = _PASSES * -(-len(rows) // config.batch_images)
    rate = keras.optimizers.schedules.CosineDecay(config.head_rate, steps)
    head.compile(
        keras.optimizers.AdamW(rate, weight_decay=config.weight_decay),
        keras.losses.CategoricalCrossentropy(label_smoothing=config.label_smoothing),
        weighted_metrics=["accuracy"],
        jit_compile=False,
    )
    weights = (len(targets) / (labels * np.bincount(targets)))[targets].astype(np.float32)
    history = head.fit(
        (rows - mean) / deviation,
        np.eye(labels, dtype=np.float32)[targets],
        sample_weight=weights,
        batch_size=config.batch_images,
        epochs=_PASSES,
        verbose=0,
    ).history
    first, first_bias, second, second_bias = head.get_weights()
    kernel = first / deviation[:, np.newaxis]
    fitted = [kernel, first_bias - mean @ kernel, second, second_bias]
    return fitted, float(history["loss"][-1]), float(history["accuracy"][-1])


def join_heads(earlier: keras.Model, last: keras.Model, joined: keras.Model) -> None:
    """Set the weights of `joined`, a U-Net as it is fitted: it answers the mean of two heads before the softmax.

    `earlier` has a head on maps before the last, `last` one on the last maps alone, on the same convolutions.
    """
    _take_convolutions(joined, last)
    norm = joined.get_layer(HEAD_NORM)
    features = norm.gamma.shape[0]
    # It passes everything on as it is: the deviation is the root of variance + epsilon.
    none = np.zeros(features)
    norm.set_weights([np.ones(features), none, none, np.full(features, 1 - norm.epsilon)])
    (first_in, first_bias), (second_in, second_bias) = (
        network.get_layer(HIDDEN).get_weights() for network in (earlier, last)
    )
    kernel = np.zeros((features, len(first_bias) + len(second_bias)), np.float32)
    kernel[: len(first_in), : len(first_bias)] = first_in
    kernel[len(first_in) :, len(first_bias) :] = second_in
    joined.get_layer(HIDDEN).set_weights([kernel, np.concatenate([first_bias, second_bias])])
    (first_out, first_answer), (second_out, second_answer) = (
        network.get_layer(OUTPUT).get_weights() for network in (earlier, last)
    )
    joined.get_layer(OUTPUT).set_weights(
        [np.concatenate([first_out, second_out]) / 2, (first_answer + second_answer) / 2]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
