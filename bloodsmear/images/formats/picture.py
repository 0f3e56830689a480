"""What every reader of a format hands over: the size that the file declares, and the way to its samples.

Every reader keeps one promise: the pixels that an independent decoder gives, to a rounding of 1, or FormatError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.uint8]
ColourSpace = Literal["grey", "rgb", "cmyk", "lab"]

CUT_OFF = "the file is damaged or cut off; copy it again from where it came."


class FormatError(Exception):
    """A file that is no image, not whole, or of a kind that is not read; the text is the reason, without a path."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Samples as they are stored, 8 bits each: height × width, or × 3 (RGB, Lab) or 4 (CMYK, 0 is no ink).

    `alpha` is height × width, None where all is opaque; `premultiplied` where the colours were multiplied by it.
    `profile` is the embedded ICC profile, empty without one.
    """

    samples: Samples
    space: ColourSpace = "rgb"
    alpha: Samples | None = None
    premultiplied: bool = False
    profile: bytes = b""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a file, not decoded yet: `width_px` and `height_px` as stored, before `orientation` (EXIF's 1 to 8).

    `read(divisor)` decodes it, at 1/2, 1/4 or 1/8 of its size where `reducible`. Raises FormatError.
    """

    width_px: int
    height_px: int
    read: Callable[[int], Stored]
    orientation: int = 1
    reducible: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Which picture of a file: its `page`, from 0 on, among those of full size.

    `camera_bits`: how many bits the camera gave where a file of 16 bits doesn't say it. `pixels`: the most allowed.
    """

    page: int = 0
    camera_bits: int | None = None
    pixels: int = 200_000_000


def require_size(width_px: int, height_px: int, allowed: int) -> None:
    """Raise FormatError for what is no size or holds more pixels than allowed: before anything is decoded."""
    if width_px <= 0 or height_px <= 0:
        raise FormatError(CUT_OFF)
    if width_px * height_px > allowed:
        size = f"{width_px}×{height_px} px"
        raise FormatError(f"the image has {size}, more than the {allowed / 1e6:g} megapixels allowed.")
