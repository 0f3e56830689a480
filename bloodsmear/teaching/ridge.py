"""Multinomial logistic regression with a ridge, on numpy alone: the head that is taught.

The loss is the weighted mean of −log p of the right label, plus strength / 2 × the squared weights; the intercepts are
free. It is minimised by L-BFGS (Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and 3.1).
scikit-learn and scipy would do the same and weigh more than all else of the base edition but Qt and OpenVINO.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_MEMORY, _MOST_STEPS = 10, 200
# Of the gradient's largest entry. The loss is a mean, so it does not grow with the images.
_TOLERANCE = 1e-5
_LEAST_STEP = 1e-6
_ARMIJO = 1e-4


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Logits = features @ weights + intercepts: weights float64 D×K, intercepts float64 K."""

    weights: FloatArray
    intercepts: FloatArray

    def logits(self, features: FloatArray) -> FloatArray:
        """N×K of features N×D."""
        return features @ self.weights + self.intercepts


def balanced_weights(targets: IntArray, label_count: int) -> FloatArray:
    """A weight for each image (N, sum 1), by which every label that is there weighs the same."""
    counts = np.bincount(targets, minlength=label_count)
    return np.asarray(1.0 / (counts[targets] * np.count_nonzero(counts)), np.float64)


def fit_head(
    features: FloatArray,
    targets: IntArray,
    label_count: int,
    strength: float,
    start: LinearHead | None = None,
) -> LinearHead:
    """The head that fits features N×D to targets N (0 to label_count - 1) best, every label weighing the same.

    `start` is where the search begins: one of a stronger ridge is near. The features should be of one scale.
    """
    wanted = np.eye(label_count)[targets]
    weights = balanced_weights(targets, label_count)[:, np.newaxis]

    def loss_of(theta: FloatArray) -> tuple[float, FloatArray]:
        logits = features @ theta[:-1] + theta[-1]
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        sums = powers.sum(axis=1, keepdims=True)
        loss = float(np.sum(weights * (np.log(sums) - (logits * wanted).sum(axis=1, keepdims=True))))
        slope = weights * (powers / sums - wanted)
        gradient = np.vstack([features.T @ slope + strength * theta[:-1], slope.sum(axis=0)])
        return loss + strength / 2 * float(np.sum(theta[:-1] ** 2)), gradient

    if start is None:
        theta = np.zeros((features.shape[1] + 1, label_count))
    else:
        theta = np.vstack([start.weights, start.intercepts])
    theta = _minimise(loss_of, theta)
    return LinearHead(theta[:-1], theta[-1])


def softmax(logits: FloatArray) -> FloatArray:
    """Probabilities N×K of logits N×K."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def log_loss(logits: FloatArray, targets: IntArray) -> float:
    """The mean of −log p of the right label, every label that is there weighing the same."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(targets)), targets]
    return float(balanced_weights(targets, logits.shape[1]) @ losses)


def fit_temperature(logits: FloatArray, targets: IntArray) -> float:
    """The T, 0.05 to 20, at which softmax(logits / T) has the smallest `log_loss`."""
    # The loss is convex in 1 / T: golden sections on its logarithm find the one minimum.
    low, high = np.log(0.05), np.log(20.0)
    ratio = (np.sqrt(5.0) - 1) / 2
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if log_loss(logits / np.exp(left), targets) < log_loss(logits / np.exp(right), targets):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _minimise(loss_of: Callable[[FloatArray], tuple[float, FloatArray]], theta: FloatArray) -> FloatArray:
    moves: deque[tuple[FloatArray, FloatArray, float]] = deque(maxlen=_MEMORY)
    loss, gradient = loss_of(theta)
    for _ in range(_MOST_STEPS):
        if np.abs(gradient).max() < _TOLERANCE:
            break
        direction = _direction(gradient, moves)
        descent = float(np.sum(gradient * direction))
        step = 1.0
        moved, moved_gradient = loss_of(theta - step * direction)
        while moved > loss - _ARMIJO * step * descent and step > _LEAST_STEP:
            step /= 2
            moved, moved_gradient = loss_of(theta - step * direction)
        if moved >= loss:
            break
        way, change = -step * direction, moved_gradient - gradient
        bend = float(np.sum(way * change))
        if bend > 0:
            moves.append((way, change, bend))
        theta, loss, gradient = theta + way, moved, moved_gradient
    return theta


def _direction(gradient: FloatArray, moves: "deque[tuple[FloatArray, FloatArray, float]]") -> FloatArray:
    """The inverse Hessian, as the last moves tell it, times the gradient."""
    direction, shares = gradient.copy(), []
    for way, change, bend in reversed(moves):
        share = float(np.sum(way * direction)) / bend
        shares.append(share)
        direction -= share * change
    if moves:
        _, change, bend = moves[-1]
        direction *= bend / float(np.sum(change**2))
    else:
        direction /= max(1.0, float(np.linalg.norm(gradient)))
    for (way, change, bend), share in zip(moves, reversed(shares), strict=True):
        direction += (share - float(np.sum(change * direction)) / bend) * way
    return direction
