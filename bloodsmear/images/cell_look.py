"""How a found cell looks: a crop of it, and nine numbers that put like ones beside each other; nothing names them."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.cells import Cell, FoundCells
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage

# The crop is looked at in so many pixels a red cell: more tell no more, and take longer.
_RED_CELL_PX = 24
# In red cells: how far the cytoplasm is looked for around the nucleus.
_RING = 0.3
# What a crop shows: so many red cells across, which is the same length on every image whose red cells are alike.
CROP_RED_CELLS, _CROP_QUALITY = 3.0, 90
# A cell that was added where no red cell was seen: so many times its box.
_OF_BOX = 2.0
_MASK_SIDE_PX = 512
# Beside the image there is nothing: a grey that is heavy on neither theme.
_BESIDE = (160, 168, 176)
# Of a crop that is learned from or answered: what most microscopes give of three red cells.
LEARNED_PX = 192


def look_of(image: RgbImage, cell: Cell, red_cell_px: float) -> tuple[float, ...]:
    """Mean red, green and blue of the nucleus and of the ring around it (0 to 1 each, beside white), the logarithm of
    the nucleus' area in red cells, how round it is (1: a disc), and in how many lobes.

    `image` is the decoded one (uint8 H×W×3) in which `cell` was found, with its outlines; `red_cell_px` its red cells'
    diameter.
    """
    height, width = image.shape[:2]
    room = math.ceil(_RING * red_cell_px) + 1
    left, top = max(0, cell.box.left_px - room), max(0, cell.box.top_px - room)
    right, bottom = min(width, cell.box.right_px + room), min(height, cell.box.bottom_px + room)
    scale = min(1.0, _RED_CELL_PX / red_cell_px)
    size = max(1, round(scale * (right - left))), max(1, round(scale * (bottom - top)))
    crop = cv2.resize(image[top:bottom, left:right], size, interpolation=cv2.INTER_AREA)
    outlines = [
        np.round((np.array(outline, np.float64) + 0.5 - (left, top)) * scale - 0.5).astype(np.int32)
        for outline in cell.outlines
    ]
    nucleus = np.zeros(crop.shape[:2], np.uint8)
    cv2.fillPoly(nucleus, outlines, (1,))
    reach = max(3, round(2 * _RING * red_cell_px * scale)) | 1
    around = cv2.dilate(nucleus, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) - nucleus
    around_px = sum(cv2.arcLength(outline, True) for outline in outlines)
    area_px = float(nucleus.sum())
    red_cells = cell.area_px / (math.pi / 4 * red_cell_px**2)
    numbers = (
        *(level / 255 for level in cv2.mean(crop, nucleus)[:3]),
        *(level / 255 for level in cv2.mean(crop, around)[:3]),
        math.log(max(red_cells, 0.01)),
        min(1.0, 4 * math.pi * area_px / max(1.0, around_px) ** 2),
        float(len(cell.outlines)),
    )
    return tuple(round(number, 3) for number in numbers)


def outlined(found: FoundCells, image: RgbImage) -> npt.NDArray[np.bool_]:
    """True within the outlines of the cells that were found in `image`: its shape, its long side at most 512."""
    height, width = image.shape[:2]
    scale = min(1.0, _MASK_SIDE_PX / max(height, width))
    mask = np.zeros((max(1, round(scale * height)), max(1, round(scale * width))), np.uint8)
    for cell in found.cells:
        for outline in cell.outlines:
            points = np.round((np.array(outline, np.float64) + 0.5) * scale - 0.5).astype(np.int32)
            cv2.fillPoly(mask, [points], (1,))
    return mask > 0


def cut_crop(image: RgbImage, box: Region, red_cell_px: float, side_px: int) -> bytes:
    """`crop_of` as JPEG, to be looked at."""
    crop = cv2.cvtColor(crop_of(image, box, red_cell_px, side_px), cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, _CROP_QUALITY])[1].tobytes()


def crop_of(image: RgbImage, box: Region, red_cell_px: float, side_px: int = LEARNED_PX) -> RgbImage:
    """A square (uint8) of `side_px` around a cell's box, of a decoded image (uint8 H×W×3), all crops at one scale.

    `red_cell_px` is 0 where no red cell was seen: the crop is two boxes wide then, and the scale another one.
    """
    shown_px = CROP_RED_CELLS * red_cell_px or _OF_BOX * max(box.width_px, box.height_px)
    half = max(2, round(shown_px / 2))
    x, y = box.left_px + box.width_px // 2, box.top_px + box.height_px // 2
    height, width = image.shape[:2]
    left, top, right, bottom = max(0, x - half), max(0, y - half), min(width, x + half), min(height, y + half)
    edges = top - (y - half), y + half - bottom, left - (x - half), x + half - right
    crop = cv2.copyMakeBorder(image[top:bottom, left:right], *edges, cv2.BORDER_CONSTANT, value=_BESIDE)
    shrinks = 2 * half > side_px
    fitted = cv2.resize(
        crop, (side_px, side_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )
    return np.asarray(fitted, np.uint8)


def by_similarity(looks: Sequence[tuple[float, ...]], to: tuple[float, ...] | None = None) -> list[int]:
    """The places of `looks` in an order in which like ones stand beside each other.

    The nearest to the look `to` first; without one along the direction in which they differ most. Each number counts in
    its own spread.
    """
    if not looks:
        return []
    numbers = np.array(looks, np.float64)
    spread = numbers.std(axis=0)
    spread[spread == 0] = 1.0
    if to is not None:
        off = (((numbers - np.array(to)) / spread) ** 2).sum(axis=1)
    else:
        centred = (numbers - numbers.mean(axis=0)) / spread
        direction = np.linalg.svd(centred, full_matrices=False)[2][0]
        # A direction has two ends: dark nuclei first, so that the same cells always come in the same order.
        off = centred @ direction * (1.0 if direction[0] >= 0 else -1.0)
    return [int(place) for place in np.argsort(off, kind="stable")]
