"""How far readers agree on the names of single cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bloodsmear.cells.reader_cells import ReaderCell, is_same_cell
from bloodsmear.review.kappa import Kappa, cohen_kappa

CellsOfImages = Mapping[str, Sequence[ReaderCell]]


@dataclass(frozen=True, slots=True)
class CellComparison:
    """Two readers beside each other, over the cells that both named; `alone` counts those that only one of them did."""

    reader: str
    other: str
    kappa: Kappa
    alone: int


def compare_names(by_reader: Mapping[str, CellsOfImages]) -> tuple[CellComparison, ...]:
    """Every pair of readers who named cells of the same images, in the readers' order.

    Cells are matched by their place. Cells of one image, and of one case, are alike for other reasons than their names:
    the interval of kappa takes them for independent and is too narrow.
    """
    return tuple(
        _compare(one, by_reader[one], other, by_reader[other]) for one, other in combinations(by_reader, 2)
    )


def cell_kappa_words(kappa: Kappa) -> str:
    """`0.81 (0.70 to 0.92)`; without an interval where too few were named, or all alike."""
    if kappa.value is None:
        return "all of them have one name"
    if kappa.low is None or kappa.high is None:
        return f"{kappa.value:.2f}"
    return f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"


def _compare(reader: str, ours: CellsOfImages, other: str, theirs: CellsOfImages) -> CellComparison:
    pairs: list[tuple[str, str]] = []
    alone = 0
    for image in {**ours, **theirs}:
        mine, left = _named(ours.get(image, ())), _named(theirs.get(image, ()))
        for cell in mine:
            match = next((one for one in left if is_same_cell(one.box, cell.box)), None)
            if match is None:
                alone += 1
            else:
                left.remove(match)
                pairs.append((cell.name, match.name))
        alone += len(left)
    return CellComparison(reader, other, cohen_kappa(pairs), alone)


def _named(cells: Iterable[ReaderCell]) -> list[ReaderCell]:
    return [cell for cell in cells if cell.name]
