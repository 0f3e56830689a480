"""What keeping channels in front saves: a classifier's graph with and without it, in turns, on one thread.

.venv/bin/python benchmarks/channels_first.py [--images N]

Each default classifier is converted twice, once without the rewriting (docs/adr/0015), and both graphs answer the demo
images. Milliseconds are the processor's time of an image, the median. Exit status 1: a probability moves by more than
1e-5, or the rewritten graph is not the quicker one.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.keras_side.convert import convert_model
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
from bloodsmear.classifiers.preprocess import InputArray, prepare_input
from bloodsmear.images.decode import decode_image
from bloodsmear.images.scan import Scan
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS, classifier_folders

LARGEST_MOVE = 1e-5


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What keeping channels in front saves.")
    parser.add_argument("--images", type=int, default=24, help="images for each graph (24)")
    parsed = parser.parse_args(words)
    return 0 if all([_judge(name, parsed.images) for name in DEFAULT_CLASSIFIERS]) else 1  # noqa: C419 - all are shown


def _judge(name: str, count: int) -> bool:
    folder = classifier_folders()[name]
    card = read_checked_card(folder)
    engines = _engine(folder, card, rewritten=False), _engine(folder, card, rewritten=True)
    before, after, move = _compare(engines, _inputs(card, count))
    print(
        f"{name:8} {before:6.1f} ms, channels in front {after:6.1f} ms, largest move of a probability {move:.1e}"
    )
    return move <= LARGEST_MOVE and after < before


def _engine(folder: Path, card: Card, *, rewritten: bool) -> Engine:
    place = "bloodsmear.classifiers.openvino_engine.keep_channels_first"
    with tempfile.TemporaryDirectory() as scratch:
        if rewritten:
            convert_model(folder / "model.keras", Path(scratch), shape_of(card))
        else:
            with patch(place):
                convert_model(folder / "model.keras", Path(scratch), shape_of(card))
        return OpenVinoEngine(read_graph(Path(scratch)), shape_of(card), streams=1)


def _inputs(card: Card, count: int) -> list[InputArray]:
    files = [found.path for found in Scan([paths.demo_images()])]
    prepared = [prepare_input(decode_image(path).pixels, card.recipe) for path in files]
    return list(islice(cycle(prepared), count))


def _compare(engines: tuple[Engine, Engine], inputs: Sequence[InputArray]) -> tuple[float, float, float]:
    """Milliseconds an image of either engine, and the largest difference of a probability."""
    times: tuple[list[float], list[float]] = ([], [])
    move = 0.0
    for prepared in inputs:
        answers = []
        for engine, taken in zip(engines, times, strict=True):
            started = time.process_time()
            answers.append(engine.run(prepared).probabilities)
            taken.append(1000 * (time.process_time() - started))
        move = max(move, float(np.abs(answers[0] - answers[1]).max()))
    return statistics.median(times[0]), statistics.median(times[1]), move


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
