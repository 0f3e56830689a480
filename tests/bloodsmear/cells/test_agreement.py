"""Readers are compared over the cells that both named, matched by their place."""

from bloodsmear.cells.agreement import compare_names
from bloodsmear.cells.reader_cells import ReaderCell
from bloodsmear.images.region import Region


def cell(place: int, name: str, off: int = 0) -> ReaderCell:
    return ReaderCell(Region(100 * place + off, 10, 20, 20), name)


def test_kappa_is_over_cells_at_the_same_place_and_others_are_counted_as_alone() -> None:
    ada = {"1.png": [cell(0, "blast"), cell(1, "lymphocyte"), cell(2, "")], "2.png": [cell(0, "blast")]}
    ben = {"1.png": [cell(1, "blast", off=3), cell(0, "blast", off=-2), cell(2, "monocyte")]}
    (one,) = compare_names({"Ada": ada, "Ben": ben})
    assert (one.reader, one.other) == ("Ada", "Ben")
    assert (one.kappa.images, one.kappa.agreed, one.alone) == (2, 1, 2)


def test_three_readers_are_three_pairs_and_one_alone_is_none() -> None:
    named = {"1.png": [cell(0, "blast")]}
    assert len(compare_names({"Ada": named, "Ben": named, "Cleo": named})) == 3
    assert compare_names({"Ada": named}) == ()
