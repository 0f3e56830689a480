"""What an int8 graph would gain and change: NNCF's quantisation after training beside the f32 graph (docs/adr/0017).

PYTHON benchmarks/int8.py --data FOLDER [--classifier ID] [--calibration N] [--keep-f32 PATTERN]

PYTHON is that of an environment of your own with NNCF beside this project: no part of Bloodsmear needs it. FOLDER is
the labelled folder that the classifier was fitted on: N images of its training part calibrate, its held-out part is
answered by both graphs. `--keep-f32` (repeatable) leaves layers in float whose names fit a regular expression;
`--names` prints the names. Milliseconds are the processor's time of an image on one thread. Exit status 1: more than
0.2 % of the labels change, or the probability of a chosen label moves by more than 0.05 (issue 6).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# The folder of this file stands first on the path, where training.py hides the package of its name.
sys.path.remove(str(Path(__file__).resolve().parent))

from bloodsmear import paths
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import compile_graph, load_graph, run_request
from bloodsmear.classifiers.preprocess import InputArray, scale_pixels
from bloodsmear.workflows.classifier_set import classifier_folders
from training.data.data_set import read_data_set
from training.data.picture_cache import load_pictures
from training.evaluation.measured_part import split_by_card

MOST_LABELS_CHANGED, LARGEST_MOVE = 0.002, 0.05


@dataclass(frozen=True, slots=True)
class Images:
    """Prepared training images to calibrate on, and held-out ones to answer."""

    calibration: Sequence[InputArray]
    held_out: Sequence[InputArray]


def main(words: list[str]) -> int:
    """Quantise, compare and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What an int8 graph would gain and change.")
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder that the classifier was fitted on"
    )
    parser.add_argument("--classifier", default="vgg16", help="its id (vgg16)")
    parser.add_argument("--calibration", type=int, default=300, help="training images to calibrate on (300)")
    parser.add_argument("--keep-f32", action="append", default=[], help="layers to leave in float")
    parser.add_argument("--names", action="store_true", help="print the layers' names and end")
    parsed = parser.parse_args(words)
    folder = classifier_folders()[parsed.classifier]
    card = read_checked_card(folder)
    model = load_graph(user_graph_cache().graph_of(folder, card), shape_of(card))
    if parsed.names:
        print(
            "\n".join(
                f"{node.get_type_name():20} {node.get_friendly_name()}" for node in model.get_ordered_ops()
            )
        )
        return 0
    images = _images(card, parsed.data, parsed.calibration)
    int8 = _quantised(model, images.calibration, parsed.keep_f32)
    return _judge(card, *(_answers(card, one, images.held_out) for one in (model, int8)))


def _images(card: Card, data: Path, calibration: int) -> Images:
    data_set = read_data_set(data)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", lambda _progress: None)
    split = split_by_card(card, data_set, pictures)
    train = np.array(split.indices(data_set, "train"))
    chosen = np.random.default_rng(0).permutation(train)[:calibration]
    return Images(
        [scale_pixels(pictures.pixels[place], card.recipe) for place in chosen],
        [scale_pixels(pictures.pixels[place], card.recipe) for place in split.indices(data_set, "held_out")],
    )


def _quantised(model: Any, calibration: Sequence[InputArray], keep_f32: Sequence[str]) -> Any:
    import nncf  # type: ignore[import-not-found]  # in an environment of its own

    return nncf.quantize(
        model.clone(),
        nncf.Dataset([image[np.newaxis] for image in calibration]),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(calibration),
        ignored_scope=nncf.IgnoredScope(patterns=list(keep_f32), validate=bool(keep_f32)),
    )


def _answers(card: Card, model: Any, images: Sequence[InputArray]) -> tuple[npt.NDArray[np.float64], float]:
    """Calibrated probabilities (images × labels), and the median milliseconds an image."""
    (request,) = compile_graph(model, card.id, streams=1)
    rows, taken = [], []
    for image in images:
        started = time.process_time()
        raw = np.array(run_request(request, image)[0][0], np.float32)
        taken.append(1000 * (time.process_time() - started))
        rows.append(calibrate(raw, card.temperature))
    return np.array(rows), statistics.median(taken)


def _judge(
    card: Card, full: tuple[npt.NDArray[np.float64], float], int8: tuple[npt.NDArray[np.float64], float]
) -> int:
    labels = full[0].argmax(axis=1)
    changed = float((int8[0].argmax(axis=1) != labels).mean())
    moves = np.abs(int8[0] - full[0])[np.arange(len(labels)), labels]
    print(f"{card.id} {card.version_mark}, {len(labels)} held-out images")
    print(f"f32 {full[1]:.1f} ms, int8 {int8[1]:.1f} ms an image")
    print(f"labels changed {changed:.2%} (allowed {MOST_LABELS_CHANGED:.1%})")
    over = int((moves > LARGEST_MOVE).sum())
    print(
        f"probability of the chosen label moves by {moves.max():.3f} at most, {over} images over {LARGEST_MOVE}"
    )
    return int(changed > MOST_LABELS_CHANGED or moves.max() > LARGEST_MOVE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
