"""What a whole picture looks like in thirty numbers: its colours, and how much there is to see at which size.

A network's features tell apart what it was taught to tell apart, and may find another laboratory's smear ordinary.
These numbers do not see cells: they see another stain, light, magnification or focus.
"""

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage

APPEARANCE_COUNT = 30

_PERCENTILES = (5, 25, 50, 75, 95)
# Octaves: detail up to a pixel, up to two, and so on, then what is coarser than all.
_SIGMAS_PX = (0.7, 1.4, 2.8, 5.6)
# Below it a deviation is rounding; its logarithm would otherwise run away on an empty picture.
_FAINTEST_DEVIATION = 0.05
# About how much each number moves within one laboratory, so that none rules the others for its unit alone.
_LIGHTNESS_UNIT, _RED_GREEN_UNIT, _YELLOW_BLUE_UNIT, _LOG_DETAIL_UNIT = 5.0, 3.0, 5.0, 0.25


def appearance_of(pixels: RgbImage, recipe: Recipe) -> npt.NDArray[np.float64]:
    """Thirty numbers (no unit) of a picture at the input's size, as `fit_to_input` gives it: uint8 H×W×3.

    Of each channel of CIELAB five percentiles, then of each the logarithms of the standard deviation of five bands,
    from fine detail to coarse.
    """
    upright = pixels[:, :, ::-1] if recipe.channels == "bgr" else pixels
    lab = cv2.cvtColor(upright.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB)
    units = (_LIGHTNESS_UNIT, _RED_GREEN_UNIT, _YELLOW_BLUE_UNIT)
    channels = [np.ascontiguousarray(lab[:, :, place], np.float32) for place in range(3)]
    colours = [
        np.percentile(channel, _PERCENTILES) / unit for channel, unit in zip(channels, units, strict=True)
    ]
    details = [_detail(channel) / _LOG_DETAIL_UNIT for channel in channels]
    return np.concatenate([*colours, *details]).astype(np.float64)


def colour_statistics(picture: RgbImage) -> npt.NDArray[np.float64]:
    """Mean, standard deviation and 5th percentile of each LAB channel over a whole picture (red first), 9 values."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    levels = np.arange(256)
    statistics = []
    for place in range(3):
        # Counted, not sorted: every screened image pays for it.
        counts = np.bincount(lab[:, :, place].ravel(), minlength=256)
        mean = float(counts @ levels) / counts.sum()
        deviation = np.sqrt(counts @ (levels - mean) ** 2 / counts.sum())
        rank = 0.05 * (counts.sum() - 1)
        below, above = np.searchsorted(counts.cumsum(), [int(rank), np.ceil(rank)], side="right").tolist()
        statistics.append((mean, deviation, below + (above - below) * (rank - int(rank))))
    return np.array(statistics).T.ravel()


def _detail(channel: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    deviations = []
    finer = channel
    for sigma_px in _SIGMAS_PX:
        coarser = np.asarray(cv2.GaussianBlur(channel, (0, 0), sigma_px), np.float32)
        deviations.append(float(np.std(finer - coarser)))
        finer = coarser
    deviations.append(float(np.std(finer)))
    return np.log(np.array(deviations) + _FAINTEST_DEVIATION)
