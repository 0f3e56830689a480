"""What the reading says of the cells of an image."""

from bloodsmear.images.cells import Cell, FoundCells
from bloodsmear.images.region import Region
from bloodsmear.review.cell_words import cell_count_limits, cell_count_words


def cell(*, is_cut: bool = False, is_smudge: bool = False) -> Cell:
    return Cell(5.0, 5.0, (), Region(0, 0, 10, 10), 80.0, is_cut, is_smudge)


def test_one_cell_is_not_a_plural() -> None:
    assert cell_count_words(FoundCells((), 40.0)) == "0 cells"
    assert cell_count_words(FoundCells((cell(),), 40.0)) == "1 cell"
    assert cell_count_words(FoundCells((cell(),) * 1200, 40.0)) == "1,200 cells"


def test_what_is_cut_or_smudged_is_told_beside_the_count() -> None:
    assert cell_count_limits(FoundCells((cell(),), 40.0)).startswith(
        "Nucleated cells, found by their stain and size. "
    )
    found = FoundCells((cell(), cell(is_cut=True), cell(is_cut=True), cell(is_smudge=True)), 40.0)
    assert ", of them 2 cut by the edge and 1 perhaps smudged. " in cell_count_limits(found)


def test_where_the_size_of_red_cells_is_not_seen_no_zero_is_told() -> None:
    nothing = FoundCells((), 0.0)
    assert cell_count_words(nothing) == "cells not found"
    assert "red cells could not be seen" in cell_count_limits(nothing)
