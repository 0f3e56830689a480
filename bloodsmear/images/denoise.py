"""The three denoisers, of a whole image or of the region that the reader looks at."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from bloodsmear.images.rgb_image import RgbImage

DenoiserName = Literal["gaussian", "median", "non_local_means"]

# The reference pipeline asks for windows of 10 and 30 pixels; OpenCV halves them and runs 11 and 31.
_TEMPLATE_WINDOW_PX = 10
_SEARCH_WINDOW_PX = 30


@dataclass(frozen=True, slots=True)
class DenoiseSettings:
    """A denoiser and its strength: the kernel's side in pixels (gaussian, median; odd) or h (non-local means).

    Raises ValueError for a strength that OpenCV cannot run: an even or too small kernel, h below 1.
    """

    name: DenoiserName
    strength: int

    def __post_init__(self) -> None:
        if self.name == "non_local_means":
            if self.strength < 1:
                raise ValueError(f"The strength of non_local_means must be at least 1, got {self.strength}.")
        elif self.strength < 3 or self.strength % 2 == 0:
            raise ValueError(f"The kernel of {self.name} must be odd and at least 3 px, got {self.strength}.")


DEFAULTS: dict[DenoiserName, DenoiseSettings] = {
    "gaussian": DenoiseSettings("gaussian", 5),
    "median": DenoiseSettings("median", 5),
    "non_local_means": DenoiseSettings("non_local_means", 10),
}


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in the pixels of the decoded image; it must lie inside the image and not be empty."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int


def denoise_image(image: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """The denoised image: uint8 H×W×3, as large as `image`.

    Gaussian: the variance follows from the kernel as in cv2.GaussianBlur with sigma 0. Non-local means:
    cv2.fastNlMeansDenoisingColored with h for light and colour alike.
    """
    if settings.name == "gaussian":
        return _as_rgb(cv2.GaussianBlur(image, (settings.strength, settings.strength), 0))
    if settings.name == "median":
        return _as_rgb(cv2.medianBlur(image, settings.strength))
    # Lab is computed inside and expects blue first, as in the reference, which read with cv2.imread.
    blue_first = cv2.fastNlMeansDenoisingColored(
        cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
        h=settings.strength,
        hColor=settings.strength,
        templateWindowSize=_TEMPLATE_WINDOW_PX,
        searchWindowSize=_SEARCH_WINDOW_PX,
    )
    return _as_rgb(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB))


def denoise_region(image: RgbImage, region: Region, settings: DenoiseSettings) -> RgbImage:
    """The region of the denoised image, bit-identical to cutting it from the whole: uint8, the region's size.

    Only the region and a halo as wide as the denoiser looks are computed. Raises ValueError for a region
    that is empty or reaches beyond the image.
    """
    height, width = image.shape[:2]
    right, bottom = region.left_px + region.width_px, region.top_px + region.height_px
    inside = 0 <= region.left_px < right <= width and 0 <= region.top_px < bottom <= height
    if not inside:
        raise ValueError(f"{region} does not lie inside an image of {width}×{height} px.")
    halo = _halo_px(settings)
    left, top = max(0, region.left_px - halo), max(0, region.top_px - halo)
    around = image[top : min(height, bottom + halo), left : min(width, right + halo)]
    denoised = denoise_image(np.ascontiguousarray(around), settings)
    rows = slice(region.top_px - top, bottom - top)
    columns = slice(region.left_px - left, right - left)
    return np.ascontiguousarray(denoised[rows, columns])


def _halo_px(settings: DenoiseSettings) -> int:
    if settings.name == "non_local_means":
        return _SEARCH_WINDOW_PX // 2 + _TEMPLATE_WINDOW_PX // 2
    return settings.strength // 2


def _as_rgb(pixels: cv2.typing.MatLike) -> RgbImage:
    return np.asarray(pixels, dtype=np.uint8)
