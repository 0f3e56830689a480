"""The rows of found cells: their size in micrometres, where a reader or the file said the image's scale."""

from collections.abc import Callable
from pathlib import Path

from bloodsmear.images.cells import Cell
from bloodsmear.images.region import Region
from bloodsmear.images.scale import SetScale
from bloodsmear.reports.cell_report import ImageCells, write_cells

CELL = Cell(20.0, 30.0, (), Region(10, 20, 20, 30), 400.0, is_cut=False, is_smudge=False)


def found_in(image: str, um_per_px: float | None) -> ImageCells:
    return ImageCells(
        *(image, "case 1", "ab" * 32, 1, 1),
        width_px=640,
        height_px=480,
        red_cell_px=40.0,
        cells=(CELL,),
        um_per_px=um_per_px,
    )


def test_sizes_are_told_by_what_a_reader_set_else_by_what_the_file_states(
    tmp_path: Path, rows_of: Callable[[Path], list[dict[str, str]]]
) -> None:
    images = [found_in("a/set.tif", 0.5), found_in("b/stated.tif", 0.5), found_in("b/neither.png", None)]
    write_cells(tmp_path / "c.csv", images, scales=[SetScale("a", 640, 480, 0.25, "bar")])
    told = [
        (row["width_um"], row["height_um"], row["um_per_px"], row["scale_from"])
        for row in rows_of(tmp_path / "c.csv")
    ]
    assert told == [
        ("5.00", "7.50", "0.250000", "from the burnt-in bar, for the folder a"),
        ("10.00", "15.00", "0.500000", "as the file states it"),
        ("", "", "", ""),
    ]
