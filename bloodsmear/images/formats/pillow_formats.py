"""WebP and AVIF by Pillow's plugins, each imported when the first such file comes."""

import io
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image, ImageFile

from bloodsmear.images.formats.exif import orientation_of, resolution_of
from bloodsmear.images.formats.facts import FileFacts
from bloodsmear.images.formats.picture import Picture, Stored
from bloodsmear.images.formats.reader_contract import CUT_OFF, Asked, FormatError, require_size
from bloodsmear.images.formats.zero_stretches import has_zeroes_in_media, has_zeroes_in_webp

# Sizes have limits of our own, with a sentence.
Image.MAX_IMAGE_PIXELS = None
# What Pillow's plugins raise for damage of every kind.
PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    RuntimeError,
    struct.error,
)


def open_webp(content: bytes, asked: Asked) -> Picture:
    """The picture of a WebP; of an animation the first frame."""
    from PIL.WebPImagePlugin import WebPImageFile

    if 8 + int(struct.unpack_from("<I", content.ljust(8, b"\0"), 4)[0]) > len(content):
        raise FormatError(CUT_OFF)
    width_px, height_px = _webp_size(content)
    # Pillow's reader makes room for the whole picture as soon as it is opened.
    require_size(width_px, height_px, asked.pixels)
    if any(has_zeroes_in_webp(data, width_px * height_px) for data in _webp_pictures(content)):
        raise FormatError(CUT_OFF)
    return open_by_plugin(WebPImageFile, content, asked)


def open_avif(content: bytes, asked: Asked) -> Picture:
    """The picture of an AVIF."""
    from PIL.AvifImagePlugin import AvifImageFile

    return open_by_plugin(AvifImageFile, content, asked)


def open_by_plugin(plugin: type[ImageFile.ImageFile], content: bytes, asked: Asked) -> Picture:
    """The picture that one of Pillow's plugins finds in a file. Raises FormatError."""
    try:
        image = plugin(io.BytesIO(content))
    except PILLOW_ERRORS as error:
        raise FormatError(CUT_OFF) from error
    width_px, height_px = image.size
    require_size(width_px, height_px, asked.pixels)
    exif = image.info.get("exif") or b""
    if plugin.format == "AVIF" and has_zeroes_in_media(content, exif):
        raise FormatError(CUT_OFF)
    # Pillow turns an AVIF by EXIF's orientation that it makes from the file's own boxes.
    facts = FileFacts(sizes=resolution_of(exif), exif=exif)
    return Picture(
        width_px, height_px, lambda _divisor: _read(image, asked), orientation_of(exif), facts=facts
    )


def _read(image: Any, asked: Asked) -> Stored:
    try:
        image.load()
    except PILLOW_ERRORS as error:
        raise FormatError(CUT_OFF) from error
    return stored_of(image, asked)


def stored_of(image: Any, asked: Asked) -> Stored:
    """A decoded Pillow image as samples of 8 bits."""
    from bloodsmear.images.formats.depth import Depth, to_8_bits

    profile = image.info.get("icc_profile") or b""
    if image.mode.startswith("I;16"):
        return Stored(
            to_8_bits(np.asarray(image), Depth(16, None, asked.camera_bits)), "grey", profile=profile
        )
    if image.mode == "L":
        return Stored(np.asarray(image, np.uint8), "grey", profile=profile)
    if image.mode == "CMYK":
        return Stored(np.asarray(image, np.uint8), "cmyk", profile=profile)
    if image.mode == "LA":
        grey, alpha = (np.asarray(band, np.uint8) for band in image.split())
        return Stored(grey, "grey", alpha, profile=profile)
    if image.mode in ("RGBA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = np.asarray(image.convert("RGBA"), np.uint8)
        return Stored(np.ascontiguousarray(rgba[..., :3]), alpha=rgba[..., 3], profile=profile)
    if image.mode in ("1", "P", "RGB", "RGBX", "YCbCr"):
        return Stored(np.asarray(image.convert("RGB"), np.uint8), profile=profile)
    raise FormatError(f"its samples are of a kind that is not read ({image.mode}); save it as PNG.")


def _webp_pictures(content: bytes) -> Iterator[bytes]:
    """The chunks that hold compressed pixels."""
    position = 12
    while position + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, position)
        if name in (b"VP8 ", b"VP8L", b"ALPH"):
            yield content[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _webp_size(content: bytes) -> tuple[int, int]:
    try:
        name, body = content[12:16], content[20:]
        if name == b"VP8X":
            return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
        if name == b"VP8L":
            bits = int(struct.unpack_from("<I", body, 1)[0])
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        width, height = struct.unpack_from("<HH", body, 6)
    except struct.error as error:
        raise FormatError(CUT_OFF) from error
    return width & 0x3FFF, height & 0x3FFF
