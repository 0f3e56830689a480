"""The nucleated cells of many images as a CSV file: one row a cell, and one for an image without any."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bloodsmear import RESEARCH_USE, __version__
from bloodsmear.images.cells import Cell
from bloodsmear.images.scale import Scale, SetScale, StatedScale, scale_of
from bloodsmear.reports.csv_table import write_table
from bloodsmear.reports.report_kind import COMMA, CsvForm

_CELL_COLUMNS = (
    "cell",
    "left_px",
    "top_px",
    "width_px",
    "height_px",
    "area_px",
    "kind",
    "cut_by_border",
    "centre_x_px",
    "centre_y_px",
    "width_um",
    "height_um",
)
_HEADER = (
    "image",
    "case",
    *_CELL_COLUMNS,
    "red_cell_px",
    "status",
    "error",
    "sha256",
    "image_width_px",
    "image_height_px",
    "um_per_px",
    "scale_from",
    "app_version",
    "intended_use",
)


@dataclass(frozen=True, slots=True)
class ImageCells:
    """An image with its cells (without their outlines), or with the `error` for which it could not be read.

    `looks` has one for each cell (bloodsmear.images.cell_look), by which like ones are put beside each other.
    `decoder` and `finder` are the numbers of those that read it; 0 where nobody has yet. `um_per_px` is the scale that
    the file states, where it counts (bloodsmear.images.scale).
    """

    image: str
    case: str
    sha256: str = ""
    decoder: int = 0
    finder: int = 0
    error: str = ""
    width_px: int | None = None
    height_px: int | None = None
    red_cell_px: float = 0.0
    cells: tuple[Cell, ...] = ()
    looks: tuple[tuple[float, ...], ...] = ()
    um_per_px: float | None = None

    @property
    def status(self) -> str:
        """As a row says it."""
        if self.error:
            return "unreadable"
        return "ok" if self.finder else "not_read"


def write_cells(
    target: Path, images: Iterable[ImageCells], form: CsvForm = COMMA, scales: Sequence[SetScale] = ()
) -> int:
    """Write the images in the order given; returns the number of rows. Raises ReportError; see `write_table`.

    `scales` are what readers set in the study of the same images.
    """
    rows = (row for image in images for row in _rows(image, _scale(image, scales), form))
    return write_table(target, _HEADER, rows, form)


def _scale(image: ImageCells, scales: Sequence[SetScale]) -> Scale | None:
    if image.width_px is None or image.height_px is None:
        return None
    stated = StatedScale(image.um_per_px, counts=True)
    return scale_of(image.image, (image.width_px, image.height_px), scales, stated)


def _rows(image: ImageCells, scale: Scale | None, form: CsvForm) -> Iterator[list[str]]:
    for cells in [_cell_columns(*numbered, scale, form) for numbered in enumerate(image.cells, 1)] or [
        [""] * len(_CELL_COLUMNS)
    ]:
        yield [
            image.image,
            image.case,
            *cells,
            _number(image.red_cell_px, 1, form) if image.red_cell_px else "",
            image.status,
            image.error,
            image.sha256,
            "" if image.width_px is None else str(image.width_px),
            "" if image.height_px is None else str(image.height_px),
            "" if scale is None else _number(scale.um_per_px, 6, form),
            "" if scale is None else scale.origin,
            __version__,
            RESEARCH_USE,
        ]


def _cell_columns(number: int, cell: Cell, scale: Scale | None, form: CsvForm) -> list[str]:
    box = cell.box
    sides = box.width_px, box.height_px
    return [
        str(number),
        *map(str, (box.left_px, box.top_px, *sides, round(cell.area_px))),
        "smudge" if cell.is_smudge else "nucleated_cell",
        "yes" if cell.is_cut else "no",
        _number(cell.centre_x_px, 1, form),
        _number(cell.centre_y_px, 1, form),
        *("" if scale is None else _number(side * scale.um_per_px, 2, form) for side in sides),
    ]


def _number(value: float, decimals: int, form: CsvForm) -> str:
    return f"{value:.{decimals}f}".replace(".", form.decimal)
