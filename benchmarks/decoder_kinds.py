"""The kinds of image files that decoders.py makes, each by another library than the one that reads it."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import tifffile
from PIL import Image

from bloodsmear import paths

Pixels = npt.NDArray[np.uint8]
ALL, LOST = ("flips", "cuts", "zeroes"), ("cuts", "zeroes")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what makes it, whether its pixels are those saved (else Pillow's or tifffile's), its damages.

    `tells`: which damages its data cannot hide. Zeroes and cuts no compressed kind may hide but the ones said. Without
    `timed` it is not of the picture that is timed, and its damages alone are looked at.
    """

    name: str
    make: Callable[[Pixels], bytes]
    lossless: bool = True
    tells: tuple[str, ...] = ()
    timed: bool = True


def smear(width: int, height: int) -> Pixels:
    """Soft noise: as hard to compress as a smear."""
    noise = np.random.default_rng(8).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def by_pillow(file_format: str, **options: Any) -> Callable[[Pixels], bytes]:
    """A maker by Pillow."""

    def make(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, file_format, **options)
        return buffer.getvalue()

    return make


def by_tifffile(**options: Any) -> Callable[[Pixels], bytes]:
    """A maker by tifffile."""

    def make(pixels: Pixels) -> bytes:
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, pixels, photometric="rgb", **options)
        return buffer.getvalue()

    return make


def heic(_pixels: Pixels) -> bytes:
    """The self-test's sample: the encoder is under the GPL and no part of any environment here."""
    return (paths.format_samples() / "phone.heic").read_bytes()


def run_lengths(pixels: Pixels) -> bytes:
    """A BMP of 64 colours in run lengths, which no library here writes."""
    indexed = Image.fromarray(pixels).quantize(64)
    colours = np.asarray(indexed.getpalette("RGB"), np.uint8).reshape(-1, 3)
    table = b"".join(bytes((*colour[::-1].tolist(), 0)) for colour in colours)
    rows = [b"".join(bytes((1, value)) for value in row) for row in np.asarray(indexed, np.uint8)[::-1]]
    data = b"\0\0".join(rows) + b"\0\1"
    height, width = pixels.shape[:2]
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(data), 0, 0, len(colours), 0)
    begin = 14 + len(info) + len(table)
    return b"BM" + struct.pack("<IHHI", begin + len(data), 0, 0, begin) + info + table + data


LOSSLESS = {"compressionargs": {"lossless": True}}
KINDS = (
    Kind("jpeg", by_pillow("JPEG", quality=92), lossless=False, tells=LOST),
    Kind("jpeg progressive", by_pillow("JPEG", quality=92, progressive=True), lossless=False, tells=LOST),
    Kind("png", by_pillow("PNG"), tells=ALL),
    Kind("bmp", by_pillow("BMP")),
    Kind("bmp run lengths", run_lengths, tells=LOST, timed=False),
    Kind("webp", by_pillow("WEBP", quality=90), lossless=False, tells=LOST),
    Kind("webp lossless", by_pillow("WEBP", lossless=True), tells=LOST),
    Kind("jpeg 2000", by_pillow("JPEG2000"), tells=LOST),
    Kind("avif", by_pillow("AVIF"), lossless=False, tells=LOST),
    Kind("heic", heic, tells=LOST, timed=False),
    Kind("tiff", by_tifffile(rowsperstrip=64)),
    Kind("tiff lzw", by_tifffile(compression="lzw", rowsperstrip=64), tells=LOST),
    Kind("tiff lzw predicted", by_tifffile(compression="lzw", predictor=True, rowsperstrip=64), tells=LOST),
    Kind("tiff deflate", by_tifffile(compression="zlib", predictor=True, rowsperstrip=64), tells=ALL),
    Kind("tiff packbits", by_tifffile(compression="packbits", rowsperstrip=64), tells=LOST),
    Kind("tiff zstd", by_tifffile(compression="zstd", tile=(64, 64)), tells=LOST),
    Kind("tiff lzma", by_tifffile(compression="lzma", rowsperstrip=64), tells=ALL),
    Kind("tiff lerc", by_tifffile(compression="lerc", rowsperstrip=64), tells=ALL),
    Kind("tiff png", by_tifffile(compression="png", rowsperstrip=64), tells=ALL),
    Kind("tiff jpeg", by_tifffile(compression="jpeg", tile=(64, 64)), lossless=False, tells=LOST),
    Kind("tiff jpeg ycbcr", by_pillow("TIFF", compression="jpeg"), lossless=False, tells=LOST),
    Kind("tiff jpeg 2000", by_tifffile(compression="jpeg2000", tile=(64, 64)), tells=LOST),
    Kind("tiff webp", by_tifffile(compression="webp", tile=(64, 64), **LOSSLESS), tells=LOST),
)
