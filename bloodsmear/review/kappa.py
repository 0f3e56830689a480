"""Cohen's kappa: how far two agree beyond what chance alone would give."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# The standard normal's 97.5 % point.
_Z_95 = 1.959964
# The formula is for many images. Of three it promises more than it holds: 0.21 to 0.59, where two were named alike.
_FEWEST_FOR_INTERVAL = 10


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two over `images`, of which they named `agreed` alike.

    `value` is kappa (1 full agreement, 0 what chance gives, below 0 less than that), `low` and `high` its 95 %
    interval. Where one of them cannot be given it is None, and `remark` says why in a sentence.
    """

    images: int
    agreed: int
    value: float | None
    low: float | None
    high: float | None
    remark: str = ""


def cohen_kappa(pairs: Sequence[tuple[str, str]], thing: str = "image") -> Kappa:
    """Unweighted kappa of pairs (what the one said, what the other said), with the asymptotic 95 % interval.

    Cohen 1960, doi:10.1177/001316446002000104; standard error by Fleiss, Cohen and Everitt 1969,
    doi:10.1037/h0028106, equation 13. The interval is cut at -1 and 1. `thing` is what was named, in the remarks.
    """
    if not pairs:
        return Kappa(0, 0, None, None, None, f"There is no {thing} that both have named.")
    images = len(pairs)
    agreed = sum(one == other for one, other in pairs)
    shares = _shares(pairs)
    by_chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    if len(shares) == 1:
        remark = f"Both gave every {thing} the same name, so agreement beyond chance cannot be computed."
        return Kappa(images, agreed, None, None, None, remark)
    value = (agreed / images - by_chance) / (1 - by_chance)
    if agreed == images:
        remark = f"They agree on every {thing}; the formula gives no interval for that."
        return Kappa(images, agreed, value, None, None, remark)
    if images < _FEWEST_FOR_INTERVAL:
        remark = f"Fewer than {_FEWEST_FOR_INTERVAL} {thing}s: too few for an interval."
        return Kappa(images, agreed, value, None, None, remark)
    error = math.sqrt(_variance(shares, value, by_chance) / images)
    if error == 0:
        remark = "The formula gives no interval for so few different answers."
        return Kappa(images, agreed, value, None, None, remark)
    low, high = max(-1.0, value - _Z_95 * error), min(1.0, value + _Z_95 * error)
    return Kappa(images, agreed, value, low, high)


def _shares(pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
    """The table of both: the share of pairs with each name of the one (rows) and the other (columns); sums to 1."""
    names = sorted({name for pair in pairs for name in pair})
    place = {name: index for index, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for one, other in pairs:
        counts[place[one], place[other]] += 1
    return counts / len(pairs)


def _variance(shares: npt.NDArray[np.float64], value: float, by_chance: float) -> float:
    """n times the variance of kappa (never below 0, where rounding would bring it)."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    alike = np.diag(shares)
    on_diagonal = float(alike @ (1 - (rows + columns) * (1 - value)) ** 2)
    # For the cell of row i and column j: the other's share of i and the one's share of j.
    crossed = (columns[:, None] + rows[None, :]) ** 2
    off_diagonal = (1 - value) ** 2 * float((shares * crossed).sum() - alike @ np.diag(crossed))
    correction = (value - by_chance * (1 - value)) ** 2
    return max(0.0, (on_diagonal + off_diagonal - correction) / (1 - by_chance) ** 2)
