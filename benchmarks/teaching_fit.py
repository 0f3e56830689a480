"""Part e of benchmarks/teaching.py: own labels by `bloodsmear-train fit --preset few`, the command a laboratory types.

A draw of part b is laid out as a laboratory would: LABEL/CASE/image, ten cases. Whose cell is whose is not known, so
cases are dealt at random, for `fit`, too. What `fit` measures learned from seven of ten images, what is exported from
all of them; it answers the rest, which the fit never saw, once each.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.teaching_heads import DRAWS, TAUGHT, drawn, files_of, right_of_rest
from bloodsmear.classifiers.appearance import colour_statistics
from bloodsmear.classifiers.folder import open_classifier
from bloodsmear.classifiers.preprocess import fit_to_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.decode import decode_image
from bloodsmear.teaching.figures import colour_features

CASES = 10
WANTED = {25: 85.0, 100: 92.0}


def print_fits(root: Path, a_label: int, recipe: Recipe, taught: tuple[int, ...] = TAUGHT) -> None:
    """From so many of each kind, the draws of part b: what the exported classifier names rightly of the rest."""
    files, targets = files_of(root, a_label)
    kinds = sorted({file.parent.name for file in files})
    print(
        f"(e) {len(files)} cells of {len(kinds)} kinds, by bloodsmear-train fit --preset few; right of the rest "
        f"(mean of {DRAWS} draws)"
    )
    seen = [colour_statistics(fit_to_input(decode_image(file).pixels, recipe)) for file in files]
    colours = colour_features(np.array(seen, np.float64))
    for count in taught:
        reached = []
        for draw in range(DRAWS):
            chosen = drawn(targets, count, draw)
            rest = np.setdiff1d(np.arange(len(targets)), chosen)
            with tempfile.TemporaryDirectory(prefix="bloodsmear-fit-") as scratch:
                classifier = _fit(Path(scratch), [files[place] for place in chosen])
                reached.append(100 * _right(classifier, [files[place] for place in rest]))
        mean, colour = float(np.mean(reached)), 100 * right_of_rest(colours, targets, count)
        words = "reached" if mean >= WANTED[count] else "MISSED"
        print(
            f"    from {count:3} of each kind: {mean:.1f} % ({', '.join(f'{one:.1f}' for one in reached)}), colour "
            f"alone {colour:.1f} % of {len(rest)} cells. {WANTED[count]:.0f} %: {words}",
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
