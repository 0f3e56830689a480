"""OpenCV's non-local means of one image, region by region, bit-identical to the whole.

cv2.fastNlMeansDenoisingColored is Lab, then lightness with h and the two colour channels with hColor, then back.
Done here in these steps, a region is a part of a UMat: OpenCV takes what it needs around it from the image itself,
so no halo is computed only to be thrown away (more than half of the work for a tile of 256×64).
"""

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage

# The reference pipeline asks for windows of 10 and 30 pixels; OpenCV halves them and runs 11 and 31.
TEMPLATE_WINDOW_PX = 10
SEARCH_WINDOW_PX = 30

# OpenCV's type stubs leave out the constructor that copies an array.
_as_umat = cast("Callable[[npt.NDArray[np.uint8]], cv2.UMat]", cv2.UMat)


class NonLocalMeans:
    """An image (uint8 H×W×3) prepared for non-local means of strength h. Safe from several threads at once."""

    def __init__(self, image: RgbImage, strength: int) -> None:
        _stay_on_the_processor()
        height_px, width_px = image.shape[:2]
        lightness = np.empty((height_px, width_px), np.uint8)
        colours = np.empty((height_px, width_px, 2), np.uint8)
        lab = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_LRGB2LAB)
        cv2.mixChannels([lab], [lightness, colours], [0, 0, 1, 1, 2, 2])
        self._planes = _as_umat(lightness), _as_umat(colours)
        self._strength = strength

    def region(self, region: Region) -> RgbImage:
        """The region of the denoised image: uint8, the region's size."""
        _stay_on_the_processor()
        rows, columns = (region.top_px, region.bottom_px), (region.left_px, region.right_px)
        denoised = [
            cv2.fastNlMeansDenoising(
                cv2.UMat(plane, rows, columns),
                h=self._strength,
                templateWindowSize=TEMPLATE_WINDOW_PX,
                searchWindowSize=SEARCH_WINDOW_PX,
            ).get()
            for plane in self._planes
        ]
        return np.asarray(cv2.cvtColor(cv2.merge(denoised), cv2.COLOR_LAB2LRGB), dtype=np.uint8)


def _stay_on_the_processor() -> None:
    # A graphics card would be asked wherever a UMat is given, and its sums are not shown to be the same bits.
    # The switch holds for the thread that sets it.
    cv2.ocl.setUseOpenCL(False)
