"""Stain and camera shifts of moderate strength, each applied alone to pictures at the classifier's input size."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from training.fitting.augment import hue_rotation

Shift = Callable[[RgbImage], RgbImage]


def _as_pixels(values: npt.NDArray[Any]) -> RgbImage:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _grey_of(image: RgbImage) -> RgbImage:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def _hue(degrees: float) -> Shift:
    return lambda image: _as_pixels(image.astype(np.float32) @ hue_rotation(degrees).T)


def _saturation(factor: float) -> Shift:
    def shift(image: RgbImage) -> RgbImage:
        grey = _grey_of(image).astype(np.float32)
        return _as_pixels(grey + (image - grey) * factor)

    return shift


def _gains(red: float, green: float, blue: float) -> Shift:
    return lambda image: _as_pixels(image * np.array([red, green, blue], np.float32))


def _blur(sigma_px: float) -> Shift:
    return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.uint8)


def _jpeg(quality: int) -> Shift:
    def shift(image: RgbImage) -> RgbImage:
        blue_first = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, packed = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, quality])
        decoded = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)

    return shift


# Name in figures → what is done. Blur is in pixels of the input size.
SHIFTS: dict[str, Shift] = {
    "grey": _grey_of,
    "hue_plus_12_degrees": _hue(12),
    "hue_minus_12_degrees": _hue(-12),
    "saturation_times_0.7": _saturation(0.7),
    "saturation_times_1.3": _saturation(1.3),
    "brightness_times_0.85": _gains(0.85, 0.85, 0.85),
    "brightness_times_1.15": _gains(1.15, 1.15, 1.15),
    "white_balance_warm": _gains(1.08, 1.0, 0.92),
    "white_balance_cold": _gains(0.92, 1.0, 1.08),
    "blur_sigma_0.7_px": _blur(0.7),
    "jpeg_quality_50": _jpeg(50),
}
