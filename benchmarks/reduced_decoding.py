"""What decoding JPEGs at a fraction of their size would change: labels, probabilities, time.

.venv/bin/python benchmarks/reduced_decoding.py --folder FOLDER

Every JPEG below FOLDER is decoded whole and at 1/2, 1/4 and 1/8 (libjpeg's scaled inverse transform), and both default
classifiers answer each. Milliseconds are those of decoding alone, on one thread. Exit status 1: at no fraction do all
labels stay and all probabilities keep within 0.01, so that none may be used.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.classifier import Classifier, FittedImage, predict_all
from bloodsmear.images.decode import decode_image, decode_reduced
from bloodsmear.images.scan import Scan
from bloodsmear.workflows.classifier_set import DEFAULT_CLASSIFIERS, load_named_classifiers

DIVISORS = (1, 2, 4, 8)
LARGEST_MOVE = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """All images at one fraction: probabilities (classifiers × images × labels) and milliseconds an image."""

    probabilities: npt.NDArray[np.float64]
    decoding_ms: float


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What decoding at a fraction of the size would change.")
    parser.add_argument("--folder", type=Path, required=True, help="full-size JPEGs")
    parsed = parser.parse_args(words)
    files = [found.path for found in Scan([parsed.folder]) if found.path.suffix.lower() in (".jpg", ".jpeg")]
    if not files:
        print(f"There is no JPEG below {parsed.folder}.")
        return 2
    classifiers = load_named_classifiers(DEFAULT_CLASSIFIERS, streams=1).classifiers
    whole, *reduced = (_answer(files, classifiers, divisor) for divisor in DIVISORS)
    print(f"images {len(files)}, decoded whole in {whole.decoding_ms:.1f} ms an image")
    print("size   decoding   labels changed   largest move   moves over 0.01")
    well = [_judge(whole, *pair) for pair in zip(DIVISORS[1:], reduced, strict=True)]
    return 0 if any(well) else 1


def _answer(files: Sequence[Path], classifiers: Sequence[Classifier], divisor: int) -> Decoded:
    seconds, rows = 0.0, []
    for path in files:
        long_side = max(decode_image(path).pixels.shape[:2]) if divisor > 1 else 0
        started = time.perf_counter()
        decoded = decode_reduced(path, long_side // divisor) if divisor > 1 else decode_image(path)
        pixels = decoded.pixels
        seconds += time.perf_counter() - started
        rows.append([one.probabilities for one in predict_all(FittedImage(pixels), classifiers)])
    return Decoded(np.swapaxes(np.array(rows), 0, 1), 1000 * seconds / len(files))


def _judge(whole: Decoded, divisor: int, reduced: Decoded) -> bool:
    """Print one fraction's line; returns whether it may be used."""
    moves = np.abs(reduced.probabilities - whole.probabilities)
    labels = whole.probabilities.argmax(axis=2), reduced.probabilities.argmax(axis=2)
    changed, largest = int((labels[0] != labels[1]).sum()), float(moves.max())
    over = int((moves.max(axis=2) > LARGEST_MOVE).sum())
    print(f"1/{divisor}   {reduced.decoding_ms:7.1f} ms {changed:14} {largest:14.3f} {over:17}")
    return changed == 0 and largest <= LARGEST_MOVE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
