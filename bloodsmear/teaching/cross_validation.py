"""A head and what it is worth: strength and temperature chosen over folds, every answer by a head that never saw it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.teaching.ridge import LinearHead, fit_head, fit_temperature, log_loss, softmax

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# From a strong ridge to a weak one. Features are scaled so that their squares sum to one on average.
STRENGTHS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
# The ridge does not care how its features are turned. So they are turned to their principal axes, and those on which
# the images hardly differ are left out; with fewer images than that none is. Labels play no part in it.
_MOST_AXES = 256
_MORE_AXES, _ROUNDS = 16, 2
# A channel that hardly ever fires is not blown up: its deviation counts as this share of a usual one at least.
_LEAST_DEVIATION = 0.1
# What the base answered weighs as this share of all other features together (docs/adr/0035).
_WEIGHT_OF_ANSWERS = 0.3


@dataclass(frozen=True, slots=True)
class TaughtHead:
    """`head` takes features as the graph gives them; `strength` and `temperature` as chosen over all folds.

    `scores` float64 N×R are the features turned to their principal axes: what heads are fitted on. `probabilities`
    float64 N×K are the cross-validated answers: those to a fold are of a head that was fitted without it, at the
    strength and temperature that the other folds chose.
    """

    head: LinearHead
    strength: float
    temperature: float
    scores: FloatArray
    probabilities: FloatArray


def teach_head(
    features: npt.NDArray[np.floating], targets: IntArray, folds: IntArray, labels: int, answers: int = 0
) -> TaughtHead:
    """Cross-validate over `folds` (int64 N), then fit on all: features N×D, targets N (0 to labels - 1).

    The last `answers` of the features are what the base classifier answered: few, so they are given a weight.
    """
    turned = _turn(features, answers)
    numbers = np.unique(folds)
    logits = np.empty((len(STRENGTHS), len(targets), labels))
    for fold in numbers:
        out, start = folds == fold, None
        for place, strength in enumerate(STRENGTHS):
            start = fit_head(turned.scores[~out], targets[~out], labels, strength, start)
            logits[place, out] = start.logits(turned.scores[out])
    probabilities = np.empty((len(targets), labels))
    for fold in numbers:
        out = folds == fold
        place = _best(logits[:, ~out], targets[~out])
        temperature = fit_temperature(logits[place, ~out], targets[~out])
        probabilities[out] = softmax(logits[place, out] / temperature)
    place = _best(logits, targets)
    head = None
    for strength in STRENGTHS[: place + 1]:
        head = fit_head(turned.scores, targets, labels, strength, head)
    assert head is not None
    temperature = fit_temperature(logits[place], targets)
    return TaughtHead(turned.of_features(head), STRENGTHS[place], temperature, turned.scores, probabilities)


def _best(logits: FloatArray, targets: IntArray) -> int:
    return int(np.argmin([log_loss(each, targets) for each in logits]))


@dataclass(frozen=True, slots=True)
class _Turned:
    """`scores` float64 N×R = (features - mean) @ axes."""

    scores: FloatArray
    mean: FloatArray
    axes: FloatArray

    def of_features(self, head: LinearHead) -> LinearHead:
        """The same head for features that are neither centred nor turned."""
        weights = self.axes @ head.weights
        return LinearHead(weights, head.intercepts - self.mean @ weights)


def _turn(features: npt.NDArray[np.floating], answers: int) -> _Turned:
    mean = features.mean(axis=0, dtype=np.float64)
    deviations = features.std(axis=0, dtype=np.float64)
    usual = float(np.median(deviations[deviations > 0])) if deviations.any() else 1.0
    seen = features.shape[1] - answers
    weights = np.full(features.shape[1], 1.0 / seen)
    weights[seen:] = _WEIGHT_OF_ANSWERS / max(answers, 1)
    scale = np.sqrt(weights) / np.maximum(deviations, _LEAST_DEVIATION * usual)
    centred = ((features - mean) * scale).astype(np.float32)
    axes = _principal_axes(centred).astype(np.float64)
    return _Turned(centred.astype(np.float64) @ axes, mean, scale[:, np.newaxis] * axes)


def _principal_axes(centred: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The axes D×R along which the rows differ most, orthonormal.

    Halko, Martinsson and Tropp 2011, doi:10.1137/090771806, algorithm 4.4: a full decomposition of 2,000 images takes
    seconds, and float32 is what the features come in.
    """
    images, width = centred.shape
    wanted = min(_MOST_AXES, images, width)
    more = min(wanted + _MORE_AXES, images, width)
    trial = np.random.default_rng(0).standard_normal((width, more), np.float32)
    for _ in range(_ROUNDS):
        spread, _ = np.linalg.qr(centred @ trial)
        trial, _ = np.linalg.qr(centred.T @ spread)
    _, _, rows = np.linalg.svd(centred @ trial, full_matrices=False)
    return np.asarray((trial @ rows.T)[:, :wanted], np.float32)
