"""How far readers agree on the names of single cells."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from bloodsmear.cells.reader_cells import ReaderCell, is_same_cell, reader_cells
from bloodsmear.review.kappa import cohen_kappa
from bloodsmear.review.reader_agreement import Comparison
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay

_CellsOfImages = Mapping[str, Sequence[ReaderCell]]


def compare_cells(replay: Replay, images: Iterable[ListedImage]) -> tuple[Comparison, ...]:
    """Every pair of readers who both named some cell, in the readers' order; `left_out` counts the cells that only one
    of them named.

    Cells are matched by their place. Cells of one image, and of one case, are alike for other reasons than their names:
    the interval of kappa takes them for independent and is too narrow.
    """
    by_reader: dict[str, dict[str, list[ReaderCell]]] = {}
    for listed in images:
        for reader in replay.readers:
            if named := [one for one in reader_cells(replay, reader, listed) if one.name]:
                by_reader.setdefault(reader, {})[listed.image] = named
    pairs = combinations([reader for reader in replay.readers if reader in by_reader], 2)
    compared = (_compare(one, by_reader[one], other, by_reader[other]) for one, other in pairs)
    return tuple(one for one in compared if one.kappa.images)


def _compare(reader: str, ours: _CellsOfImages, other: str, theirs: _CellsOfImages) -> Comparison:
    pairs: list[tuple[str, str]] = []
    alone = 0
    for image in {**ours, **theirs}:
        left = list(theirs.get(image, ()))
        for cell in ours.get(image, ()):
            match = next((one for one in left if is_same_cell(one.box, cell.box)), None)
            if match is None:
                alone += 1
            else:
                left.remove(match)
                pairs.append((cell.name, match.name))
        alone += len(left)
    return Comparison(reader, other, "cells", cohen_kappa(pairs, "cell"), left_out=alone, hidden=0)
