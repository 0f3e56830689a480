"""From a JPEG's bytes to its pixels, with every complaint of the decoder taken for what it is: a damaged picture."""

import io
import re
from typing import Literal

import numpy as np
import simplejpeg

from bloodsmear.images.formats.jpeg_scans import has_zeroed_stretch
from bloodsmear.images.formats.jpeg_segments import JpegHeader, read_jpeg_header, without_oddities
from bloodsmear.images.formats.picture import Picture, Samples, Stored
from bloodsmear.images.formats.reader_contract import CUT_OFF, Asked, FormatError, require_size

# What simplejpeg does not read and Pillow does: colours stored coarser than brightness in an unusual way (4:2:0 of
# CMYK is one).
_RARE = "Could not determine subsampling"
# Stray bytes between the segments of the header hold no pixel. Before the end, a restart mark, a further scan or its
# tables they are compressed data that was left over.
_STRAY_IN_HEADER = re.compile(r"extraneous bytes before marker 0x(?!d[0-9a]|c4)")

_AS_COLOURS: dict[int, Literal["RGB", "CMYK", "GRAY"]] = {1: "GRAY", 3: "RGB", 4: "CMYK"}


def open_jpeg(content: bytes, asked: Asked) -> Picture:
    """The picture of a JPEG. Raises FormatError."""
    header = read_jpeg_header(content)
    require_size(header.width_px, header.height_px, asked.pixels)
    return Picture(
        header.width_px,
        header.height_px,
        lambda divisor: decode_jpeg(content, header, divisor),
        header.orientation,
        reducible=True,
        facts=header.facts,
    )


def decode_jpeg(content: bytes, header: JpegHeader, divisor: int = 1) -> Stored:
    """The picture as stored, or 1/2, 1/4 or 1/8 of it (libjpeg's scaled inverse transform). Raises FormatError.

    OpenCV and Pillow return a JPEG that is damaged in the middle as a picture. simplejpeg runs the same libjpeg-turbo,
    gives the same pixels, and raises. What it doesn't read is looked through for zeroes only, and read by Pillow.
    """
    if has_zeroed_stretch(content):
        raise FormatError(CUT_OFF)
    pixels = _strictly(content, header, divisor)
    if pixels is None or header.channels == 4:
        pixels = _by_pillow(content, header, divisor)
    if header.channels == 1:
        return Stored(pixels.reshape(pixels.shape[:2]), "grey", profile=header.profile)
    return Stored(pixels, "cmyk" if header.channels == 4 else "rgb", profile=header.profile)


def _strictly(content: bytes, header: JpegHeader, divisor: int) -> Samples | None:
    """None for what simplejpeg does not read. A remark that costs no pixel is not damage: the header is put right."""
    try:
        return _by_simplejpeg(content, header, divisor)
    except ValueError as error:
        if _RARE in str(error):
            return None
    try:
        return _by_simplejpeg(without_oddities(content), header, divisor)
    except ValueError as error:
        if _RARE in str(error) or _STRAY_IN_HEADER.search(str(error)) is not None:
            return None
        raise FormatError(CUT_OFF) from error


def _by_simplejpeg(content: bytes, header: JpegHeader, divisor: int) -> Samples:
    # The smallest scale that gives at least this size.
    height, width = -(-header.height_px // divisor), -(-header.width_px // divisor)
    colours = _AS_COLOURS.get(header.channels, "RGB")
    return np.asarray(
        simplejpeg.decode_jpeg(content, colours, min_height=height, min_width=width), dtype=np.uint8
    )


def _by_pillow(content: bytes, header: JpegHeader, divisor: int) -> Samples:
    from PIL.JpegImagePlugin import JpegImageFile

    try:
        image = JpegImageFile(io.BytesIO(content))
        if divisor > 1:
            image.draft(None, (-(-header.width_px // divisor), -(-header.height_px // divisor)))
        # Adobe's upside-down inks are turned by Pillow.
        mode = {1: "L", 4: "CMYK"}.get(header.channels, "RGB")
        return np.asarray(image if image.mode == mode else image.convert(mode), dtype=np.uint8)
    except (OSError, SyntaxError, ValueError) as error:
        raise FormatError(CUT_OFF) from error
