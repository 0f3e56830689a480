"""A BMP of every kind that programs still write has its colours; what is cut off or damaged is refused."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.errors import ImageError
from bloodsmear.images.decode import decode_bytes
from bloodsmear.images.rgb_image import RgbImage

WIDTH, HEIGHT = 62, 48  # a row of 62 px ends in filling at every depth
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH]
PICTURE = np.stack([4 * X, 5 * Y, 255 - 2 * X - 2 * Y], axis=-1).astype(np.uint8)
PALETTE = np.random.default_rng(2).integers(0, 256, (256, 3)).astype(np.uint8)
BGRA_MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)


def bmp(info: bytes, rows: bytes, palette: bytes = b"") -> bytes:
    at = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(rows), 0, 0, at) + info + palette + rows


def windows_3(bits: int, compression: int = 0, height: int = -HEIGHT, used: int = 0) -> bytes:
    return struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, 0, 2835, 2835, used, 0)


def windows_4_or_5(size: int, bits: int, compression: int, masks: tuple[int, int, int, int]) -> bytes:
    info = struct.pack("<I", size) + windows_3(bits, compression)[4:] + struct.pack("<4I", *masks)
    return (info + b"BGRs").ljust(size, b"\0")


def os2_2(bits: int, compression: int = 0, height: int = HEIGHT) -> bytes:
    return (struct.pack("<I", 64) + windows_3(bits, compression, height)[4:]).ljust(64, b"\0")


def rows_of(pixels: npt.NDArray[Any]) -> bytes:
    """Each row filled up to four bytes."""
    rows = np.ascontiguousarray(pixels).view(np.uint8).reshape(len(pixels), -1)
    return b"".join(row.tobytes() + bytes(-row.size % 4) for row in rows)


def packed(indices: RgbImage, bits: int) -> bytes:
    shifts = np.arange(bits - 1, -1, -1)
    return rows_of(np.packbits((indices[..., np.newaxis] >> shifts & 1).reshape(HEIGHT, -1), axis=1))


def with_fourth(value: int) -> npt.NDArray[np.uint8]:
    return np.dstack([PICTURE[..., ::-1], np.full((HEIGHT, WIDTH), value, np.uint8)])


def by_masks(masks: tuple[int, ...], kind: str) -> npt.NDArray[Any]:
    numbers = np.zeros((HEIGHT, WIDTH), np.uint32)
    for channel, mask in enumerate(masks[:3]):
        lowest = (mask & -mask).bit_length() - 1
        numbers |= np.round(PICTURE[..., channel] / 255 * (mask >> lowest)).astype(np.uint32) << lowest
    return numbers.astype(kind)


def palette_of(entries: int, bytes_each: int = 4) -> bytes:
    table = np.zeros((entries, bytes_each), np.uint8)
    table[:, :3] = PALETTE[:entries, ::-1]
    return table.tobytes()


def pixels_of(content: bytes) -> npt.NDArray[np.int64]:
    return decode_bytes(content, Path("anywhere")).pixels.astype(np.int64)


INDICES = (np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) // 5 % 200).astype(np.uint8)
BGR = PICTURE[..., ::-1]
COLOURS = {
    "24 bits": bmp(windows_3(24), rows_of(BGR)),
    "24 bits, lowest row first": bmp(windows_3(24, height=HEIGHT), rows_of(BGR[::-1])),
    "24 bits of OS/2 1": bmp(struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 24), rows_of(BGR[::-1])),
    "24 bits of OS/2 2": bmp(os2_2(24), rows_of(BGR[::-1])),
    "24 bits of OS/2 2, short": bmp(struct.pack("<IIIHH", 16, WIDTH, HEIGHT, 1, 24), rows_of(BGR[::-1])),
    "32 bits": bmp(windows_3(32), rows_of(with_fourth(0))),
    "32 bits, the fourth byte is nothing": bmp(windows_3(32), rows_of(with_fourth(128))),
    "32 bits, reversed": bmp(
        windows_3(32, 3) + struct.pack("<3I", 0xFF, 0xFF00, 0xFF0000),
        rows_of(with_fourth(0)[..., [2, 1, 0, 3]]),
    ),
    "30 bits": bmp(
        windows_3(32, 3) + struct.pack("<3I", 0x3FF00000, 0xFFC00, 0x3FF),
        rows_of(by_masks((0x3FF00000, 0xFFC00, 0x3FF), "<u4")),
    ),
    "the filling of the last row is missing": bmp(windows_3(24), rows_of(BGR)[:-2]),
    **{
        f"masks of alpha, which is all zero ({size})": bmp(
            windows_4_or_5(size, 32, 3, BGRA_MASKS), rows_of(with_fourth(0))
        )
        for size in (56, 108, 124)
    },
}


@pytest.mark.parametrize("kind", COLOURS)
def test_a_bmp_has_the_colours_that_were_saved(kind: str) -> None:
    assert np.abs(pixels_of(COLOURS[kind]) - PICTURE).max() <= 1


@pytest.mark.parametrize("size", [56, 108, 124])
def test_alpha_that_is_not_all_zero_is_put_on_white(size: int) -> None:
    content = bmp(windows_4_or_5(size, 32, 3, BGRA_MASKS), rows_of(with_fourth(128)))

    assert np.abs(pixels_of(content) - (PICTURE * (128 / 255) + 127)).max() <= 1


@pytest.mark.parametrize(
    "masks",
    [(0xF800, 0x07E0, 0x001F), (0x7C00, 0x03E0, 0x001F), (0x001F, 0x07E0, 0xF800), (0x0F00, 0x00F0, 0x000F)],
    ids=["565", "555", "565 reversed", "444"],
)
def test_few_bits_a_channel_are_spread_over_all_of_it(masks: tuple[int, int, int]) -> None:
    content = bmp(windows_3(16, 3) + struct.pack("<3I", *masks), rows_of(by_masks(masks, "<u2")))

    largest = [mask // (mask & -mask) for mask in masks]
    assert np.abs(pixels_of(content) - np.round(PICTURE / 255 * largest) / largest * 255).max() <= 1


def test_16_bits_without_masks_are_five_each() -> None:
    masks = (0x7C00, 0x03E0, 0x001F)
    plain = bmp(windows_3(16), rows_of(by_masks(masks, "<u2")))
    said = bmp(windows_3(16, 3) + struct.pack("<3I", *masks), rows_of(by_masks(masks, "<u2")))

    np.testing.assert_array_equal(pixels_of(plain), pixels_of(said))


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_is_looked_up(bits: int) -> None:
    indices = np.asarray(INDICES & ((1 << bits) - 1), np.uint8)

    for content in (
        bmp(windows_3(bits), packed(indices, bits), palette_of(1 << bits)),
        bmp(os2_2(bits), packed(indices[::-1], bits), palette_of(1 << bits)),
        bmp(
            struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits),
            packed(indices[::-1], bits),
            palette_of(1 << bits, 3),
        ),
    ):
        np.testing.assert_array_equal(pixels_of(content), PALETTE[indices])


def test_a_palette_may_be_short_and_a_pixel_beyond_it_is_damage() -> None:
    short = bmp(windows_3(8, used=200), packed(INDICES, 8), palette_of(200))
    shorter = bmp(windows_3(8, used=150), packed(INDICES, 8), palette_of(150))

    np.testing.assert_array_equal(pixels_of(short), PALETTE[INDICES])
    with pytest.raises(ImageError, match="damaged or cut off"):
        pixels_of(shorter)


def run_lengths(indices: RgbImage, bits: int, of_row: tuple[int, ...] = (7, 20, 35)) -> bytes:
    """Each row in turns: a run for what is even, else the pixels themselves; from the lowest row up."""
    out = b""
    for row in indices[::-1]:
        for part in np.split(row, of_row):
            if (part == part[0]).all():
                out += bytes((len(part), int(part[0]) * (17 if bits == 4 else 1)))
                continue
            own = (
                part.tobytes()
                if bits == 8
                else np.packbits((part[:, np.newaxis] >> [3, 2, 1, 0]) & 1).tobytes()
            )
            out += bytes((0, len(part))) + own + bytes(len(own) % 2)
        out += b"\0\0"
    return out[:-2] + b"\0\1"


@pytest.mark.parametrize(("bits", "compression"), [(8, 1), (4, 2)])
def test_run_lengths_are_unpacked(bits: int, compression: int) -> None:
    indices = np.asarray(INDICES & ((1 << bits) - 1), np.uint8)
    indices[::3] = 9
    packed_rows = run_lengths(indices, bits)

    for data in (packed_rows, packed_rows[:-2] + b"\0\0\0\1", packed_rows[:-2]):
        content = bmp(windows_3(bits, compression, HEIGHT), data, palette_of(1 << bits))
        np.testing.assert_array_equal(pixels_of(content), PALETTE[indices])


def test_what_a_run_jumps_over_has_the_first_colour() -> None:
    row = bytes((30, 5, 0, 2, 12, 0, 20, 7, 0, 0))
    expected = np.zeros((HEIGHT, WIDTH), int)
    expected[:, :30], expected[:, 42:] = 5, 7

    content = bmp(windows_3(8, 1, HEIGHT), row * HEIGHT + b"\0\1", palette_of(256))

    np.testing.assert_array_equal(pixels_of(content), PALETTE[expected])


@pytest.mark.parametrize("percent", [10, 50, 90, 99])
def test_run_lengths_that_end_early_or_are_lost_are_refused(percent: int) -> None:
    data = run_lengths(INDICES, 8)
    at = len(data) * percent // 100 & ~1
    lost = data[:at] + bytes(512) + data[at + 512 :]

    for broken in (data[:at], data[:at] + b"\0\1", lost):
        with pytest.raises(ImageError, match="damaged or cut off"):
            pixels_of(bmp(windows_3(8, 1, HEIGHT), broken, palette_of(256)))


@pytest.mark.parametrize(
    "info",
    [windows_3(0, 4), windows_3(0, 5), windows_3(48), os2_2(24, 4), os2_2(1, 3), windows_3(24, 1)],
    ids=[
        "jpeg inside",
        "png inside",
        "48 bits",
        "rle24 of OS/2",
        "huffman of OS/2",
        "run lengths of 24 bits",
    ],
)
def test_a_rare_kind_is_said_and_is_not_damage(info: bytes) -> None:
    with pytest.raises(ImageError, match=r"it is a BMP of a rare kind .* save it as PNG"):
        pixels_of(bmp(info, bytes(20_000)))


@pytest.mark.parametrize("masks", [(0xFF0000, 0, 0xFF), (0xF0F000, 0xFF, 0x0F00), (0xFFFFF000, 0xF00, 0xFF)])
def test_masks_that_make_no_colours_are_refused(masks: tuple[int, int, int]) -> None:
    with pytest.raises(ImageError, match="damaged or cut off"):
        pixels_of(bmp(windows_3(32, 3) + struct.pack("<3I", *masks), rows_of(with_fourth(0))))
