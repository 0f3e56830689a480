"""A denoised picture that is there at once and nearly right: for the moment until the exact one is computed."""

import itertools
import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from bloodsmear.images.denoise import keep_region
from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.non_local_means import SEARCH_WINDOW_PX, TEMPLATE_WINDOW_PX
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import find_scale_bar

# So many pixels take 0.1 to 0.2 s on 2 cores.
_PREVIEW_PIXELS = 320_000
_SMALLEST_TEMPLATE_PX, _SMALLEST_SEARCH_PX = 3, 7


def preview_factor(width_px: int, height_px: int) -> int:
    """By how much the preview is smaller than the image; 1 where the image itself is small enough."""
    return max(1, math.ceil(math.sqrt(width_px * height_px / _PREVIEW_PIXELS)))


def denoise_preview(image: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """About the denoised image, enlarged again to the size of `image`: uint8 H×W×3. For `settings.slow` only.

    The image is made smaller and denoised with the same h and windows smaller by the same factor. Measured on real
    smears against the exact image made as small: 0.4 grey levels apart at a half and 0.7 at a quarter, where the
    original is 2.9 and 2.5 apart, and the full windows on the small image 2.1 and 4.2.
    """
    height_px, width_px = image.shape[:2]
    factor = preview_factor(width_px, height_px)
    small = cv2.resize(
        cv2.cvtColor(image, cv2.COLOR_RGB2BGR),
        (math.ceil(width_px / factor), math.ceil(height_px / factor)),
        interpolation=cv2.INTER_AREA,
    )
    windows = _Windows(
        settings.strength,
        max(_SMALLEST_TEMPLATE_PX, TEMPLATE_WINDOW_PX // factor),
        max(_SMALLEST_SEARCH_PX, SEARCH_WINDOW_PX // factor),
    )
    denoised = _denoise_in_bands(np.asarray(small, np.uint8), windows, os.cpu_count() or 1)
    large = cv2.resize(denoised, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
    preview = np.asarray(cv2.cvtColor(large, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    return keep_region(preview, image, find_scale_bar(image))


@dataclass(frozen=True, slots=True)
class _Windows:
    """Strength h, and the sides of the windows in px of the small image."""

    strength: int
    template_px: int
    search_px: int

    @property
    def reach_px(self) -> int:
        """How far around a pixel is looked."""
        return self.search_px // 2 + self.template_px // 2


def _denoise_in_bands(small: RgbImage, windows: _Windows, count: int) -> RgbImage:
    """The small image denoised, a band of rows a thread: OpenCV leaves one below 262,144 pixels to a single core."""
    height_px = small.shape[0]
    edges = [round(height_px * number / count) for number in range(count + 1)]

    def denoise(band: tuple[int, int]) -> RgbImage:
        top_px, bottom_px = band
        # With its surroundings a band has the same bits as the whole.
        first, last = max(0, top_px - windows.reach_px), min(height_px, bottom_px + windows.reach_px)
        denoised = cv2.fastNlMeansDenoisingColored(
            small[first:last],
            h=windows.strength,
            hColor=windows.strength,
            templateWindowSize=windows.template_px,
            searchWindowSize=windows.search_px,
        )
        return np.asarray(denoised[top_px - first : bottom_px - first], np.uint8)

    with ThreadPoolExecutor(count) as pool:
        return np.concatenate(list(pool.map(denoise, itertools.pairwise(edges))))
