"""Samples of more than 8 bits become 8 by what the file states, and never by a guess from the pixels."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes
from bloodsmear.images.formats.reader_contract import Asked

ANYWHERE = Path("camera.tif")
# What a camera of 12 bits gives, and what that is in 8.
OF_12_BITS, IN_8 = (3600, 2400, 3700), [224, 149, 230]
PICTURE = np.full((48, 64, 3), OF_12_BITS, np.uint16)


def tiff(samples: npt.NDArray[Any], **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, samples, **options)
    return buffer.getvalue()


def png(samples: npt.NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    whole = cv2.imencode(".png", samples[..., ::-1])[1].tobytes()
    extra = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return whole[:33] + extra + whole[33:]


def first_pixel(content: bytes) -> list[int]:
    pixel: list[int] = decode_bytes(content, ANYWHERE).pixels[0, 0].tolist()
    return pixel


def largest(value: int) -> dict[str, Any]:
    return {"photometric": "rgb", "extratags": [(281, 3, 3, (value,) * 3, True)]}


STATED = {
    "MaxSampleValue": tiff(PICTURE, **largest(4095)),
    "MaxSampleValue of these very pixels": tiff(PICTURE, **largest(3700)),
    "OME's SignificantBits": tiff(
        PICTURE, ome=True, photometric="rgb", metadata={"axes": "YXS", "SignificantBits": 12}
    ),
    "ImageJ's range": tiff(
        np.moveaxis(PICTURE, -1, 0).copy(),
        imagej=True,
        metadata={"axes": "CYX", "mode": "composite", "min": 0.0, "max": 4095.0},
    ),
    "PNG's sBIT": png(PICTURE, (b"sBIT", bytes([12, 12, 12]))),
}


@pytest.mark.parametrize("kind", STATED)
def test_what_the_file_states_is_the_depth(kind: str) -> None:
    assert first_pixel(STATED[kind]) == IN_8


def test_the_largest_sample_of_a_dark_picture_does_not_brighten_it() -> None:
    assert first_pixel(tiff(PICTURE // 2, **largest(1850))) == [112, 75, 115]


@pytest.mark.parametrize("camera_bits", [None, 12])
def test_16_bits_in_png_compression_are_refused_and_not_scaled_twice(camera_bits: int | None) -> None:
    content = tiff(PICTURE * 16, photometric="rgb", compression="png")

    with pytest.raises(ImageError, match="16 bits in PNG compression, which is not read"):
        decode_bytes(content, ANYWHERE, asked=Asked(0, camera_bits))


@pytest.mark.parametrize(
    "content",
    [tiff(PICTURE, photometric="rgb"), png(PICTURE), tiff(PICTURE[..., 0].copy(), photometric="minisblack")],
    ids=["tiff", "png", "grey tiff"],
)
def test_a_file_that_states_nothing_and_may_be_of_12_bits_is_unreadable(content: bytes) -> None:
    with pytest.raises(ImageError, match="stay below 4,096 and it does not say how many bits the camera has"):
        first_pixel(content)


def test_a_file_that_states_nothing_and_is_brighter_has_16_bits() -> None:
    bright = PICTURE.copy()
    bright[3, 3] = 4096

    assert first_pixel(tiff(bright, photometric="rgb")) == [14, 9, 14]
    assert first_pixel(png(bright)) == [14, 9, 14]


def test_a_statement_that_the_pixels_exceed_is_none() -> None:
    bright = PICTURE.copy()
    bright[3, 3] = 50_000

    assert first_pixel(tiff(bright, **largest(4095))) == [14, 9, 14]
    assert first_pixel(png(bright, (b"sBIT", bytes([12, 12, 12])))) == [14, 9, 14]


def test_floating_point_is_scaled_by_the_range_that_is_stated() -> None:
    samples = np.full((48, 64), 0.5, np.float32)
    samples[0, 0] = -3.0

    grey = decode_bytes(tiff(samples, imagej=True, metadata={"min": 0.0, "max": 1.0}), ANYWHERE).pixels

    assert grey[0, 0].tolist() == [0, 0, 0]
    assert grey[9, 9].tolist() == [128, 128, 128]


def test_samples_that_are_not_numbers_are_refused() -> None:
    samples = np.full((48, 64), np.nan, np.float32)

    with pytest.raises(ImageError, match="some of its samples are not numbers"):
        first_pixel(tiff(samples, imagej=True, metadata={"min": 0.0, "max": 1.0}))
