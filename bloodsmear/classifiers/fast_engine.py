"""The fast answer: an int8 graph's where it is sure, the exact graph's elsewhere (docs/adr/0019)."""

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import FastFigures
from bloodsmear.classifiers.engine import Engine, RawAnswer

# What an int8 graph may change on held-out images: the share of labels, and the chosen label's probability.
MOST_LABELS_CHANGED, LARGEST_MOVE = 0.002, 0.05
# An int8 answer stands where its label has at least this calibrated probability. Less sure ones are the ones that
# int8 moves, and that a reader looks at: the exact graph answers them.
SURE = 0.95


class FastEngine:
    """Two engines of one network: `int8` answers, and `exact` in its stead where that is not sure of its label.

    `temperature` is the card's: to be sure is a calibrated probability. Safe from any thread.
    """

    def __init__(self, int8: Engine, exact: Engine, temperature: float) -> None:
        self._int8, self._exact, self._temperature = int8, exact, temperature

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        """Answer one prepared image; see `Engine.run`."""
        answer = self._int8.run(prepared)
        sure = max(calibrate(answer.probabilities, self._temperature)) >= SURE
        return answer if sure else self._exact.run(prepared)


def keeps_the_answers(figures: FastFigures) -> bool:
    """Whether fast answers were measured to be near enough to the exact ones to be offered."""
    return (
        figures.images > 0
        and figures.labels_changed <= MOST_LABELS_CHANGED
        and figures.largest_move <= LARGEST_MOVE
    )
