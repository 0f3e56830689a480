"""What the size of the input gives and costs: accuracy, each label's sensitivity, and milliseconds.

.venv/bin/python benchmarks/input_sizes.py --data FOLDER [--classifier ID ...] [--size PX ...] [--run RUN ...]
    [--shifts]

FOLDER holds the labelled images that the shipped classifiers were fitted on. Each classifier that is named is built at
each size (96, 112, 128, 150 and 192 px) with the weights that it has: nothing is fitted anew. Of each RUN of
`bloodsmear-train fit` the best epoch answers at its own size. With --shifts all answer under each of the evaluation's
shifts of stain and camera as well. All answer the validation images as the graph that ships
would, before calibration; nothing is measured on the held-out images. Milliseconds are the processor's for one answer
of the graph alone, on one thread: the least of forty, because other work on the PC only adds to them.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from benchmarks.size_figures import figures_of, graph_of, milliseconds_of
from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.jobs import report_nowhere
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS
from training.architectures.unet import build_unet
from training.architectures.vgg16 import build_vgg16
from training.data.data_set import DataSet, read_data_set
from training.data.picture_cache import load_pictures
from training.data.split import read_split
from training.evaluation.answers import answer_pictures
from training.evaluation.measured_part import split_by_card
from training.evaluation.shifts import SHIFTS
from training.fitting.history import read_history
from training.fitting.network import load_best
from training.fitting.presets import read_config
from training.fitting.run import read_run_config, recipe_of
from training.fitting.start_weights import load_start_weights

_SIZES_PX = (96, 112, 128, 150, 192)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A network, how its pictures are prepared, and what it is called in the line of its figures."""

    name: str
    network: keras.Model
    recipe: Recipe


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What the size of the input gives and costs.")
    parser.add_argument("--data", type=Path, required=True, help="the labelled images")
    parser.add_argument(
        "--classifier",
        nargs="*",
        choices=DEFAULT_CLASSIFIERS,
        default=[],
        help="shipped, to be asked at other sizes",
    )
    parser.add_argument("--size", type=int, nargs="+", default=_SIZES_PX, help="px of the input's sides")
    parser.add_argument("--run", type=Path, nargs="*", default=[], help="fits, each at its own size")
    parser.add_argument("--shifts", action="store_true", help="also under the evaluation's shifts")
    parsed = parser.parse_args(words)
    data_set = read_data_set(parsed.data)
    for name in parsed.classifier:
        for size in parsed.size:
            _measure_shipped(name, size, data_set, parsed.shifts)
    for run in parsed.run:
        _measure_run(run, data_set, parsed.shifts)
    return 0


def _measure_shipped(name: str, size: int, data_set: DataSet, shifted: bool) -> None:
    folder = paths.shipped_classifiers() / name
    card = read_card(folder)
    recipe = replace(card.recipe, width_px=size, height_px=size)
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report_nowhere)
    places = split_by_card(card, data_set, pictures).indices(data_set, "validation")
    if card.architecture == "unet":
        network = build_unet(size, size, len(card.labels))
    else:
        fitted_as = read_config(paths.shipped_classifiers().parent / "training/shipped/vgg16_fit.toml")
        network = build_vgg16(size, size, len(card.labels), fitted_as.pooled_blocks)
    load_start_weights(network, folder, recipe)
    own = " (its own)" if size == card.recipe.width_px else ""
    asked = _Asked(f"{name} {card.version}, {size} px{own}", network, recipe)
    _measure(asked, (pictures.pixels[places], places), data_set, shifted)


def _measure_run(run: Path, data_set: DataSet, shifted: bool) -> None:
    config = read_run_config(run)
    recipe = recipe_of(config)
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report_nowhere)
    places = read_split(run / SPLIT_FILE).indices(data_set, "validation")
    epochs = len(read_history(run))
    network = load_best(run, config, len(data_set.label_keys))
    asked = _Asked(f"{run.name}, {config.width_px} px, best of {epochs} epochs", network, recipe)
    _measure(asked, (pictures.pixels[places], places), data_set, shifted)


def _measure(
    asked: _Asked, shown: tuple[npt.NDArray[np.uint8], list[int]], data_set: DataSet, shifted: bool
) -> None:
    """`shown`: the pictures, and their places in the data set."""
    engine, (pixels, places) = graph_of(asked.network), shown
    targets = np.array(data_set.targets)[places]
    took_ms = milliseconds_of(engine, pixels.shape[1:])
    for name, shift in {"": None, **(SHIFTS if shifted else {})}.items():
        changed = pixels if shift is None else np.stack([shift(picture) for picture in pixels])
        said = answer_pictures(engine, changed, asked.recipe).probabilities
        under = f"   under {name}" if name else ""
        figures = figures_of(said, targets, data_set.label_keys)
        print(f"{asked.name:<40} {took_ms:6.1f} ms   {figures}{under}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
