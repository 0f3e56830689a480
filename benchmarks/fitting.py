"""Images per second of a fit against a plain Keras loop, on the same network and the same files in the same process.

.venv/bin/python benchmarks/fitting.py [--images N] [--source PX] [--side PX] [--epochs N]

The plain loop is what ImageDataGenerator does: each image is opened by Pillow in every epoch, resized, changed by an
affine transform of SciPy (rotation 45°, shift 0.2, shear 0.2, zoom 0.2, both flips), divided by 255. The fit decodes
once and changes by the same preset. The network is next to none, so that loading is what is timed; the fit's first
epoch holds its decoding. Made-up smears, of the Taleqani set's size; the goal is a ratio of at least 3.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from training.backend import choose_backend
from training.data.data_set import LabelledImage
from training.data.picture_cache import load_pictures
from training.fitting.presets import PRESETS

GOAL = 3.0
LABEL_COUNT = 4
Epoch = Callable[[], None]


def main(words: list[str]) -> int:
    """Time both and print; returns the exit status, 1 below the goal."""
    parser = argparse.ArgumentParser(description="Time a fit's loading against a plain Keras loop.")
    parser.add_argument("--images", type=int, default=240, help="images (240)")
    parser.add_argument(
        "--source", type=int, default=224, help="the files' side in pixels (224, as the Taleqani set)"
    )
    parser.add_argument("--side", type=int, default=150, help="the input's side in pixels (150)")
    parser.add_argument("--epochs", type=int, default=10, help="epochs of each (10, as the reference)")
    parsed = parser.parse_args(words)
    backend = choose_backend("auto").name
    with tempfile.TemporaryDirectory(prefix="bloodsmear-training-") as scratch:
        images = make_smears(Path(scratch), parsed.images, parsed.source)
        plain_s = time_plain(images, parsed.side, parsed.epochs)
        fit_s = time_fit(images, parsed.side, parsed.epochs, Path(scratch))
    seen = parsed.images * parsed.epochs
    print(
        f"{os.cpu_count()} cores, {backend}, {parsed.images} images, {parsed.epochs} epochs at {parsed.side} px"
    )
    print(f"plain Keras loop  {seen / plain_s:8.1f} images/s")
    print(f"fit               {seen / fit_s:8.1f} images/s, decoding included")
    print(f"ratio             {plain_s / fit_s:8.1f}  (goal {GOAL:.0f})")
    return 0 if plain_s / fit_s >= GOAL else 1


def make_smears(folder: Path, count: int, side_px: int) -> list[LabelledImage]:
    """Pictures with something on them, as JPEG, a quarter for each label."""
    random = np.random.default_rng(0)
    images = []
    for number in range(count):
        coarse = random.integers(90, 255, (14, 14, 3), np.uint8)
        path = folder / f"smear ({number}).jpg"
        cv2.imwrite(str(path), cv2.resize(coarse, (side_px, side_px), interpolation=cv2.INTER_CUBIC))
        images.append(LabelledImage(path, str(number % LABEL_COUNT), number))
    return images


def time_plain(images: list[LabelledImage], side_px: int, epochs: int) -> float:
    """Seconds of the plain loop."""
    random = np.random.default_rng(0)
    model = _small_network(side_px)
    batch = PRESETS["reference"]["unet"].batch_images
    one_hot = np.eye(LABEL_COUNT, dtype=np.float32)

    def epoch() -> None:
        order = random.permutation(len(images))
        for start in range(0, len(order) - batch + 1, batch):
            chosen = [images[place] for place in order[start : start + batch]]
            inputs = np.stack([_load_as_keras(image.path, side_px, random) for image in chosen])
            model.train_on_batch(inputs, one_hot[[int(image.label) for image in chosen]])

    return _seconds(epoch, epochs, model, side_px)


def time_fit(images: list[LabelledImage], side_px: int, epochs: int, cache: Path) -> float:
    """Seconds of the fit's own loading in the same network, decoding included."""
    # Keras comes in once its backend is chosen.
    from training.fitting.feed import TrainingFeed
    from training.fitting.run import recipe_of

    config = dataclasses.replace(PRESETS["reference"]["unet"], width_px=side_px, height_px=side_px)
    recipe = recipe_of(config)
    targets = np.array([int(image.label) for image in images], np.int64)
    model = _small_network(side_px)
    number = 0
    feed: TrainingFeed | None = None

    def epoch() -> None:
        nonlocal number, feed
        if feed is None:
            pictures = load_pictures(images, recipe, cache, lambda _progress: None)
            feed = TrainingFeed(pictures.pixels, targets, recipe, config)
        feed.begin_epoch(number)
        number += 1
        for batch in range(len(feed)):
            model.train_on_batch(*feed[batch])

    taken_s = _seconds(epoch, epochs, model, side_px)
    if feed is not None:
        feed.close()
    return taken_s


def _seconds(epoch: Epoch, epochs: int, model: Any, side_px: int) -> float:
    batch = PRESETS["reference"]["unet"].batch_images
    # The first step compiles the network, once with and once without weights of images, and counts for neither.
    inputs, one_hot = (
        np.zeros((batch, side_px, side_px, 3), np.float32),
        np.eye(LABEL_COUNT, dtype=np.float32)[[0] * batch],
    )
    model.train_on_batch(inputs, one_hot)
    model.train_on_batch(inputs, one_hot, np.ones(batch, np.float32))
    began = time.perf_counter()
    for _ in range(epochs):
        epoch()
    return time.perf_counter() - began


def _small_network(side_px: int) -> Any:
    import keras

    inputs = keras.Input((side_px, side_px, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(LABEL_COUNT, activation="softmax")(pooled))
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    return model


def _load_as_keras(path: Path, side_px: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """One image as ImageDataGenerator loads and changes it, float32 side×side×3 from 0 to 1."""
    with Image.open(path) as opened:
        resized = opened.convert("RGB").resize((side_px, side_px), Image.Resampling.NEAREST)
    pixels = np.asarray(resized, np.float32)
    angle, shear = np.deg2rad(random.uniform(-45, 45)), np.deg2rad(random.uniform(-0.2, 0.2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, -np.sin(shear)], [0, np.cos(shear)]]) @ np.diag(random.uniform(0.8, 1.2, 2))
    middle = np.full(2, side_px / 2 - 0.5)
    offset = middle - matrix @ middle + random.uniform(-0.2, 0.2, 2) * side_px
    channels = [
        ndimage.affine_transform(pixels[:, :, channel], matrix, offset, order=1, mode="nearest")
        for channel in range(3)
    ]
    changed = np.stack(channels, axis=-1)
    for axis in (0, 1):
        if random.random() < 0.5:
            changed = np.flip(changed, axis)
    return np.asarray(changed / 255, np.float32)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
