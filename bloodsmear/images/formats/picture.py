"""What every reader of a format hands over: the size that the file declares, and the way to its samples.

Every reader keeps one promise: the pixels that an independent decoder gives, to a rounding of 1, or FormatError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.facts import NO_FACTS, FileFacts

Samples = npt.NDArray[np.uint8]
ColourSpace = Literal["grey", "rgb", "cmyk", "lab"]
# Of a pixel: RGB and alpha, and RGB once more where the colours are changed or the picture is turned.
_RESULT_BYTES = 8
# Rows that are worked on at once: an intermediate form of all of a large picture would take several times its memory.
_BAND_ROWS = 256


def in_bands(work: Callable[..., npt.NDArray[Any]], *arrays: npt.NDArray[Any]) -> Samples:
    """`work(*arrays)`, which treats each pixel by itself, done some rows at a time; uint8."""
    first = np.asarray(work(*(array[:_BAND_ROWS] for array in arrays)), np.uint8)
    height = len(arrays[0])
    if height <= _BAND_ROWS:
        return first
    whole = np.empty((height, *first.shape[1:]), np.uint8)
    whole[:_BAND_ROWS] = first
    for top in range(_BAND_ROWS, height, _BAND_ROWS):
        whole[top : top + _BAND_ROWS] = work(*(array[top : top + _BAND_ROWS] for array in arrays))
    return whole


@dataclass(frozen=True, slots=True)
class Stored:
    """Samples as they are stored, 8 bits each: height × width, or × 3 (RGB, Lab) or 4 (CMYK, 0 is not an ink).

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

    `read(divisor)` decodes it, at 1/2, 1/4 or 1/8 of its size where `reducible`. Raises FormatError. `sample_bytes` are
    those of all samples of a pixel while they are decoded. `facts`: what the file states beside its samples.
    """

    width_px: int
    height_px: int
    read: Callable[[int], Stored]
    orientation: int = 1
    reducible: bool = False
    sample_bytes: int = 4
    facts: FileFacts = NO_FACTS

    def memory_bytes(self, divisor: int = 1) -> int:
        """About what decoding takes at most, until the picture is answered: samples, their form in 8 bits, a copy."""
        return self.width_px * self.height_px * (self.sample_bytes + _RESULT_BYTES) // divisor**2
