"""A strip or tile of a compressed TIFF that was lost or changed makes the file unreadable: never a black band."""

import io
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import tifffile

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes

ANYWHERE = Path("smear.tif")
# Whether bytes that were changed at random always show. LZW, PackBits and the rest have no checksum of their samples.
HAS_CHECKSUM = {
    "lzw": False,
    "zlib": True,
    "adobe_deflate": True,
    "packbits": False,
    "jpeg": False,
    "jpeg2000": False,
    "lzma": True,
    "zstd": False,
    "lerc": True,
    "png": True,
    "webp": False,
}


def smear() -> npt.NDArray[np.uint8]:
    noise = np.random.default_rng(8).integers(0, 256, (32, 40, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(noise, (160, 128), interpolation=cv2.INTER_CUBIC), np.uint8)


def tiff(compression: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    if compression == "webp":
        options["compressionargs"] = {"lossless": True}
    tifffile.imwrite(buffer, smear(), photometric="rgb", compression=compression, **options)
    return buffer.getvalue()


WHOLE = {
    f"{compression}, {form}": tiff(compression, **options)
    for compression in HAS_CHECKSUM
    for form, options in (("strips", {"rowsperstrip": 32}), ("tiles", {"tile": (64, 64)}))
}


def segments(content: bytes) -> list[tuple[int, int]]:
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        return list(zip(page.dataoffsets, page.databytecounts, strict=True))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_zeroed_strip_or_tile_is_refused(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    for start, length in segments(WHOLE[kind]):
        content = WHOLE[kind][:start] + bytes(length) + WHOLE[kind][start + length :]
        with pytest.raises(ImageError, match="damaged or cut off"):
            decode_bytes(content, ANYWHERE)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", WHOLE)
def test_a_strip_or_tile_whose_bits_are_turned_over_is_refused(kind: str) -> None:
    for start, length in segments(WHOLE[kind]):
        turned = (255 - np.frombuffer(WHOLE[kind][start : start + length], np.uint8)).tobytes()
        content = WHOLE[kind][:start] + turned + WHOLE[kind][start + length :]
        with pytest.raises(ImageError, match="damaged or cut off"):
            decode_bytes(content, ANYWHERE)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_lost_sector_in_the_middle_is_refused(kind: str) -> None:
    start, length = segments(WHOLE[kind])[1]
    at, lost = start + length // 3, min(512, length // 3)
    content = WHOLE[kind][:at] + bytes(lost) + WHOLE[kind][at + lost :]

    with pytest.raises(ImageError, match="damaged or cut off"):
        decode_bytes(content, ANYWHERE)


@pytest.mark.parametrize("length", [40, 300, 330])
def test_zeroes_over_the_tables_of_a_jpeg_tile_are_refused_or_cost_no_pixel(length: int) -> None:
    # libjpeg passes over what is left of a table, and takes the usual ones for those that are lost.
    content = WHOLE["jpeg, tiles"]
    start, whole = segments(content)[0][0], decode_bytes(content, ANYWHERE).pixels
    for at in range(start + 2, content.index(b"\xff\xda", start) - length, 8):
        try:
            pixels = decode_bytes(content[:at] + bytes(length) + content[at + length :], ANYWHERE).pixels
        except ImageError:
            continue
        np.testing.assert_array_equal(pixels, whole)


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if HAS_CHECKSUM[kind.split(",")[0]]])
def test_where_there_is_a_checksum_a_flipped_bit_is_refused_or_changes_nothing(kind: str) -> None:
    random, whole = np.random.default_rng(4), decode_bytes(WHOLE[kind], ANYWHERE).pixels
    for _ in range(60):
        start, length = segments(WHOLE[kind])[random.integers(0, 4)]
        content = bytearray(WHOLE[kind])
        content[start + int(random.integers(0, length))] ^= 1 << int(random.integers(0, 8))
        try:
            pixels = decode_bytes(bytes(content), ANYWHERE).pixels
        except ImageError:
            continue
        np.testing.assert_array_equal(pixels, whole)


@pytest.mark.parametrize("tag", [273, 279])
def test_a_strip_that_was_never_written_is_refused(tag: int) -> None:
    with tifffile.TiffFile(io.BytesIO(WHOLE["lzw, strips"])) as file:
        entry = file.pages.first.tags[tag]
        place = entry.valueoffset
    content = bytearray(WHOLE["lzw, strips"])
    content[place : place + 2] = bytes(2)
    content[place + 2 : place + 4] = bytes(2)

    with pytest.raises(ImageError, match="damaged or cut off"):
        decode_bytes(bytes(content), ANYWHERE)
