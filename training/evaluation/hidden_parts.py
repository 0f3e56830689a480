"""Pictures with the burnt-in corner taken away or changed, or with every nucleus covered: what still speaks then.

All take and give pictures at the classifier's input size, uint8, red first.
"""

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.rgb_image import RgbImage
from training.data.pictures import LabelledPictures, Pictures

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


def fill_corners(pictures: Pictures) -> Pictures:
    """`fill_corner` of each."""
    return np.stack([fill_corner(picture) for picture in pictures])


def swap_corners(pictures: LabelledPictures) -> Pictures:
    """Each picture with the corner of one of another label, drawn with a fixed seed.

    Where there is no other label, the pictures are as they were.
    """
    random = np.random.default_rng(0)
    corner = corner_of(*pictures.pixels.shape[1:3])
    swapped = pictures.pixels.copy()
    for place, target in enumerate(pictures.targets):
        others = np.flatnonzero(pictures.targets != target)
        if len(others):
            swapped[place][corner] = pictures.pixels[random.choice(others)][corner]
    return swapped


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
