"""From samples of more than 8 bits to 8: by the depth that the file states, never by a guess from the pixels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.picture import Samples, in_bands
from bloodsmear.images.formats.reader_contract import CameraBitsError, FormatError

# Where no sample of a file of 16 bits is larger, it may as well come from a camera of 12 bits, 16 times as bright.
_LARGEST_OF_12_BITS = 4095
DEPTH_UNKNOWN = (
    "its 16-bit samples stay below 4,096 and it does not say how many bits the camera has; "
    "set the camera's bits (12 for most), or save it with 8 bits a channel."
)


@dataclass(frozen=True, slots=True)
class Depth:
    """`stored` bits a sample; `stated` by the file, or else `camera` as set by the reader (None: not said)."""

    stored: int
    stated: int | None = None
    camera: int | None = None


def to_8_bits(samples: npt.NDArray[Any], depth: Depth) -> Samples:
    """Scale 0 to 2^bits − 1 to 0 to 255, rounded. Raises FormatError where nobody says how many bits they are.

    A statement that the samples exceed does not count: ImageJ's display range may be narrower than the picture.
    """
    if depth.stored <= 8:
        return _scaled(samples, (1 << depth.stored) - 1)
    largest = int(samples.max(initial=0))
    bits = depth.stored
    if depth.stated is not None and largest < 1 << depth.stated:
        bits = depth.stated
    elif depth.stored == 16:
        bits = _bits_of_the_camera(largest, depth.camera)
    return _scaled(samples, (1 << bits) - 1)


def _bits_of_the_camera(largest: int, camera: int | None) -> int:
    if camera is None:
        if largest <= _LARGEST_OF_12_BITS:
            raise CameraBitsError(DEPTH_UNKNOWN)
        return 16
    if largest >= 1 << camera:
        raise CameraBitsError(
            f"it holds brighter samples than a camera of {camera} bits gives; set the camera's bits right."
        )
    return camera


def bits_for(largest: float) -> int | None:
    """The bits of the camera that a stated largest sample is of, as 12 for 4095; None for any other value.

    ImageJ states that of the picture itself. So only one that fills its bits says them; any other is of the next camera
    (10, 12, 14 or 16 bits), or a dark picture of 12 bits would be shown twice as bright as its neighbours.
    """
    if not 1 <= largest <= 65535:
        return None
    bits = int(largest).bit_length()
    return bits if largest == (1 << bits) - 1 else bits + bits % 2


def _scaled(samples: npt.NDArray[Any], largest: int) -> Samples:
    if largest == 255:
        return np.asarray(samples, np.uint8)
    if largest < 256:
        table = ((np.arange(largest + 1) * 510 // largest + 1) // 2).astype(np.uint8)
    else:
        table = ((np.arange(largest + 1, dtype=np.int64) * 510 + largest) // (2 * largest)).astype(np.uint8)
    # numpy looks a table up by numbers of 64 bits, which it makes of the samples first.
    return in_bands(lambda band: table[band], samples)


def by_range(samples: npt.NDArray[Any], lowest: float, highest: float) -> Samples:
    """Floating point samples by the range that the file states; what lies beyond it is black or white."""

    def scaled(band: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if not np.isfinite(band).all():
            raise FormatError("some of its samples are not numbers; save it with 8 or 16 bits a channel.")
        share = (band.astype(np.float64) - lowest) / (highest - lowest)
        return np.floor(np.clip(share, 0, 1) * 255 + 0.5)

    return in_bands(scaled, samples)
