"""Figures of a set of answers, with intervals: accuracy, macro-F1, calibration, what can be answered."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

Probabilities = npt.NDArray[np.float64]
Targets = npt.NDArray[np.int64]
_RESAMPLES = 2000
BINS = 15


def accuracy(predicted: Targets, targets: Targets) -> float:
    """The share of right labels."""
    return float((predicted == targets).mean())


def macro_f1(predicted: Targets, targets: Targets) -> float:
    """The mean of F1 = 2·precision·recall / (precision + recall) over the labels that occur or were answered."""
    # By counting, because the interval asks 2000 times: scikit-learn's own takes seconds for that.
    count = int(max(predicted.max(), targets.max())) + 1
    right = np.bincount(targets[predicted == targets], minlength=count)
    named = np.bincount(targets, minlength=count) + np.bincount(predicted, minlength=count)
    return float((2 * right[named > 0] / named[named > 0]).mean())


def bootstrap_interval(
    measure: Callable[[Targets, Targets], float],
    predicted: Targets,
    targets: Targets,
    cases: Targets | None = None,
) -> tuple[float, float]:
    """The 95 % percentile interval of `measure` over 2000 resamples of the images (Efron 1979), seed fixed.

    With `cases`, each image's case (int64 N), whole cases are drawn with all their images (the cluster bootstrap of
    Davison and Hinkley 1997, 3.8): images of one case are not independent.
    """
    if cases is None and measure is accuracy:
        right = predicted == targets
        values = [value for drawn in _draw_blocks(len(right)) for value in right[drawn].mean(axis=1)]
    else:
        draws = _draw_images(len(targets)) if cases is None else _draw_cases(cases)
        values = [measure(predicted[places], targets[places]) for places in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _draw_images(count: int) -> Iterator[Targets]:
    for drawn in _draw_blocks(count):
        yield from drawn


def _draw_blocks(count: int) -> Iterator[Targets]:
    """The places of `count` images drawn with replacement, 2000 rows in all, in blocks of 16 MB: an evaluation asks for
    forty intervals, and row by row the asking takes longer than the drawing."""
    random = np.random.default_rng(0)
    at_once = max(1, 2_000_000 // count)
    for begin in range(0, _RESAMPLES, at_once):
        yield random.integers(0, count, (min(at_once, _RESAMPLES - begin), count))


def _draw_cases(cases: Targets) -> Iterator[Targets]:
    random = np.random.default_rng(0)
    members = [np.flatnonzero(cases == case) for case in np.unique(cases)]
    for _ in range(_RESAMPLES):
        yield np.concatenate([members[place] for place in random.integers(0, len(members), len(members))])


def wilson_interval(successes: float, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); it keeps a width when every answer is right."""
    z = 1.959964
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    # Rounding may leave a hair outside: a share of -0.0 % is told to nobody.
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def calibrated(probabilities: Probabilities, temperature: float) -> Probabilities:
    """softmax(log p / T) of each row."""
    scaled = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def fit_temperature(probabilities: Probabilities, targets: Targets) -> float:
    """The temperature that makes the negative log-likelihood of `targets` least (Guo et al. 2017)."""

    def loss(log_temperature: float) -> float:
        return cross_entropy(calibrated(probabilities, float(np.exp(log_temperature))), targets)

    found = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return round(float(np.exp(found.x)), 4)


def cross_entropy(probabilities: Probabilities, targets: Targets) -> float:
    """The mean of -log p of the true label, in nats."""
    return float(-np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-12)).mean())


def confidence_bins(confidence: Probabilities) -> Targets:
    """Which of 15 equal bins of confidence each image falls into, int64 N."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def expected_calibration_error(probabilities: Probabilities, targets: Targets) -> float:
    """ECE: |accuracy − confidence| averaged over 15 equal bins of confidence, weighted by their images."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    bins = confidence_bins(confidence)
    error = 0.0
    for place in range(BINS):
        inside = bins == place
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(error)


def confusion_matrix(predicted: Targets, targets: Targets, label_count: int) -> list[list[int]]:
    """Counts, a row per true label and a column per answer."""
    matrix = np.zeros((label_count, label_count), int)
    np.add.at(matrix, (targets, predicted), 1)
    return [[int(count) for count in row] for row in matrix]
