"""From which probability on an answer is sure, for each label: what the flag `low_confidence` rests on."""

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.calibration import LEAST_SURE

# At most this share of the sure answers to validation images is wrong.
ACCEPTED_ERROR = 0.01
# A flag on every fourth image is read by nobody: of each label's answers no more than this share is flagged, though
# more were wrong. One validation image that was labelled wrongly would otherwise flag half of a label.
_MOST_FLAGGED = 0.10


def limits_of_confidence(
    probabilities: npt.NDArray[np.float64], targets: npt.NDArray[np.int64]
) -> tuple[float, ...]:
    """A limit for each label, of the validation images' calibrated probabilities (N×labels) and targets (N).

    Of the answers of a label from its limit on, the largest share that has at most one wrong in a hundred. It is never
    below `LEAST_SURE`, which also holds for a label that was never answered.
    """
    answered, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    return tuple(
        _limit(confidence[answered == label], targets[answered == label] != label)
        for label in range(probabilities.shape[1])
    )


def _limit(confidence: npt.NDArray[np.float64], wrong: npt.NDArray[np.bool_]) -> float:
    if not len(confidence):
        return LEAST_SURE
    order = np.argsort(-confidence, kind="stable")
    error_rates = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(error_rates <= ACCEPTED_ERROR)
    limit = float(confidence[order][kept[-1]]) if len(kept) else 1.0
    most = float(np.quantile(confidence, _MOST_FLAGGED))
    return round(max(LEAST_SURE, min(limit, most)), 4)
