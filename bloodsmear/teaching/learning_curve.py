"""What more decisions would likely bring: heads from fewer cases, and the line through their errors."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.teaching.cross_validation import TaughtHead
from bloodsmear.teaching.folds import IntArray
from bloodsmear.teaching.ridge import fit_head

MORE = 50
_SHARES = (0.4, 0.7)
_DRAWS = 2
# Errors fall with the images as a power that is seldom steeper than this; none is a curve that has ended.
_STEEPEST = 1.0


@dataclass(frozen=True, slots=True)
class Promise:
    """`accuracies` are cross-validated, from so many `images` each, the last from all; `expected` with MORE images.

    It is a line drawn on: no interval is known for it.
    """

    images: tuple[int, ...]
    accuracies: tuple[float, ...]
    expected: float

    @property
    def words(self) -> str:
        """What to expect of more decisions, as a sentence."""
        points = ", ".join(
            f"{min(100 * accuracy, 99 if accuracy < 1 else 100):.0f} % from {images}"
            for images, accuracy in zip(self.images, self.accuracies, strict=True)
        )
        gain = 100 * (self.expected - self.accuracies[-1])
        more = f"about {gain:.1f} points more" if gain >= 0.1 else "next to nothing"
        return f"Accuracy grew with their number ({points}). {MORE} more decisions would likely bring {more}."


def promise_of(
    taught: TaughtHead,
    targets: IntArray,
    groups: IntArray,
    folds: IntArray,
) -> Promise:
    """Teach from parts of the cases, at the strength that all of them chose, and draw the errors' line on.

    `targets`, `groups` and `folds` int64 N.
    """
    chance = np.random.default_rng(0)
    scores, labels = taught.scores, taught.probabilities.shape[1]
    images: list[int] = []
    accuracies: list[float] = []
    for share in _SHARES:
        counts, rights = [], []
        for _ in range(_DRAWS):
            part = _part(groups, targets, share, chance)
            right = 0
            for fold in np.unique(folds):
                out = folds == fold
                head = fit_head(scores[part & ~out], targets[part & ~out], labels, taught.strength)
                right += int((head.logits(scores[out]).argmax(axis=1) == targets[out]).sum())
            counts.append(int(part.sum()))
            rights.append(right / len(targets))
        images.append(round(float(np.mean(counts))))
        accuracies.append(float(np.mean(rights)))
    images.append(len(targets))
    accuracies.append(float((taught.probabilities.argmax(axis=1) == targets).mean()))
    return Promise(tuple(images), tuple(accuracies), _drawn_on(images, accuracies))


def _part(
    groups: IntArray, targets: IntArray, share: float, chance: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Whole groups, about this share of each label's, at least two of each: bool N."""
    part = np.zeros(len(targets), np.bool_)
    for label in np.unique(targets):
        here = np.unique(groups[targets == label])
        taken = chance.permutation(here)[: max(2, round(share * len(here)))]
        part |= (targets == label) & np.isin(groups, taken)
    return part


def _drawn_on(images: list[int], accuracies: list[float]) -> float:
    """log(error) as a line of log(images), through the last point, by least squares."""
    errors = np.maximum(1.0 - np.array(accuracies), 0.5 / images[-1])
    steps = np.log(np.array(images[:-1]) / images[-1])
    spread = float(np.sum(steps**2))
    slope = float(np.sum(steps * np.log(errors[:-1] / errors[-1])) / spread) if spread else 0.0
    slope = min(0.0, max(-_STEEPEST, slope))
    return min(1.0, 1.0 - float(errors[-1]) * float((1 + MORE / images[-1]) ** slope))
