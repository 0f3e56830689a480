"""The three denoisers, of a whole image."""

from typing import assert_never

import cv2
import numpy as np

from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.non_local_means import SEARCH_WINDOW_PX, TEMPLATE_WINDOW_PX
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import find_scale_bar


def denoise_image(image: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """The denoised image, a burnt-in scale bar left as it is: uint8 H×W×3, as large as `image`."""
    return keep_region(denoise_pixels(image, settings), image, find_scale_bar(image))


def denoise_pixels(image: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """What the filter makes of all pixels, whatever they show: uint8 H×W×3, as large as `image`.

    Gaussian: the variance follows from the kernel as in cv2.GaussianBlur with sigma 0. Non-local means:
    cv2.fastNlMeansDenoisingColored with h for light and colour alike.
    """
    match settings.name:
        case "gaussian":
            return _as_rgb(cv2.GaussianBlur(image, (settings.strength, settings.strength), 0))
        case "median":
            return _as_rgb(cv2.medianBlur(image, settings.strength))
        case "non_local_means":
            return _non_local_means(image, settings.strength)
        case unknown:
            assert_never(unknown)


def _non_local_means(image: RgbImage, strength: int) -> RgbImage:
    # Lab is computed inside and expects blue first, as in the reference, which read with cv2.imread.
    blue_first = cv2.fastNlMeansDenoisingColored(
        cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
        h=strength,
        hColor=strength,
        templateWindowSize=TEMPLATE_WINDOW_PX,
        searchWindowSize=SEARCH_WINDOW_PX,
    )
    return _as_rgb(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB))


def keep_region(denoised: RgbImage, image: RgbImage, region: Region | None) -> RgbImage:
    """Put the pixels of this region of the image back into the denoised one, in place; None: none. Returns it."""
    if region is not None:
        denoised[region.slices()] = image[region.slices()]
    return denoised


def _as_rgb(pixels: cv2.typing.MatLike) -> RgbImage:
    return np.asarray(pixels, dtype=np.uint8)
