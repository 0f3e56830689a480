"""Stain and camera shifts of moderate strength, each applied alone to pictures at the classifier's input size.

A pixel is one of the input: at 96 px it is 11 px of a frame of 1024 px, at 192 px it is 5. So what is given in pixels
(blur, defocus) and what rests on them (JPEG's blocks of 8 px, half the scale) is the harsher the smaller the input is.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage
from training.fitting.augment import hue_rotation

Shift = Callable[[RgbImage], RgbImage]

# The share of the light in the middle; it falls with the square of the distance from there.
_LIGHT_IN_CORNERS = 0.65


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


def _gamma(exponent: float) -> Shift:
    return lambda image: _as_pixels(255.0 * (image / 255.0) ** exponent)


def _vignetting(image: RgbImage) -> RgbImage:
    height, width = image.shape[:2]
    down, right = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = 1.0 - (1.0 - _LIGHT_IN_CORNERS) * (down**2 + right**2) / 2
    return _as_pixels(image * light[..., np.newaxis])


def defocus(radius_px: float) -> Shift:
    """What puts a picture out of focus: each point becomes a disc of this radius."""
    # The disc's edge is soft by a pixel, so that a radius need not be a whole number.
    reach = int(np.ceil(radius_px))
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius_px + 0.5 - np.hypot(down, right), 0.0, 1.0)
    return lambda image: np.asarray(
        cv2.filter2D(image, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101), np.uint8
    )


def _half_scale(image: RgbImage) -> RgbImage:
    height, width = image.shape[:2]
    half = cv2.resize(image, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(half, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _jpeg(quality: int) -> Shift:
    def shift(image: RgbImage) -> RgbImage:
        blue_first = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        _, packed = cv2.imencode(".jpg", blue_first, [cv2.IMWRITE_JPEG_QUALITY, quality])
        decoded = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)

    return shift


# Name in figures → what is done to uint8 H×W×3 of the input's size. Cards that were measured earlier have
# saturation_times_1.3 and jpeg_quality_50 in place of the stronger ones, and lack those after white_balance_cold.
SHIFTS: dict[str, Shift] = {
    "grey": _grey_of,
    # Degrees around the grey axis of RGB.
    "hue_plus_12_degrees": _hue(12),
    "hue_minus_12_degrees": _hue(-12),
    # A pale and a strong stain: the distance of each colour from its grey.
    "saturation_times_0.7": _saturation(0.7),
    "saturation_times_1.35": _saturation(1.35),
    # Gains of the channels, clipped at 255.
    "brightness_times_0.85": _gains(0.85, 0.85, 0.85),
    "brightness_times_1.15": _gains(1.15, 1.15, 1.15),
    "white_balance_warm": _gains(1.08, 1.0, 0.92),
    "white_balance_cold": _gains(0.92, 1.0, 1.08),
    "cast_magenta": _gains(1.04, 0.92, 1.04),
    "cast_green": _gains(0.96, 1.08, 0.96),
    # Exponents of the values from 0 to 1: below one it is brighter.
    "gamma_0.7": _gamma(0.7),
    "gamma_1.4": _gamma(1.4),
    "vignetting": _vignetting,
    # Blur is a Gaussian's sigma, defocus the radius of a disc, in pixels of the input.
    "blur_sigma_0.7_px": _blur(0.7),
    "defocus_1_px": defocus(1.0),
    "defocus_2_px": defocus(2.0),
    "jpeg_quality_40": _jpeg(40),
    # Reduced to half the input's width and height, and enlarged to them again.
    "half_scale": _half_scale,
}
