"""What the int8 graphs of the shipped classifiers do alone, and from where on the exact graph should answer.

.venv/bin/python benchmarks/fast_answers.py --data FOLDER [--part held_out|all]

FOLDER holds the labelled images that they were fitted on. For each share of the threshold of `unlike_training` from
which the exact graph answers, it prints how many images int8 answers and how many lie on the other side of the
threshold then. It prints, too, how far the int8 graph's answers to the golden images are from the card's:
ONEDNN_MAX_CPU_ISA=AVX2 (or AVX512_CORE, SSE41) before the command holds OpenVINO to an older processor.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear import paths
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.fast_engine import SURE
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.folder_files import INT8_GRAPH, read_listed_graph
from bloodsmear.classifiers.golden import make_golden
from bloodsmear.classifiers.graph_cache import user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.jobs import report_nowhere
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS
from training.data.data_set import read_data_set
from training.data.picture_cache import load_pictures
from training.data.pictures import Pictures
from training.evaluation.answers import answer_pictures
from training.evaluation.measured_part import split_of_fit

_SHARES = (1.0, 0.9, 0.8, 0.7)


@dataclass(frozen=True, slots=True)
class Said:
    """Of N images: whether the label is sure after calibration, and the features' distance over the threshold."""

    sure: npt.NDArray[np.bool_]
    distance: npt.NDArray[np.float64]


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What int8 graphs do alone.")
    parser.add_argument("--data", type=Path, required=True, help="the labelled images")
    parser.add_argument(
        "--part", choices=["held_out", "all"], default="held_out", help="of the split of the fit"
    )
    parsed = parser.parse_args(words)
    for classifier_id in DEFAULT_CLASSIFIERS:
        folder = paths.shipped_classifiers() / classifier_id
        card = read_checked_card(folder)
        graph = read_listed_graph(folder, card, INT8_GRAPH)
        if graph is None or card.unlike_training is None:
            print(f"{classifier_id} has no int8 graph or no threshold")
            return 1
        int8 = OpenVinoEngine(graph, shape_of(card))
        _print_golden(card, int8)
        pixels = _pictures(card, parsed.data, parsed.part)
        exact = OpenVinoEngine(user_graph_cache().graph_of(folder, card), shape_of(card))
        _print_sides(card, _said(card, int8, pixels), _said(card, exact, pixels))
    return 0


def _pictures(card: Card, data: Path, part: str) -> Pictures:
    data_set = read_data_set(data)
    pictures = load_pictures(data_set.images, card.recipe, paths.cache() / "training", report_nowhere)
    if part == "all":
        return pictures.pixels
    return pictures.pixels[split_of_fit(card, data_set, pictures, None).indices(data_set, "held_out")]


def _said(card: Card, engine: Engine, pixels: Pictures) -> Said:
    answers = answer_pictures(engine, pixels, card.recipe)
    assert answers.features is not None
    assert card.unlike_training is not None
    spread = card.unlike_training.features
    sure = [max(calibrate(row.astype(np.float32), card.temperature)) >= SURE for row in answers.probabilities]
    return Said(np.array(sure), FeatureDistance(spread).of_all(answers.features) / spread.threshold)


def _print_golden(card: Card, int8: Engine) -> None:
    made = make_golden(int8, card.recipe, paths.demo_images(), [case.image for case in card.golden])
    there = card.fast.golden if card.fast is not None else None
    if there is not None:
        now = np.array([case.probabilities for case in made])
        print(
            f"{card.id}: golden answers of the int8 graph differ by {np.abs(now - np.array(there)).max():.1e}"
        )


def _print_sides(card: Card, int8: Said, exact: Said) -> None:
    unlike = exact.distance > 1
    alone = int((unlike != (int8.distance > 1)).sum())
    print(f"{card.id}: int8 alone puts {alone} of {len(unlike)} images on the other side of the threshold")
    for share in _SHARES:
        answered = int8.sure & (int8.distance <= share)
        crossed = int((answered & unlike).sum())
        print(
            f"{card.id}: exact from {share:.1f} of it on: int8 answers {answered.mean():.1%}, "
            f"{crossed} images cross"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
