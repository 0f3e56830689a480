"""JPEG 2000: by Pillow up to 8 bits a channel, beyond by imagecodecs, for Pillow rounds its white over to black."""

import struct
from dataclasses import dataclass, replace

import numpy as np

from bloodsmear.images.formats.asked import (
    COARSE_COLOURS,
    CUT_OFF,
    DAMAGE_ERRORS,
    Asked,
    FormatError,
    require_size,
)
from bloodsmear.images.formats.depth import Depth, to_8_bits
from bloodsmear.images.formats.picture import Picture, Stored
from bloodsmear.images.formats.zeroes import has_zeroes_in_jpeg_2000

_STREAM = b"\xff\x4f\xff\x51"
_ENUMERATED, _PROFILE = 1, 2
_SRGB_OR_GREY = (16, 17)
_MOST_CHANNELS = 4


@dataclass(frozen=True, slots=True)
class _Header:
    """`bits` a sample; `colours` is the number of the colour space, 0 where none is named."""

    channels: int
    bits: int
    colours: int
    profile: bytes


def open_jpeg_2000(content: bytes, asked: Asked) -> Picture:
    """The picture of a JPEG 2000 file, or of its bare code stream."""
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    from bloodsmear.images.formats.pillow_formats import open_by_plugin

    picture = open_by_plugin(Jpeg2KImageFile, content, asked)
    try:
        header = _read_header(content)
    except (struct.error, IndexError) as error:
        raise FormatError(CUT_OFF) from error
    if has_zeroes_in_jpeg_2000(content, picture.width_px * picture.height_px):
        raise FormatError(CUT_OFF)
    if header.bits <= 8:
        return replace(picture, read=lambda divisor: replace(picture.read(divisor), profile=header.profile))
    if header.colours and header.colours not in _SRGB_OR_GREY:
        raise FormatError(f"its colours (number {header.colours} of JPEG 2000) are not read; save it as RGB.")
    if header.channels > _MOST_CHANNELS:
        raise FormatError(CUT_OFF)
    sample_bytes = 2 * header.channels
    require_size(picture.width_px, picture.height_px, asked.pixels, sample_bytes)
    return replace(
        picture, read=lambda _divisor: _of_many_bits(content, header, asked), sample_bytes=2 * sample_bytes
    )


def _read_header(content: bytes) -> _Header:
    """From the marker SIZ (ITU T.800, A.5.1) and the box of the colours. Raises FormatError, struct.error."""
    start = content.find(_STREAM)
    if start < 0:
        raise FormatError(CUT_OFF)
    channels = int(struct.unpack_from(">H", content, start + 40)[0])
    sizes = [struct.unpack_from(">BBB", content, start + 42 + 3 * channel) for channel in range(channels)]
    if any(step != (1, 1) for _, *both in sizes if (step := tuple(both))):
        raise FormatError(COARSE_COLOURS)
    if any(precision & 0x80 for precision, *_ in sizes) or len({precision for precision, *_ in sizes}) > 1:
        raise FormatError(
            "its channels are signed, or of different depths, which is not read; save it as PNG."
        )
    colours, profile = _colours(content[:start])
    return _Header(channels, sizes[0][0] + 1, colours, profile)


def _colours(boxes: bytes) -> tuple[int, bytes]:
    """The number of the named colour space and the ICC profile; one of the two is none."""
    at = boxes.find(b"colr")
    if at < 4 or len(boxes) < at + 7:
        return 0, b""
    end, method = at - 4 + int(struct.unpack_from(">I", boxes, at - 4)[0]), boxes[at + 4]
    if method == _PROFILE:
        return 0, boxes[at + 7 : end]
    return (int(struct.unpack_from(">I", boxes, at + 7)[0]) if method == _ENUMERATED else 0), b""


def _of_many_bits(content: bytes, header: _Header, asked: Asked) -> Stored:
    import imagecodecs

    try:
        # The stream alone: with the boxes around it the profile would be applied there, and once more later.
        decoded = imagecodecs.jpeg2k_decode(content[content.find(_STREAM) :])
    except DAMAGE_ERRORS as error:
        raise FormatError(CUT_OFF) from error
    samples = np.asarray(decoded, np.uint16).reshape(*decoded.shape[:2], -1)
    if samples.shape[2] != header.channels:
        raise FormatError(CUT_OFF)
    count = 1 if header.channels < 3 else 3
    colours = to_8_bits(samples[..., :count], Depth(header.bits, None, asked.camera_bits))
    alpha = None
    if header.channels > count:
        alpha = to_8_bits(samples[..., count], Depth(header.bits, header.bits))
    if count == 1:
        return Stored(colours[..., 0], "grey", alpha, profile=header.profile)
    return Stored(np.ascontiguousarray(colours), "rgb", alpha, profile=header.profile)
