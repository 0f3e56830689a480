"""The differential: what share of the white cells each name has, and how far a count of so many cells can tell it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bloodsmear.cells.names import CellName, cell_name
from bloodsmear.review.sentences import percent

# How many white cells are counted, as laboratories do.
TARGETS = (100, 200, 400)
# Of a probability this is a thousandth of what is shown.
_HALVINGS = 24


@dataclass(frozen=True, slots=True)
class NamedCount:
    """How many cells have a name.

    For a white cell `value` is its share of all white cells (0 to 1), else how many there are for one white cell; `low`
    and `high` are its 95 % interval. All three are None while no white cell is counted; `high` is infinite where cells
    beside stand without any.
    """

    name: CellName
    count: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Differential:
    """`white` cells counted in all; the names among them and those beside, in the order asked for."""

    white: int
    of_white: tuple[NamedCount, ...]
    beside: tuple[NamedCount, ...]
    left_out: tuple[NamedCount, ...]

    @property
    def all(self) -> tuple[NamedCount, ...]:
        """Every name."""
        return (*self.of_white, *self.beside, *self.left_out)


def differential_of(counts: Mapping[str, int], shown: Iterable[CellName] = ()) -> Differential:
    """The differential of counts by name's id: `shown` first, also where none was counted, then what else was."""
    names = {one.id: one for one in shown}
    names |= {id_: cell_name(id_) for id_, count in counts.items() if count and id_ not in names}
    white = sum(counts.get(one.id, 0) for one in names.values() if one.counting == "white")
    counted: dict[str, list[NamedCount]] = {"white": [], "beside": [], "not": []}
    for one in names.values():
        counted[one.counting].append(_named_count(one, counts.get(one.id, 0), white))
    return Differential(white, tuple(counted["white"]), tuple(counted["beside"]), tuple(counted["not"]))


def _named_count(name: CellName, count: int, white: int) -> NamedCount:
    if white == 0 or name.counting == "not":
        return NamedCount(name, count, None, None, None)
    if name.counting == "white":
        return NamedCount(name, count, count / white, *share_interval(count, white))
    # Of erythroblasts and white cells together so many are erythroblasts: the odds are what is told for a white cell.
    low, high = share_interval(count, count + white)
    return NamedCount(
        name, count, count / white, low / (1 - low), high / (1 - high) if high < 1 else math.inf
    )


@lru_cache(maxsize=4096)
def share_interval(count: int, total: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, 2.5 % at either end, when `count` of `total` cells have the name.

    Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404. Rounded outward to whole per cents these are the limits of
    Rümke's table for differential counts (1979, in Koepke, Differential Leukocyte Counting, 39-45).
    """
    if not 0 <= count <= total or total < 1:
        raise ValueError(f"{count} of {total} cells cannot be")
    upper_tail = _Tail(total, count, total)
    lower_tail = _Tail(total, 0, count)
    low = 0.0 if count == 0 else _share_where(lambda share: upper_tail.probability(share) < 0.025)
    high = 1.0 if count == total else _share_where(lambda share: lower_tail.probability(share) > 0.025)
    return low, high


class _Tail:
    """The probability of `first` to `last` of `total` cells, whatever the share is."""

    def __init__(self, total: int, first: int, last: int) -> None:
        self._total = total
        self._numbers: npt.NDArray[np.float64] = np.arange(first, last + 1, dtype=np.float64)
        logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, total + 1)))))
        self._ways = logs[total] - logs[first : last + 1] - logs[total - last : total - first + 1][::-1]

    def probability(self, share: float) -> float:
        terms = self._numbers * math.log(share) + (self._total - self._numbers) * math.log1p(-share)
        return float(np.exp(self._ways + terms).sum())


def _share_where(is_below: Callable[[float], bool]) -> float:
    """The share at which `is_below` changes from True to False."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def share_words(one: NamedCount) -> str:
    """`54.0 %` of the white cells, or `3.0 per 100` of them; empty where neither can be told."""
    if one.value is None:
        return ""
    return f"{percent(one.value)} %" if one.name.counting == "white" else f"{100 * one.value:.1f} per 100"


def limits_words(one: NamedCount) -> str:
    """Its 95 % interval in whole numbers, rounded outward: `43–65`; empty where there is none."""
    if one.low is None or one.high is None or math.isinf(one.high):
        return ""
    # What the halving leaves over is not a per cent.
    low, high = math.floor(100 * one.low + 1e-4), math.ceil(100 * one.high - 1e-4)
    return f"{low}–{high}"
