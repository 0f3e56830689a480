"""From what a network puts out to probabilities that can be read as such."""

import numpy as np
import numpy.typing as npt

from bloodsmear.errors import ClassifierError

# Below this probability of its label an answer is not sure, whatever a card says: with four labels 0.6 leaves at most
# 0.4 to the runner-up.
LEAST_SURE = 0.60
# Keeps the logarithm finite: the smallest normal float32, which is how small an output can be.
_SMALLEST = float(np.finfo(np.float32).tiny)


def calibrate(probabilities: npt.NDArray[np.floating], temperature: float) -> tuple[float, ...]:
    """Temperature scaling, softmax(log p / T), of one row of probabilities; computed in double precision.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv:1706.04599. T = 1 only
    renormalises; the order of the labels never changes. ClassifierError when the row is not a distribution.
    """
    row = np.asarray(probabilities, dtype=np.float64)
    if not np.all(np.isfinite(row)) or np.any(row < 0) or abs(float(row.sum()) - 1.0) > 1e-3:
        raise ClassifierError(
            f"The classifier's answer is not a set of probabilities: {row.tolist()} does not sum to 1; "
            "its last layer must be a softmax."
        )
    scaled = np.log(np.maximum(row, _SMALLEST)) / temperature
    powers = np.exp(scaled - scaled.max())
    return tuple(float(value) for value in powers / powers.sum())
