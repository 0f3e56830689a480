"""In which order undecided images would teach most: where the head is unsure, and unlike those that come before."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# So many are put in order by both; the others follow by uncertainty alone. A reader does no more between two fits.
_VARIED = 50
_CANDIDATES = 500


def order_by_worth(scores: FloatArray, probabilities: FloatArray, taught: FloatArray) -> IntArray:
    """The places of the images (int64 N), the one that would teach most first.

    `scores` N×R are their features, `taught` M×R those of the images that are decided, on one scale; `probabilities`
    N×K the head's. Greedily, the image comes next whose uncertainty (1 less the margin of its two best labels) times
    its distance to the nearest taught or chosen image is largest: a core set (Sener and Savarese 2018,
    arXiv:1708.00489) weighed by uncertainty.
    """
    best = np.sort(probabilities, axis=1)
    unsure = 1.0 - (best[:, -1] - best[:, -2])
    order = np.argsort(-unsure, kind="stable")
    candidates, rest = order[:_CANDIDATES], order[_CANDIDATES:]
    nearest = _distances(scores[candidates], taught).min(axis=1) if len(taught) else np.ones(len(candidates))
    left = np.ones(len(candidates), np.bool_)
    chosen: list[int] = []
    for _ in range(min(_VARIED, len(candidates))):
        worth = np.where(left, (unsure[candidates] + 1e-3) * (nearest + 1e-9), -1.0)
        place = int(worth.argmax())
        chosen.append(place)
        left[place] = False
        picked = scores[candidates[place]][np.newaxis]
        nearest = np.minimum(nearest, _distances(scores[candidates], picked)[:, 0])
    return np.concatenate([candidates[chosen], candidates[left], rest]).astype(np.int64)


def _distances(one: FloatArray, other: FloatArray) -> FloatArray:
    """N×M, by the binomial formula: N×M×R would not fit into memory."""
    squares = (one**2).sum(axis=1)[:, np.newaxis] + (other**2).sum(axis=1) - 2 * one @ other.T
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)), np.float64)
