"""Small files that claim, or hold, gigabytes: none makes the program take the memory, whatever it answers."""

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes

PIXELS = 1_000_000
# What decoding a picture of that size takes anyhow, and what the allocator keeps: far below any bomb here.
MEMORY_MB = 120

DECODE_AND_MEASURE = f"""
import json, resource, sys
from pathlib import Path
from bloodsmear.errors import ImageError
from bloodsmear.images.decode import DecodeLimits, decode_image
first, *bombs = map(Path, sys.argv[1:])
decode_image(first)
unit = 1 if sys.platform == "darwin" else 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
for bomb in bombs:
    try:
        decode_image(bomb, DecodeLimits(pixels={PIXELS}))
        answer = "a picture"
    except ImageError as error:
        answer = error.reason
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before
    print(json.dumps([bomb.name, answer, round(grown / 1e6)]), flush=True)
"""


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in (*chunks, (b"IEND", b""))
    )


def ihdr(side_px: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)


def idat(side_px: int) -> tuple[bytes, bytes]:
    return b"IDAT", zlib.compress((b"\0" + bytes(3 * side_px)) * side_px)


@cache
def zeroes(megabytes: int) -> bytes:
    """Deflated: a thousandth of it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes))
    return packed + packer.flush()


def tiff(*tags: tuple[int, int, int], data: bytes = bytes(300)) -> bytes:
    """Tags as (tag, type, value) of one value each; the data begins at byte 8."""
    directory = b"".join(
        struct.pack("<HHI", tag, kind, 1)
        + struct.pack({3: "<HH", 4: "<I"}[kind], *([value, 0] if kind == 3 else [value]))
        for tag, kind, value in sorted(tags)
    )
    return (
        b"II*\0"
        + struct.pack("<I", 8 + len(data))
        + data
        + struct.pack("<H", len(tags))
        + directory
        + bytes(4)
    )


def grey_tiff(*tags: tuple[int, int, int], data: bytes = bytes(300)) -> bytes:
    known = {256: (256, 4, 10), 257: (257, 4, 10), 258: (258, 3, 8), 259: (259, 3, 1), 262: (262, 3, 1)}
    known |= {277: (277, 3, 1), **{tag[0]: tag for tag in tags}}
    return tiff(*known.values(), data=data)


def webp(canvas_px: int, frame: bytes) -> bytes:
    size = (canvas_px - 1).to_bytes(3, "little")
    chunks = b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + size + frame[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def giant_frame(file_format: str, **options: Any) -> bytes:
    return saved(Image.new("RGB", (8000, 8000)), file_format, **options)


def jpeg_that_claims(side_px: int) -> bytes:
    content = bytearray(saved(Image.new("RGB", (64, 64)), "JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", side_px, side_px)
    return bytes(content)


def bmp_that_claims(width: int, height: int) -> bytes:
    content = bytearray(saved(Image.new("RGB", (8, 8)), "BMP"))
    content[18:26] = struct.pack("<ii", width, height)
    return bytes(content)


# Made when a test asks for them: packing gigabytes takes seconds, which each process paid that collected this file.
BOMBS: dict[str, Callable[[], bytes]] = {
    "png of 60000 px": lambda: png(ihdr(60_000), (b"IDAT", zlib.compress(b"\0"))),
    "png of 2 billion px a side": lambda: png(ihdr(2**31 - 1), (b"IDAT", zlib.compress(b"\0"))),
    "png whose second header is giant": lambda: png(ihdr(9), ihdr(30_000), idat(9)),
    "png whose first header is giant": lambda: png(ihdr(30_000), ihdr(9), idat(9)),
    "png with more data than pixels": lambda: png(ihdr(9), (b"IDAT", zeroes(300))),
    "png with a giant text": lambda: png(ihdr(9), (b"zTXt", b"Comment\0\0" + zeroes(300)), idat(9)),
    "png with a giant colour profile": lambda: png(ihdr(9), (b"iCCP", b"p\0\0" + zeroes(300)), idat(9)),
    "jpeg of 65500 px": lambda: jpeg_that_claims(65_500),
    "bmp of 2 billion px": lambda: bmp_that_claims(2**31 - 1, 1),
    "bmp of negative width": lambda: bmp_that_claims(-30_000, 30_000),
    "bmp from the top": lambda: bmp_that_claims(30_000, -30_000),
    "tiff of 4 billion px": lambda: grey_tiff((256, 4, 2**32 - 1), (273, 4, 8), (279, 4, 300), (278, 4, 10)),
    "tiff with a giant strip": lambda: grey_tiff((273, 4, 8), (279, 4, 2**32 - 1), (278, 4, 2**32 - 1)),
    "tiff with giant tiles": lambda: grey_tiff(
        (322, 4, 32_000), (323, 4, 32_000), (324, 4, 8), (325, 4, 300)
    ),
    "tiff with giant deflated tiles": lambda: grey_tiff(
        (259, 3, 8), (322, 4, 32_000), (323, 4, 32_000), (324, 4, 8), (325, 4, 1_000_000), data=zeroes(300)
    ),
    "tiff with a deflated giant strip": lambda: grey_tiff(
        (259, 3, 8), (273, 4, 8), (279, 4, 1_000_000), (278, 4, 10), data=zeroes(300)
    ),
    "tiff with 65535 samples": lambda: grey_tiff((277, 3, 65_535), (273, 4, 8), (279, 4, 300), (278, 4, 10)),
    "webp with a giant frame": lambda: webp(10, giant_frame("WEBP", quality=1)),
    "webp with a giant lossless frame": lambda: webp(10, giant_frame("WEBP", lossless=True)),
    "webp of 16 million px a side": lambda: webp(2**24, saved(Image.new("RGB", (8, 8)), "WEBP")),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a process its largest memory here")
def test_no_bomb_takes_the_memory(tmp_path: Path) -> None:
    # In a process of its own: the largest memory of this one was reached long ago.
    small = tmp_path / "small.png"
    small.write_bytes(png(ihdr(900), idat(900)))
    paths = [tmp_path / name for name in BOMBS]
    for path in paths:
        path.write_bytes(BOMBS[path.name]())
    words = [sys.executable, "-c", DECODE_AND_MEASURE, str(small), *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=240, check=False)

    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (measured, done.stderr)
    assert [name for name, _, _ in measured] == list(BOMBS)
    assert max(grown_mb for _, _, grown_mb in measured) < MEMORY_MB, measured


def test_a_claim_is_refused_with_the_size_it_makes() -> None:
    with pytest.raises(ImageError, match="60000×60000 px, more than the 200 megapixels allowed"):
        decode_bytes(BOMBS["png of 60000 px"](), Path("bomb.png"))


def test_a_bmp_that_stands_on_its_head_is_read() -> None:
    # The negative height of a BMP is ordinary; only its size counts.
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[0] = 255
    content = bytearray(saved(Image.fromarray(pixels), "BMP"))
    content[22:26] = struct.pack("<i", -40)

    np.testing.assert_array_equal(decode_bytes(bytes(content), Path("top.bmp")).pixels, pixels[::-1])
