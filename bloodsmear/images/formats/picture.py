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
