"""The cells of the images that a gallery shows: kept ones are taken over, others are found, and crops are cut."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bloodsmear.errors import ImageError, StudyError, UsageError
from bloodsmear.images.cell_look import cut_crop
from bloodsmear.images.decode import decoding
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.reports.cell_report import ImageCells
from bloodsmear.workflows.cell_finding import CellPlan, KeptCells, cells_in, unreadable_cells

# Of a crop, also on a screen of 200 %.
CROP_PX = 144

Crops = Mapping[Region, bytes]


@dataclass(frozen=True, slots=True)
class GalleryImage:
    """The cells of one image, and crops of them (JPEG, by box) where its pixels were at hand."""

    cells: ImageCells
    crops: Crops = field(default_factory=dict)


def gallery_images(
    images: Sequence[FoundImage], root: Path, plan: CellPlan, cancel: Cancel
) -> Iterator[GalleryImage]:
    """Each image in turn. What is found is kept where `bloodsmear cells` keeps it, if no other program has that open.

    Raises JobCancelled.
    """
    with ExitStack() as closing:
        kept: KeptCells | None = None
        try:
            kept = KeptCells(root, plan)
            closing.callback(kept.close)
        except (UsageError, StudyError):
            pass  # found all the same, and anew the next time
        for one in images:
            cancel.checkpoint()
            still = kept.still_of(one) if kept is not None else None
            if still is not None:
                yield GalleryImage(still)
                continue
            made = _find(one)
            if kept is not None:
                try:
                    kept.put(made.cells)
                except StudyError:
                    kept = None  # the disk is full
            yield made


def crops_of(found: FoundImage, boxes: Iterable[Region], red_cell_px: float, sha256: str) -> Crops:
    """The crops of an image's cells. Raises ImageError where it cannot be read, or has other bytes by now."""
    with decoding(found.path, asked=found.asked) as decoded:
        if sha256 and decoded.sha256 != sha256:
            raise ImageError(found.path, "it has changed since its cells were found")
        return _cut(decoded.pixels, boxes, red_cell_px)


def _find(found: FoundImage) -> GalleryImage:
    try:
        with decoding(found.path, asked=found.asked) as decoded:
            cells = cells_in(found, decoded)
            return GalleryImage(
                cells, _cut(decoded.pixels, (one.box for one in cells.cells), cells.red_cell_px)
            )
    except ImageError as error:
        return GalleryImage(unreadable_cells(found, error.reason, error.sha256))


def _cut(pixels: RgbImage, boxes: Iterable[Region], red_cell_px: float) -> Crops:
    return {box: cut_crop(pixels, box, red_cell_px, CROP_PX) for box in boxes}
