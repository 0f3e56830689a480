"""Part t of benchmarks/teaching.py: the trials by which features, the weight of answers and the interval were chosen.

(b) Which blocks of VGG16, on white cells. (a) With and without what VGG16 answers, at which weight, in two simulated
laboratories that are not among the twenty of part a, on frames that lie between those of part a. (d) The interval that
was, beside the one that is, over more kinds of laboratories than part d has.
"""

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.simulated_laboratory import Laboratory
from benchmarks.teaching_heads import (
    FOLDS,
    MEASURED_IN_LABORATORY,
    TAUGHT,
    TAUGHT_IN_LABORATORY,
    Array,
    IntArray,
    Reader,
    Seen,
    files_of,
    right_of_rest,
    unseen_frames,
)
from bloodsmear.images.decode import decode_image
from bloodsmear.teaching.cross_validation import STRENGTHS
from bloodsmear.teaching.intervals import share_of, student_t
from bloodsmear.teaching.ridge import fit_head, log_loss

SEEDS, DRAWS, AUDITS = (1011, 1051), 4, 2000
# Added to a probability before its logarithm, as the program adds it.
LEAST = 1e-4


def print_tries(white_cells: Path, frames: Path, a_label: int, reader: Reader) -> None:
    """All three."""
    _print_blocks(white_cells, a_label, reader)
    _print_answers(frames, reader)
    _print_intervals()


def _print_blocks(root: Path, a_label: int, reader: Reader) -> None:
    files, targets = files_of(root, a_label)
    seen = reader.read(len(files), lambda place: decode_image(files[place]).pixels)
    print(
        f"(b) {len(files)} cells, from {' and '.join(map(str, TAUGHT))} of each kind, mean of {DRAWS} draws"
    )
    for words, features in (
        ("deviations, blocks 1 to 4: taught on", seen.taught_on),
        ("deviations, blocks 2 to 4", seen.deviations_of(2, 3, 4)),
        ("deviations, blocks 3 and 4", seen.deviations_of(3, 4)),
        ("deviations, block 5", seen.deviations_of(5)),
        ("means, blocks 1 to 4", seen.means_of(1, 2, 3, 4)),
        ("means, blocks 3 to 5: as VGG16 2.0's own head", seen.means_of(3, 4, 5)),
        ("means and deviations, blocks 1 to 4", seen.moments_of(1, 2, 3, 4)),
        ("means and deviations, blocks 3 and 4", seen.moments_of(3, 4)),
        ("means and deviations, blocks 3 to 5", seen.moments_of(3, 4, 5)),
        ("logarithms of these, log(x + 0.1)", np.log(seen.moments_of(3, 4, 5) + 0.1)),
    ):
        shares = [100 * right_of_rest(features, targets, taught, DRAWS) for taught in TAUGHT]
        print(f"    {words:48} {'  '.join(f'{one:5.1f} %' for one in shares)}", flush=True)


def _print_answers(root: Path, reader: Reader) -> None:
    frames, targets = unseen_frames(root, reader.base.card, between=True)
    part = np.arange(len(targets)) % (TAUGHT_IN_LABORATORY + MEASURED_IN_LABORATORY) < TAUGHT_IN_LABORATORY
    seen = [
        reader.read(len(frames), lambda at, do=laboratory: do(frames[at]))  # type: ignore[misc]
        for laboratory in map(Laboratory.drawn, SEEDS)
    ]
    before = [float(np.mean(one.base[~part] == targets[~part])) for one in seen]
    print(
        f"(a) laboratories {SEEDS}, {part.sum()} frames taught, {(~part).sum()} measured: VGG16 {_each(before)}"
    )

    def tell(words: str, of: Callable[[Seen], Array], weight: float, least: float = LEAST) -> None:
        shares = []
        for one in seen:
            answers = np.log(one.answers + least)
            head = _head(of(one)[part], answers[part], weight, targets[part])
            shares.append(float(np.mean(head(of(one)[~part], answers[~part]) == targets[~part])))
        print(f"    {words:52} {_each(shares)}", flush=True)

    tell("deviations of blocks 1 to 4", lambda one: one.taught_on, 0.0)
    for weight in (0.03, 0.1, 0.3, 1.0, 3.0):
        tell(f"and log(p + {LEAST:g}), weight {weight:g}", lambda one: one.taught_on, weight)
    tell("and log(p + 0.01), weight 0.3", lambda one: one.taught_on, 0.3, 0.01)
    for blocks in ((3, 4), (3, 4, 5), (4,), (1, 2, 3, 4, 5)):
        words = f"blocks {', '.join(map(str, blocks))} and log(p + {LEAST:g}), weight 0.3"
        tell(words, lambda one, blocks=blocks: one.deviations_of(*blocks), 0.3)  # type: ignore[misc]
    tell("square roots of the deviations, with the answer", lambda one: np.sqrt(one.taught_on), 0.3)
    tell("square roots without it", lambda one: np.sqrt(one.taught_on), 0.0)


