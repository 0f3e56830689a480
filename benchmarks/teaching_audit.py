"""Part d of benchmarks/teaching.py: how often the audit's 95 % intervals cover the truth, drawn as the program draws.

A laboratory of 40 patients with 6 images each. A head answers the images of a patient rightly with a chance of their
own, spread around the whole as a beta distribution: patients differ, so images of one are alike. What is in use answers
with another such chance. The truth is what all patients of such a laboratory would give; the audit has 60 images.
"""

import numpy as np

from bloodsmear.review.audit_draw import draw_images
from bloodsmear.review.records import ListedImage
from bloodsmear.teaching.intervals import difference_of, share_of

CASES, OF_A_CASE, WANTED = 40, 6, 60
REPETITIONS = 2000
COVERED = (93.0, 97.0)
# The accuracy of the head, that of what is in use, and how alike images of one patient are (intraclass correlation).
LABORATORIES = (
    (0.95, 0.85, 0.05),
    (0.90, 0.65, 0.05),
    (0.90, 0.65, 0.15),
    (0.80, 0.75, 0.15),
    (0.70, 0.70, 0.3),
)


def print_audit() -> None:
    """(d): of each kind of laboratory the share of intervals that hold the truth, of accuracy and of gain."""
    print(
        f"(d) {REPETITIONS} audits of {WANTED} images each, of {CASES} patients with {OF_A_CASE} images: "
        "how many intervals cover the truth"
    )
    listed = [
        ListedImage(f"case-{case}/{number}.png", f"case-{case}", "ok", "0" * 64)
        for case in range(CASES)
        for number in range(OF_A_CASE)
    ]
    names = frozenset(one.image for one in listed)
    draws = [
        np.unique([one.case for one in draw_images(listed, names, (), WANTED, seed)], return_inverse=True)[
            1
        ].astype(np.int64)
        for seed in range(REPETITIONS)
    ]
    for accuracy, in_use, alike in LABORATORIES:
        covered, gained = _covered(draws, (accuracy, in_use, alike))
        words = (
            "reached" if all(COVERED[0] <= one <= COVERED[1] for one in (covered, gained)) else "NOT reached"
        )
        print(
            f"    head {accuracy:.0%}, in use {in_use:.0%}, images of a patient alike by {alike:.2f}: accuracy "
            f"{covered:.1f} %, gain {gained:.1f} %. {COVERED[0]:.0f} to {COVERED[1]:.0f}: {words}",
            flush=True,
        )


def _covered(draws: list[np.ndarray], laboratory: tuple[float, float, float]) -> tuple[float, float]:
    accuracy, in_use, alike = laboratory
    chance = np.random.default_rng(0)
    hits = np.zeros(2)
    for cases in draws:
        ours, theirs = (
            chance.random(len(cases)) < _of_patients(one, alike, chance)[cases] for one in (accuracy, in_use)
        )
        share, gain = share_of(ours, cases), difference_of(ours, theirs, cases)
        for place, (one, truth) in enumerate(((share, accuracy), (gain, accuracy - in_use))):
            hits[place] += one.low is not None and one.high is not None and one.low <= truth <= one.high
    covered, gained = (100 * hits / REPETITIONS).tolist()
    return float(covered), float(gained)


def _of_patients(accuracy: float, alike: float, chance: np.random.Generator) -> np.ndarray:
    weight = 1 / alike - 1
    return chance.beta(accuracy * weight, (1 - accuracy) * weight, CASES)
