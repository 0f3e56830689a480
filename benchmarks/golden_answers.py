"""Whether a classifier ever answers otherwise than it did: golden images again and again, beside whatever else runs.

.venv/bin/python benchmarks/golden_answers.py [--answers N] [--classifier ID]
.venv/bin/python build_scripts/windows_under_wine.py python benchmarks/golden_answers.py     the same on Windows

Each default classifier reads and answers them from two threads. Printed: how many answers, how many different ones an
image got (1 is as it must be), and the largest difference of a probability. Exit status 1: some image got two.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.images.decode import decode_image
from bloodsmear.workflows.classifier_set import load_default_classifiers


def main(words: list[str]) -> int:
    """Ask and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Whether a classifier ever answers otherwise than it did.")
    parser.add_argument("--answers", type=int, default=500, help="answers of each classifier (500)")
    parser.add_argument("--classifier", help="ask this one alone, by its id")
    parsed = parser.parse_args(words)
    wanted = [
        one for one in load_default_classifiers().classifiers if parsed.classifier in (None, one.card.id)
    ]
    return 0 if all([_judge(one, parsed.answers) for one in wanted]) else 1  # noqa: C419 - all are shown


def _judge(classifier: Classifier, count: int) -> bool:
    names = [case.image for case in classifier.card.golden]
    began = time.monotonic()

    def answer(name: str) -> tuple[str, tuple[float, ...]]:
        pixels = decode_image(paths.demo_images() / name).pixels
        return name, classifier.predict(pixels).probabilities

    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = list(pool.map(answer, islice(cycle(names), count)))
    different = {name: {found for of, found in answers if of == name} for name in names}
    largest = max(
        abs(one - other)
        for found in different.values()
        for some in found
        for others in found
        for one, other in zip(some, others, strict=True)
    )
    most = max(map(len, different.values()))
    print(
        f"{classifier.card.id}: {count} answers to {len(names)} images in {time.monotonic() - began:.0f} s; "
        f"at most {most} different ones for an image, the largest difference {largest:.2g}",
        flush=True,
    )
    return most == 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
