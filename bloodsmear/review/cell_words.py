"""What the reading says of the nucleated cells that were found in an image."""

from bloodsmear.count_words import count_words
from bloodsmear.images.cells import FoundCells


def cell_count_words(found: FoundCells) -> str:
    """The count: `3 cells`."""
    if not found.red_cell_px:
        return "cells not found"
    return count_words(len(found.cells), "cell")


def cell_count_limits(found: FoundCells) -> str:
    """What the count holds, and that it is to be checked."""
    if not found.red_cell_px:
        return "The size of red cells could not be seen, so no cells were looked for."
    cut = sum(cell.is_cut for cell in found.cells)
    smudged = sum(cell.is_smudge for cell in found.cells)
    parts = [f"{cut:,} cut by the edge"] * bool(cut) + [f"{smudged:,} perhaps smudged"] * bool(smudged)
    of_them = f", of them {' and '.join(parts)}" if parts else ""
    return (
        f"Nucleated cells, found by their stain and size{of_them}. The finder names none and can miss some: "
        "look at the outlines before you count."
    )
