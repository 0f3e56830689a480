"""A 64-bit mark of what an image shows, which survives resizing and JPEG: for finding copies, not for looking."""

import cv2
import numpy as np

from bloodsmear.images.rgb_image import RgbImage

_SIDE_PX = 32
_BITS_A_SIDE = 8


def fingerprint(image: RgbImage) -> int:
    """The perceptual hash of uint8 H×W×3: 64 bits, each an early cosine coefficient against their median.

    Source: Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions" (DCT based hash).
    """
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    reduced = cv2.resize(grey, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    coefficients = cv2.dct(reduced.astype(np.float32))[:_BITS_A_SIDE, :_BITS_A_SIDE].ravel()
    # The first coefficient is the mean brightness, which would pull the median: it is left out there.
    bits = coefficients > np.median(coefficients[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(first: int, second: int) -> int:
    """How many of the 64 bits differ."""
    return (first ^ second).bit_count()
