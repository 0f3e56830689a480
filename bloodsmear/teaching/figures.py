"""The figures of a taught head, beside those of what knows less: colour alone, the majority, the base classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import CardLabel, Figure
from bloodsmear.classifiers.figure_words import (
    ACCURACY,
    BASE,
    COLOUR_ALONE,
    GAIN_OVER_BASE,
    MAJORITY,
    SENSITIVITY,
)
from bloodsmear.teaching.intervals import Share, difference_of, share_of

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cross-validated answers that are measured: places of labels, int64 N.

    `base` is None where the base classifier has other labels. `cases` int64 N are the groups that were held out whole.
    """

    targets: IntArray
    cases: IntArray
    head: IntArray
    colour: IntArray
    base: IntArray | None


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares by the names that figures have in a card, in the order in which they are read."""

    shares: dict[str, Share]


def as_figures(shares: Mapping[str, Share], command: str) -> tuple[Figure, ...]:
    """Shares by their names, as a card keeps them; `command` is what prints them."""
    return tuple(
        Figure(
            name=name,
            value=_rounded(share.value),
            low=None if share.low is None else _rounded(share.low),
            high=None if share.high is None else _rounded(share.high),
            images=share.images,
            command=command,
        )
        for name, share in shares.items()
    )


def measure(outcome: Outcome, labels: Sequence[CardLabel]) -> Measured:
    """Accuracy, the sensitivity of every label that was measured, and the same accuracy of what knows less."""
    targets, cases = outcome.targets, outcome.cases
    right = outcome.head == targets
    shares = {ACCURACY: share_of(right, cases)}
    for place, label in enumerate(labels):
        of_label = targets == place
        if of_label.any():
            shares[f"{SENSITIVITY}{label.key}"] = share_of(right[of_label], cases[of_label])
    shares[COLOUR_ALONE] = share_of(outcome.colour == targets, cases)
    most = int(np.bincount(targets, minlength=len(labels)).argmax())
    shares[MAJORITY] = share_of(targets == most, cases)
    if outcome.base is not None:
        shares[BASE] = share_of(outcome.base == targets, cases)
        shares[GAIN_OVER_BASE] = difference_of(right, outcome.base == targets, cases)
    return Measured(shares)


def colour_features(colours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """N×54 of colour statistics N×9: them and their products, standardised, so that a head can bend as trees do."""
    standard = (colours - colours.mean(axis=0)) / np.maximum(colours.std(axis=0), 1e-9)
    rows, columns = np.triu_indices(colours.shape[1])
    return np.concatenate([standard, standard[:, rows] * standard[:, columns]], axis=1)


def _rounded(value: float) -> float:
    return round(value, 4)
