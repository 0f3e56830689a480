"""What is asked of a reader of a format, and how it refuses. It loads no library, for the window's start."""

import struct
from dataclasses import dataclass

CUT_OFF = "the file is damaged or cut off; copy it again from where it came."
# Raised when files get other pixels than before, or can be read that could not: what was kept of them is made anew, and
# a screening reads again what an older decoder has read (docs/adr/0032).
DECODER = 4
COARSE_COLOURS = "its colours are stored coarser than its brightness, which is not read; save it as RGB."
# What reading a damaged file raises in the libraries that read it.
DAMAGE_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    UnicodeError,
    ValueError,
    struct.error,
)


# Of a pixel: 16 bits a channel with transparency.
_USUAL_BYTES = 8


class FormatError(Exception):
    """A file that is not an image, not whole, or of a kind that is not read; the text is the reason, without a path."""


class CameraBitsError(FormatError):
    """Nobody said, or not rightly, how many bits the camera gave. A reader can say so for the whole study."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which picture of a file: its `page`, from 0 on, among those of full size.

    `camera_bits`: how many bits the camera gave where a file of 16 bits doesn't say it. `pixels`: the most allowed.
    """

    page: int = 0
    camera_bits: int | None = None
    pixels: int = 200_000_000


def require_size(width_px: int, height_px: int, allowed: int, sample_bytes: int = 4) -> None:
    """Raise FormatError for what is not a size or holds more pixels than allowed: before anything is decoded.

    `sample_bytes` are those of all samples of a pixel: of pixels with unusually many fewer are allowed.
    """
    if width_px <= 0 or height_px <= 0:
        raise FormatError(CUT_OFF)
    if width_px * height_px > allowed:
        size = f"{width_px}×{height_px} px"
        raise FormatError(f"the image has {size}, more than the {allowed / 1e6:g} megapixels allowed.")
    if width_px * height_px * sample_bytes > allowed * _USUAL_BYTES:
        size = f"{width_px}×{height_px} px of {sample_bytes} bytes each"
        raise FormatError(f"the image has {size}, more than is allowed; save it with 8 or 16 bits a channel.")
