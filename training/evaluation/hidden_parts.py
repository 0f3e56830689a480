"""Pictures with the burnt-in corner taken away or changed, or with every nucleus covered: what still speaks then.

All take and give pictures of any size, uint8 H×W×3, red first.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.rgb_image import RgbImage

# The scale bar's place at the lower right: 54 × 40 px of a frame of 224 × 224.
_CORNER_WIDTH_SHARE, _CORNER_HEIGHT_SHARE = 54 / 224, 40 / 224
# A nucleus is covered with a rim of this share of the width, so that its edge doesn't stay.
_RIM_SHARE = 0.02


def corner_of(height_px: int, width_px: int) -> tuple[slice, slice]:
    """Where the scale bar may stand in a picture of this size: rows and columns."""
    down = height_px - max(1, round(_CORNER_HEIGHT_SHARE * height_px))
    right = width_px - max(1, round(_CORNER_WIDTH_SHARE * width_px))
    return slice(down, height_px), slice(right, width_px)


def fill_corner(picture: RgbImage) -> RgbImage:
    """The picture with its corner in one colour: that of the background around it."""
    rows, columns = corner_of(*picture.shape[:2])
    above = picture[max(0, 2 * rows.start - rows.stop) : rows.start, columns]
    beside = picture[rows, max(0, 2 * columns.start - columns.stop) : columns.start]
    around = np.concatenate([above.reshape(-1, 3), beside.reshape(-1, 3)])
    # Stain swallows green, so the brighter half in green is glass and pale red cells.
    bright = around[around[:, 1] >= np.median(around[:, 1])]
    filled = picture.copy()
    filled[rows, columns] = np.median(bright, axis=0)
    return filled


@dataclass(frozen=True, slots=True)
class ChangedCorners:
    """Each image with its corner filled, and with the corner of an image of another label."""

    filled: list[RgbImage]
    swapped: list[RgbImage]


def change_corners(
    read: Callable[[int], RgbImage], targets: npt.NDArray[np.int64], keep: Callable[[RgbImage], RgbImage]
) -> ChangedCorners:
    """Change the corner of every image that `read` gives (twice, by its place), and hold what `keep` makes of it.

    Whose corner an image gets is drawn with a fixed seed; where there is no other label, it keeps its own.
    """
    filled, corners = [], []
    for place in range(len(targets)):
        image = read(place)
        corners.append(image[corner_of(*image.shape[:2])].copy())
        filled.append(keep(fill_corner(image)))
    random = np.random.default_rng(0)
    swapped = []
    for place, target in enumerate(targets):
        others = np.flatnonzero(targets != target)
        chosen = random.choice(others) if len(others) else place
        swapped.append(keep(with_corner(read(place), corners[chosen])))
    return ChangedCorners(filled, swapped)


def with_corner(image: RgbImage, corner: RgbImage) -> RgbImage:
    """The picture with this corner in place of its own, brought to its size."""
    rows, columns = corner_of(*image.shape[:2])
    size = columns.stop - columns.start, rows.stop - rows.start
    changed = image.copy()
    changed[rows, columns] = cv2.resize(corner, size, interpolation=cv2.INTER_AREA)
    return changed


def hide_nuclei(picture: RgbImage) -> RgbImage:
    """The picture with every nucleus that is found, and a rim around it, in the colour that is left in the median."""
    height, width = picture.shape[:2]
    found = nucleus_mask(picture).astype(np.uint8)
    if found.shape != (height, width):
        found = np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    rim_px = max(1, round(_RIM_SHARE * width))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim_px + 1, 2 * rim_px + 1))
    covered: npt.NDArray[np.bool_] = cv2.dilate(found, brush) > 0
    left = picture[~covered]
    hidden = picture.copy()
    hidden[covered] = np.median(left if len(left) else picture.reshape(-1, 3), axis=0)
    return hidden
