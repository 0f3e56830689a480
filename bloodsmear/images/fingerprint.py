"""A 64-bit perceptual fingerprint: the same picture resized or saved again differs in a few bits only."""

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.rgb_image import RgbImage

_SIDE_PX = 32
_BITS = 64
# The 64 slowest cosines after the mean: by u + v, then by u (the zigzag of JPEG without its turns).
_ROWS, _COLUMNS = np.array(
    sorted(((u, v) for u in range(12) for v in range(12)), key=lambda place: (sum(place), place))[
        1 : _BITS + 1
    ]
).T


def fingerprint(image: RgbImage) -> int:
    """64 bits of the grey image's cosine transform (DCT-II of 32×32, reduced by area).

    A bit is set where a coefficient lies above the median of the 64 (Zauner 2010, "Implementation and
    benchmarking of perceptual image hash functions", chapter 3.2). Mirrored or turned pictures differ.
    """
    return fingerprint_of_grey(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8))


def fingerprint_of_grey(grey: npt.NDArray[np.uint8]) -> int:
    """The same of the grey image (uint8 H×W), where that is at hand."""
    small = cv2.resize(grey, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    coefficients = cv2.dct(small.astype(np.float32))[_ROWS, _COLUMNS]
    bits = coefficients > np.median(coefficients)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(a: int, b: int) -> int:
    """How many of the 64 bits differ: 0 for the same picture, about 32 for two that have nothing in common."""
    return (a ^ b).bit_count()
