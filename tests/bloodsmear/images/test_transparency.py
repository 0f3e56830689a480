"""What is transparent is white, or the file is refused: never a colour that nobody saw when it was saved."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from bloodsmear.images.decode import DecodeLimits, decode_bytes
from bloodsmear.images.rgb_image import RgbImage

# Pictures of a few pixels are told apart best; a smear is larger.
ANY_SIZE = DecodeLimits(least_side_px=1)
GREY = np.array([[0, 85, 170, 255]], np.uint8)


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def pixels_of(content: bytes) -> RgbImage:
    return decode_bytes(content, Path("anywhere"), ANY_SIZE).pixels


def grey_png(depth: int, packed: bytes, transparent: int) -> bytes:
    """Four grey samples in a row; Pillow writes neither 2 nor 16 bits with a transparent value."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 4, 1, depth, 0, 0, 0, 0)),
        (b"tRNS", struct.pack(">H", transparent)),
        (b"IDAT", zlib.compress(b"\0" + packed)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize(
    ("depth", "packed", "transparent"),
    [
        (2, bytes([0b00011011]), 1),
        (8, GREY.tobytes(), 85),
        (16, struct.pack(">4H", 0, 85 * 257, 170 * 257, 65535), 85 * 257),
    ],
)
def test_the_transparent_value_of_a_grey_png_is_white(depth: int, packed: bytes, transparent: int) -> None:
    assert pixels_of(grey_png(depth, packed, transparent))[0].tolist() == [
        [0, 0, 0],
        [255, 255, 255],
        [170, 170, 170],
        [255, 255, 255],
    ]


def test_of_16_bits_only_the_very_value_is_transparent() -> None:
    packed = struct.pack(">4H", 25699, 25700, 25701, 0)

    assert pixels_of(grey_png(16, packed, 25700))[0, :, 0].tolist() == [100, 255, 100, 0]


def test_the_transparent_colour_of_an_rgb_png_is_white() -> None:
    image = Image.fromarray(np.array([[[10, 20, 30], [40, 50, 60]]], np.uint8))

    assert pixels_of(saved(image, "PNG", transparency=(40, 50, 60)))[0].tolist() == [
        [10, 20, 30],
        [255, 255, 255],
    ]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_grey_tiff_with_transparency_is_flattened_on_white(compression: str) -> None:
    image = Image.fromarray(np.dstack([GREY, np.array([[255, 255, 0, 128]], np.uint8)]), "LA")

    assert pixels_of(saved(image, "TIFF", compression=compression))[0, :, 0].tolist() == [0, 85, 255, 255]


def test_a_fourth_sample_that_is_not_an_alpha_leaves_the_colours_alone() -> None:
    rgbx = np.dstack([GREY, GREY // 2, GREY // 3, np.zeros_like(GREY)])

    np.testing.assert_array_equal(pixels_of(saved(Image.fromarray(rgbx, "RGBX"), "TIFF")), rgbx[..., :3])


def test_a_cmyk_tiff_of_16_bits_is_read() -> None:
    inks = np.array([[[0, 0, 0, 0], [65535, 0, 0, 0], [0, 0, 0, 65535]]], np.uint16)
    rgba = cv2.imencode(".tif", inks[..., [2, 1, 0, 3]])[1].tobytes()
    as_rgb, as_cmyk = (struct.pack("<HHIH", 262, 3, 1, value) for value in (2, 5))
    assert rgba.count(as_rgb) == 1

    pixels = pixels_of(rgba.replace(as_rgb, as_cmyk))

    assert pixels[0].tolist() == [[255, 255, 255], [0, 255, 255], [0, 0, 0]]
