"""What the size of the input gives and costs: accuracy, each label's sensitivity, and milliseconds.

.venv/bin/python benchmarks/input_sizes.py --data FOLDER [--classifier ID ...] [--size PX ...] [--run RUN ...]
    [--shifts] [--corner]

FOLDER holds the labelled images that the shipped classifiers were fitted on. Each classifier that is named is built
at each size (96, 112, 128, 150 and 192 px) with the weights that it has, a U-Net's norms set to the training images
at that size: nothing is fitted anew. Of each RUN of `bloodsmear-train fit` the best epoch answers at its own size.
With --shifts all answer under each of the evaluation's shifts of stain and camera as well; with --corner it is
counted how many answers change with the corner of another label's image, in images as they are and in images made
pale and out of focus under it. All answer the validation images as the graph that ships would, before calibration;
nothing is measured on the held-out images. Milliseconds are the processor's for one answer of the graph alone, on one
thread: the least of forty, because other work on the PC only adds to them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections.abc import Iterable
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
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import report_nowhere
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS
from training.architectures.unet import build_unet
from training.architectures.vgg16 import build_vgg16
from training.data.data_set import DataSet, read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import Pictures
from training.data.split import read_split
from training.evaluation.answers import answer_pictures
from training.evaluation.hidden_parts import change_corners, corner_of, with_corner
from training.evaluation.measured_part import split_by_card
from training.evaluation.shifts import SHIFTS, Shift, defocus
from training.fitting.fit import plain_batches, recompute_statistics
from training.fitting.head_of_classifier import head_of_classifier
from training.fitting.history import read_history
from training.fitting.network import load_best
from training.fitting.presets import read_config
from training.fitting.run import read_run_config, recipe_of
from training.fitting.start_weights import load_start_weights

_SIZES_PX = (96, 112, 128, 150, 192)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A network, how its pictures are prepared, and what it is called in the line of its figures.

    `pixels` are the validation images at the input's size, uint8 N×H×W×3, `places` theirs in the data set.
    """

    name: str
    network: keras.Model
    recipe: Recipe
    pixels: Pictures
    places: list[int]


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
    parser.add_argument("--corner", action="store_true", help="also with another label's corner")
    parsed = parser.parse_args(words)
    data_set = read_data_set(parsed.data)
    shipped = (_shipped(name, size, data_set) for name in parsed.classifier for size in parsed.size)
    for each in itertools.chain(shipped, (_of_run(run, data_set) for run in parsed.run)):
        engine = graph_of(each.network)
        _measure(each, engine, data_set, parsed.shifts)
        if parsed.corner:
            _measure_corners(each, engine, data_set)
    return 0


def _shipped(name: str, size: int, data_set: DataSet) -> _Asked:
    folder = paths.shipped_classifiers() / name
    card = read_card(folder)
    recipe = replace(card.recipe, width_px=size, height_px=size)
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report_nowhere)
    split = split_by_card(card, data_set, pictures)
    places = split.indices(data_set, "validation")
    fitted_as = read_config(paths.shipped_classifiers().parent / f"training/shipped/{name}_fit.toml")
    blocks, _ = head_of_classifier(folder) or (fitted_as.pooled_blocks, fitted_as.pooled_as)
    build = build_unet if card.architecture == "unet" else build_vgg16
    network = build(size, size, len(card.labels), blocks)
    load_start_weights(network, folder, recipe)
    if size != card.recipe.width_px:
        # A fit would set them so before it validates; what the maps look like changes with the size. VGG16 has none.
        train = pictures.pixels[split.indices(data_set, "train")]
        recompute_statistics(network, plain_batches(train, recipe, fitted_as), of_head_alone=False)
    own = " (its own)" if size == card.recipe.width_px else ""
    return _Asked(f"{name} {card.version}, {size} px{own}", network, recipe, pictures.pixels[places], places)


def _of_run(run: Path, data_set: DataSet) -> _Asked:
    config = read_run_config(run)
    recipe = recipe_of(config)
    pictures = load_pictures(data_set.images, recipe, paths.cache() / "training", report_nowhere)
    places = read_split(run / SPLIT_FILE).indices(data_set, "validation")
    epochs = len(read_history(run))
    network = load_best(run, config, len(data_set.label_keys))
    words = f"{run.name}, {config.width_px} px, best of {epochs} epochs"
    return _Asked(words, network, recipe, pictures.pixels[places], places)


def _measure(asked: _Asked, engine: OpenVinoEngine, data_set: DataSet, shifted: bool) -> None:
    targets = np.array(data_set.targets)[asked.places]
    took_ms = milliseconds_of(engine, asked.pixels.shape[1:])
    for name, shift in {"": None, **(SHIFTS if shifted else {})}.items():
        changed = asked.pixels if shift is None else np.stack([shift(picture) for picture in asked.pixels])
        said = answer_pictures(engine, changed, asked.recipe).probabilities
        under = f"   under {name}" if name else ""
        figures = figures_of(said, targets, data_set.label_keys)
        print(f"{asked.name:<40} {took_ms:6.1f} ms   {figures}{under}", flush=True)


def _measure_corners(asked: _Asked, engine: OpenVinoEngine, data_set: DataSet) -> None:
    targets = np.array(data_set.targets)[asked.places]
    images = [decode_image(data_set.images[place].path).pixels for place in asked.places]
    swapped = change_corners(images.__getitem__, targets, lambda image: image).swapped

    def answers(pictures: Iterable[RgbImage]) -> npt.NDArray[np.int64]:
        fitted = np.stack([fit_to_input(picture, asked.recipe) for picture in pictures])
        return np.asarray(answer_pictures(engine, fitted, asked.recipe).probabilities.argmax(axis=1))

    for words, change in _UNDER_THE_CORNER.items():
        changed = [change(image) for image in images]
        under = (
            with_corner(picture, other[corner_of(*other.shape[:2])])
            for picture, other in zip(changed, swapped, strict=True)
        )
        share = (answers(changed) != answers(under)).mean()
        print(
            f"{asked.name:<40} {100 * share:6.1f} % other answers with another label's corner, {words}",
            flush=True,
        )


def _pale_and_out_of_focus(image: RgbImage) -> RgbImage:
    for change in (SHIFTS["gamma_0.7"], SHIFTS["saturation_times_0.7"], defocus(3.0)):
        image = change(image)
    return image


_UNDER_THE_CORNER: dict[str, Shift] = {
    "images as they are": lambda image: image,
    "images pale and out of focus by 3 px of the file": _pale_and_out_of_focus,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
