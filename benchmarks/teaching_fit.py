"""Part e of benchmarks/teaching.py: own labels by `bloodsmear-train fit --preset few`, the command a laboratory types.

The draw of part b is laid out as a laboratory would: LABEL/CASE/image, ten cases. Whose cell is whose is not known, so
cases are dealt at random, for `fit`, too. What `fit` measures learned from seven of ten images, what is exported from
all of them; it answers the rest, which the fit never saw, once each.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.teaching_heads import TAUGHT, IntArray, drawn, files_of, head_of
from bloodsmear.classifiers.appearance import colour_statistics
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.decode import decode_image
from bloodsmear.teaching.figures import colour_features

CASES = 10
WANTED = {25: 85.0, 100: 92.0}


def print_fits(root: Path, a_label: int, recipe: Recipe, taught: tuple[int, ...] = TAUGHT) -> None:
    """From so many of each kind, the first draw: what the exported classifier names rightly of the rest."""
    files, targets = files_of(root, a_label)
    kinds = sorted({file.parent.name for file in files})
    print(
        f"(e) {len(files)} cells of {len(kinds)} kinds, by bloodsmear-train fit --preset few; right of the rest"
    )
    with tempfile.TemporaryDirectory(prefix="bloodsmear-fit-") as scratch:
        for count in taught:
            chosen = drawn(targets, count, draw=0)
            rest = np.setdiff1d(np.arange(len(targets)), chosen)
            classifier = _fit(Path(scratch) / str(count), [files[place] for place in chosen])
            reached = 100 * _right(classifier, [files[place] for place in rest])
            colour = 100 * _by_colour(files, targets, chosen, recipe)
            words = "reached" if reached >= WANTED[count] else "MISSED"
            print(
                f"    from {count:3} of each kind: {reached:.1f} %, colour alone {colour:.1f} % of {len(rest)} cells. "
                f"{WANTED[count]:.0f} %: {words}",
                flush=True,
            )


def _fit(place: Path, files: list[Path]) -> Path:
    """Lay the cells out, fit and export; the folder of the classifier."""
    data, run, target = place / "cells", place / "run", place / "few"
    for number, file in enumerate(files):
        image = data / file.parent.name / f"case-{number % CASES}" / file.name
        image.parent.mkdir(parents=True, exist_ok=True)
        image.symlink_to(file.absolute())
    _train("fit", data, "--run", run, "--preset", "few")
    _train("export", run, "--data", data, "-o", target, "--no-graph")
    return target


def _train(*words: object) -> None:
    asked = [sys.executable, "-m", "training.program", *map(str, words)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(asked)}\n{done.stderr}")


def _right(folder: Path, files: list[Path]) -> float:
    classifier = open_classifier(folder, 1)
    keys = classifier.card.label_keys
    said = [
        keys[int(np.argmax(classifier.predict(decode_image(file).pixels).probabilities))] for file in files
    ]
    return float(np.mean([key == file.parent.name for key, file in zip(said, files, strict=True)]))


def _by_colour(files: list[Path], targets: IntArray, chosen: IntArray, recipe: Recipe) -> float:
    seen = [colour_statistics(fit_to_input(decode_image(file).pixels, recipe)) for file in files]
    features = colour_features(np.array(seen, np.float64))
    rest = np.setdiff1d(np.arange(len(targets)), chosen)
    head = head_of(features[chosen], targets[chosen])
    return float(np.mean(head(features[rest]) == targets[rest]))
