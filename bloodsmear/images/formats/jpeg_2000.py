"""JPEG 2000: by Pillow up to 8 bits a channel, beyond by imagecodecs, for Pillow rounds its white over to black."""

import struct
from dataclasses import dataclass, replace

import numpy as np

from bloodsmear.images.formats.depth import Depth, to_8_bits
from bloodsmear.images.formats.picture import Picture, Stored
from bloodsmear.images.formats.reader_contract import (
    COARSE_COLOURS,
    CUT_OFF,
    DAMAGE_ERRORS,
    Asked,
    FormatError,
    require_size,
)
from bloodsmear.images.formats.zero_stretches import has_zeroes_in_jpeg_2000

_STREAM = b"\xff\x4f\xff\x51"
_ENUMERATED, _PROFILE = 1, 2
# Up to 8 bits Pillow turns CMYK and sYCC into RGB, too.
_SRGB_OR_GREY, _BY_PILLOW = (0, 16, 17), (0, 12, 16, 17, 18)
_MOST_CHANNELS, _MOST_BITS = 4, 16
_COLOUR, _ALPHA = 0, 1


@dataclass(frozen=True, slots=True)
class Components:
    """What a code stream declares: where it begins (`at`), its size, its channels of so many `bits` each."""

    at: int
    width: int
    height: int
    channels: int
    bits: int


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
    if has_zeroes_in_jpeg_2000(content, picture.width_px * picture.height_px, header.bits):
        raise FormatError(CUT_OFF)
    if header.colours not in (_BY_PILLOW if header.bits <= 8 else _SRGB_OR_GREY):
        raise FormatError(f"its colours (number {header.colours} of JPEG 2000) are not read; save it as RGB.")
    picture = replace(picture, facts=replace(picture.facts, bits=header.bits))
    if header.bits <= 8:
        return replace(picture, read=lambda divisor: replace(picture.read(divisor), profile=header.profile))
    if header.channels > _MOST_CHANNELS:
        raise FormatError(CUT_OFF)
    sample_bytes = 2 * header.channels
    require_size(picture.width_px, picture.height_px, asked.pixels, sample_bytes)
    return replace(
        picture, read=lambda _divisor: _of_many_bits(content, header, asked), sample_bytes=2 * sample_bytes
    )


def _read_header(content: bytes) -> _Header:
    """The code stream's header, and what the boxes before it say of colours. Raises FormatError, struct.error."""
    found = read_components(content)
    boxes = content[: found.at]
    if b"pclr" in boxes and found.bits > 8:
        raise FormatError(f"it is a palette of {found.bits} bits, which is not read; save it as PNG.")
    if not _in_order(boxes):
        # Of OpenJPEG's users some put the channels in this order, and some do not.
        raise FormatError("its channels stand in an unusual order, which is not read; save it as PNG.")
    return _Header(found.channels, found.bits, *_colours(boxes))


def read_components(content: bytes) -> Components:
    """From the marker SIZ (ITU T.800, A.5.1), wherever the code stream begins. Raises FormatError, struct.error."""
    start = content.find(_STREAM)
    if start < 0:
        raise FormatError(CUT_OFF)
    right, lower, left, upper = struct.unpack_from(">IIII", content, start + 8)
    channels = int(struct.unpack_from(">H", content, start + 40)[0])
    sizes = [struct.unpack_from(">BBB", content, start + 42 + 3 * channel) for channel in range(channels)]
    if not sizes or right <= left or lower <= upper:
        raise FormatError(CUT_OFF)
    if any((across, down) != (1, 1) for _, across, down in sizes):
        raise FormatError(COARSE_COLOURS)
    bits = sizes[0][0] + 1
    if bits > _MOST_BITS or len({precision for precision, *_ in sizes}) > 1:
        raise FormatError(
            "its channels are signed, or of different depths, which is not read; save it as PNG."
        )
    return Components(start, right - left, lower - upper, channels, bits)


def _in_order(boxes: bytes) -> bool:
    """Whether the box of the channels is not there, or names the colours one after the other and alpha last."""
    at = boxes.find(b"cdef")
    if at < 0:
        return True
    number = int(struct.unpack_from(">H", boxes, at + 4)[0])
    entries = sorted(struct.unpack_from(">HHH", boxes, at + 6 + 6 * entry) for entry in range(number))
    return all(
        (kind == _ALPHA and channel == number - 1) or (kind == _COLOUR and to in (0, channel + 1))
        for channel, kind, to in entries
    )


def _colours(boxes: bytes) -> tuple[int, bytes]:
    """The number of the named colour space and the ICC profile; one of the two is 0 or empty."""
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
