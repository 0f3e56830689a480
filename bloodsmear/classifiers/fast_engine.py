"""The fast answer: an int8 graph's where it is sure and knows its like, else the exact graph's (docs/adr/0019)."""

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, FastFigures
from bloodsmear.classifiers.engine import Engine, RawAnswer
from bloodsmear.classifiers.feature_distance import FeatureDistance

# What an int8 graph may change on held-out images: the share of labels, and the chosen label's probability.
MOST_LABELS_CHANGED, LARGEST_MOVE = 0.002, 0.05
# Below this share of images answered by int8, asking twice takes most of the time that int8 saves.
LEAST_INT8_SHARE = 0.5
# An int8 answer stands where its label has at least this calibrated probability. Less sure ones are the ones that
# int8 moves, and that a reader looks at: the exact graph answers them.
SURE = 0.95
# And where its features are within this share of the threshold of `unlike_training`. Beyond it the flag might be
# another; and int8 was calibrated on training images, so that it knows least what it does to images unlike them.
NEAR = 0.8


class FastEngine:
    """Two engines of the network of `card`: `int8` answers, and `exact` in its stead where that is not sure.

    Not sure of its label, or that the image is like the training images. Safe from any thread.
    """

    def __init__(self, int8: Engine, exact: Engine, card: Card) -> None:
        self._int8, self._exact, self._temperature = int8, exact, card.temperature
        statistics = card.unlike_training
        self._distance = FeatureDistance(statistics.features) if statistics is not None else None
        self._furthest = NEAR * statistics.features.threshold if statistics is not None else 0.0

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        """Answer one prepared image; see `Engine.run`."""
        answer = self._int8.run(prepared)
        sure = max(calibrate(answer.probabilities, self._temperature)) >= SURE
        return answer if sure and self._is_near(answer) else self._exact.run(prepared)

    def _is_near(self, answer: RawAnswer) -> bool:
        if self._distance is None or answer.features is None:
            return True
        return self._distance.of(answer.features) <= self._furthest


def why_not_offered(figures: FastFigures) -> str:
    """What was measured that fast answers must not do, in words that follow "they"; empty where they may be offered."""
    if not (
        figures.images > 0
        and figures.labels_changed <= MOST_LABELS_CHANGED
        and figures.largest_move <= LARGEST_MOVE
    ):
        return (
            f"change {figures.labels_changed:.2%} of the labels and move a probability by {figures.largest_move:.3f} "
            f"on {figures.images} held-out images"
        )
    if figures.unlike_changed is not None and not figures.unlike_changed <= MOST_LABELS_CHANGED:
        return (
            f"put {figures.unlike_changed:.2%} of {figures.images} held-out images on the other side of the features' "
            "threshold, by which an image is flagged unlike_training"
        )
    if figures.int8_share is not None and not figures.int8_share >= LEAST_INT8_SHARE:
        return (
            f"gain too little: the int8 graph answers {figures.int8_share:.0%} of {figures.images} held-out images "
            "itself, and for the others the exact one is asked as well"
        )
    return ""