def _head(
    features: Array, answers: Array, weight: float, targets: IntArray
) -> Callable[[Array, Array], IntArray]:
    """A ridge as the program has it, on features whose variances add up to 1 and answers whose add up to `weight`."""
    rows, labels = np.concatenate([features, answers], 1), int(targets.max()) + 1
    spread = np.maximum(rows.std(axis=0), 0.1 * float(np.median(rows.std(axis=0))))
    shares = np.repeat(
        [1 / features.shape[1], weight / answers.shape[1]], [features.shape[1], answers.shape[1]]
    )
    mean, scale = rows.mean(axis=0), np.sqrt(shares) / spread
    scores = (rows - mean) * scale
    folds = np.arange(len(targets)) % FOLDS

    def loss_at(strength: float) -> float:
        logits = np.empty((len(targets), labels))
        for fold in range(FOLDS):
            out = folds == fold
            logits[out] = fit_head(scores[~out], targets[~out], labels, strength).logits(scores[out])
        return log_loss(logits, targets)

    head = fit_head(scores, targets, labels, min(STRENGTHS, key=loss_at))
    return lambda one, other: head.logits((np.concatenate([one, other], 1) - mean) * scale).argmax(axis=1)


def _print_intervals() -> None:
    """How often the audit's interval covers the truth, and Wilson's with Student's t in full, as it was."""
    chance, cases = np.random.default_rng(1), np.repeat(np.arange(12), 5)
    print(
        f"(d) {AUDITS} audits of 12 patients with 5 images: the interval as it is, Wilson's with Student's t"
    )
    for accuracy, alike in itertools.product((0.97, 0.95, 0.9, 0.7, 0.5), (0.02, 0.1, 0.3)):
        held = np.zeros(2)
        for _ in range(AUDITS):
            patients = chance.beta(accuracy * (1 / alike - 1), (1 - accuracy) * (1 / alike - 1), 12)
            right = chance.random(len(cases)) < patients[cases]
            now = share_of(right, cases)
            for place, (low, high) in enumerate(((now.low, now.high), _wilson_over_cases(right, cases))):
                held[place] += low is not None and high is not None and low <= accuracy <= high
        now_held, before_held = (100 * held / AUDITS).tolist()
        print(
            f"    {accuracy:.0%} right, alike by {alike:.2f}: {now_held:.1f} %, {before_held:.1f} %",
            flush=True,
        )


def _wilson_over_cases(right: np.ndarray, cases: IntArray) -> tuple[float, float]:
    """Wilson's interval for as many images as the variance over cases is worth, with Student's quantile."""
    value, number = float(right.mean()), int(cases.max()) + 1
    off = np.bincount(cases, weights=right - value)
    over_cases = number / (number - 1) * float(np.sum(off**2)) / len(right) ** 2
    alone = value * (1 - value) / len(right)
    count = len(right) / max(1.0, over_cases / alone) if alone else float(number)
    student = student_t(number - 1)
    spread = student**2 / count
    middle = (value + spread / 2) / (1 + spread)
    reach = student / (1 + spread) * math.sqrt(value * (1 - value) / count + spread / (4 * count))
    return middle - reach, middle + reach


def _each(shares: list[float]) -> str:
    return f"{100 * np.mean(shares):5.1f} % ({', '.join(f'{100 * one:.0f}' for one in shares)})"
