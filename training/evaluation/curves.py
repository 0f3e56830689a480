"""Figures that are curves: reliability, and what error remains when only the most confident images are answered."""

import numpy as np

from training.evaluation.evaluation import Answerable, CoveragePoint, ReliabilityBin
from training.evaluation.figures import BINS, Probabilities, Targets, confidence_bins

# Rates at which the share that can be answered is told.
ERROR_RATES = (0.005, 0.01, 0.02, 0.05)
_MOST_POINTS = 200


def reliability_bins(probabilities: Probabilities, targets: Targets) -> tuple[ReliabilityBin, ...]:
    """The bins that hold images, by rising confidence (Guo et al. 2017); the same bins as the calibration error."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == targets
    bins = confidence_bins(confidence)
    inside = [bins == place for place in range(BINS)]
    return tuple(
        ReliabilityBin(
            confidence=round(float(confidence[here].mean()), 4),
            accuracy=round(float(right[here].mean()), 4),
            images=int(here.sum()),
        )
        for here in inside
        if here.any()
    )


def coverage_curve(probabilities: Probabilities, targets: Targets) -> tuple[CoveragePoint, ...]:
    """The error rate among the most confident 1, 2, ... all images: at most 200 points of that curve."""
    confidence, error_rates = _by_confidence(probabilities, targets)
    count = len(targets)
    kept = np.unique(np.linspace(0, count - 1, min(count, _MOST_POINTS)).round().astype(int))
    return tuple(
        CoveragePoint(
            share=round(float((place + 1) / count), 4),
            error_rate=round(float(error_rates[place]), 4),
            confidence=round(float(confidence[place]), 4),
        )
        for place in kept
    )


def answerable_shares(probabilities: Probabilities, targets: Targets) -> tuple[Answerable, ...]:
    """For each of `ERROR_RATES` the largest share of images, most confident first, that stays within it."""
    confidence, error_rates = _by_confidence(probabilities, targets)
    found = []
    for rate in ERROR_RATES:
        allowed = np.flatnonzero(error_rates <= rate)
        last = int(allowed[-1]) if len(allowed) else None
        found.append(
            Answerable(
                error_rate=rate,
                share=0.0 if last is None else round((last + 1) / len(targets), 4),
                confidence=None if last is None else round(float(confidence[last]), 4),
            )
        )
    return tuple(found)


def _by_confidence(probabilities: Probabilities, targets: Targets) -> tuple[Probabilities, Probabilities]:
    """Confidences, falling, and the error rate among the images down to each."""
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    wrong = (probabilities.argmax(axis=1) != targets)[order]
    return probabilities.max(axis=1)[order], np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
