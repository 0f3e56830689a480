"""BMP as Windows and OS/2 have written it: with masks, palettes, run lengths, in any order of its rows."""

import struct
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from bloodsmear.images.formats.depth import Depth, to_8_bits
from bloodsmear.images.formats.facts import METRE_UM, FileFacts, by_density
from bloodsmear.images.formats.picture import Picture, Samples, Stored
from bloodsmear.images.formats.reader_contract import CUT_OFF, Asked, FormatError, require_size

_FILE_HEADER_BYTES = 14
_OS2_V1, _OS2_V2, _WINDOWS_3, _WINDOWS_5 = 12, 64, 40, 124
_PLAIN, _RLE8, _RLE4, _MASKS, _MASKS_WITH_ALPHA = 0, 1, 2, 3, 6
_EMBEDDED = b"DEBM"
_RGB_555 = (0x7C00, 0x03E0, 0x001F, 0)
_RGB_888 = (0xFF0000, 0xFF00, 0xFF, 0)
# The pixels that one byte of run lengths holds, by their bits.
_OF_A_BYTE = {
    4: tuple(bytes((byte >> 4, byte & 15)) for byte in range(256)),
    8: tuple(bytes((byte,)) for byte in range(256)),
}
_Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Header:
    """`height_px` is positive; `pixels_at` counts from the file's begin. `masks`: red, green, blue, alpha."""

    width_px: int
    height_px: int
    top_down: bool
    bits: int
    compression: int
    pixels_at: int
    masks: tuple[int, int, int, int]
    palette: npt.NDArray[np.uint8]
    profile: bytes

    @property
    def row_bytes(self) -> int:
        """A row's bytes with its filling: rows begin at every fourth byte."""
        return (self.bits * self.width_px + 31) // 32 * 4


def open_bmp(content: bytes, asked: Asked) -> Picture:
    """The picture of a BMP. Raises FormatError: cut off, too large, of a kind that nobody writes any more."""
    try:
        header = _read_header(content)
    except struct.error as error:
        raise FormatError(CUT_OFF) from error
    require_size(header.width_px, header.height_px, asked.pixels)
    size = int(struct.unpack_from("<I", content, 14)[0])
    x, y = struct.unpack_from("<ii", content, 38) if size >= _WINDOWS_3 else (0, 0)
    facts = FileFacts(header.bits, by_density(x, y, METRE_UM, "BMP"))
    return Picture(header.width_px, header.height_px, lambda _divisor: _read(content, header), facts=facts)


def _read_header(content: bytes) -> _Header:
    pixels_at, size = struct.unpack_from("<II", content, 10)
    compression, used = 0, 0
    if size == _OS2_V1:
        width, height, _planes, bits = struct.unpack_from("<HHHH", content, 18)
    else:
        width, height, _planes, bits = struct.unpack_from("<iiHH", content, 18)
    if size >= _WINDOWS_3:
        compression, used = struct.unpack_from("<I12xI", content, 30)
    _refuse_unknown(size, bits, compression)
    after = _FILE_HEADER_BYTES + size
    masks = _RGB_555 if bits == 16 else _RGB_888
    if compression in (_MASKS, _MASKS_WITH_ALPHA):
        with_alpha = compression == _MASKS_WITH_ALPHA or size >= 56
        masks = struct.unpack_from("<4I", content.ljust(70, b"\0"), _FILE_HEADER_BYTES + _WINDOWS_3)
        masks = masks if with_alpha else (*masks[:3], 0)
        after += 4 * (3 + with_alpha) if size == _WINDOWS_3 else 0
    return _Header(
        width_px=width,
        height_px=abs(height),
        top_down=height < 0,
        bits=bits,
        compression=compression,
        pixels_at=pixels_at,
        masks=masks,
        palette=_palette(content[after : max(after, pixels_at)], bits, used, 3 if size == _OS2_V1 else 4),
        profile=_profile(content, size),
    )


def _refuse_unknown(size: int, bits: int, compression: int) -> None:
    direct, in_palette = bits in (16, 24, 32), bits in (1, 2, 4, 8)
    known = {
        _PLAIN: direct or in_palette,
        _RLE8: bits == 8,
        _RLE4: bits == 4,
        _MASKS: bits in (16, 32) and size != _OS2_V2,
        _MASKS_WITH_ALPHA: bits in (16, 32) and size != _OS2_V2,
    }
    if not known.get(compression, False):
        raise FormatError(
            f"it is a BMP of a rare kind ({bits} bits, compression {compression}), which is not read; save it as PNG."
        )


def _palette(stored: bytes, bits: int, used: int, entry_bytes: int) -> npt.NDArray[np.uint8]:
    """Entries × red, green, blue; none where the pixels hold colours."""
    if bits > 8:
        return np.empty((0, 3), np.uint8)
    entries = min(used or 1 << bits, 1 << bits, len(stored) // entry_bytes)
    table = np.frombuffer(stored[: entries * entry_bytes], np.uint8).reshape(entries, entry_bytes)
    return np.ascontiguousarray(table[:, 2::-1])


def _profile(content: bytes, size: int) -> bytes:
    if size != _WINDOWS_5 or content[70:74] != _EMBEDDED:
        return b""
    start, length = struct.unpack_from("<II", content, 126)
    return content[_FILE_HEADER_BYTES + start :][:length]


def _read(content: bytes, header: _Header) -> Stored:
    if header.bits <= 8:
        indices = _indices(content, header)
        if indices.max(initial=0) >= len(header.palette):
            raise FormatError(CUT_OFF)
        return Stored(np.asarray(header.palette[indices]), profile=header.profile)
    rows = _rows(content, header)
    if header.bits == 24 or (header.bits == 32 and header.masks == _RGB_888):
        return Stored(_without_filling(rows, header), profile=header.profile)
    return _by_masks(rows, header)


def _rows(content: bytes, header: _Header) -> Samples:
    """Rows × bytes as they lie in the file. The last one may lack its filling."""
    data = content[header.pixels_at : header.pixels_at + header.row_bytes * header.height_px]
    missing = header.row_bytes * header.height_px - len(data)
    if missing > header.row_bytes - (header.bits * header.width_px + 7) // 8 or not header.pixels_at:
        raise FormatError(CUT_OFF)
    return np.frombuffer(data + bytes(missing), np.uint8).reshape(header.height_px, header.row_bytes)


def _downwards(rows: npt.NDArray[Any], header: _Header) -> npt.NDArray[Any]:
    return np.ascontiguousarray(rows if header.top_down else rows[::-1])


def _without_filling(rows: Samples, header: _Header) -> Samples:
    wide = header.bits // 8
    pixels = as_strided(rows, (header.height_px, header.width_px, wide), (header.row_bytes, wide, 1))
    order = cv2.COLOR_BGR2RGB if wide == 3 else cv2.COLOR_BGRA2RGB
    return _downwards(np.asarray(cv2.cvtColor(pixels, order), np.uint8), header)


def _indices(content: bytes, header: _Header) -> Samples:
    if header.compression in (_RLE8, _RLE4):
        return _downwards(_run_lengths(content[header.pixels_at :], header), header)
    return _downwards(_apart(_rows(content, header), header.bits)[:, : header.width_px], header)


def _apart(packed: Samples, bits: int) -> Samples:
    """Rows of bytes as rows of numbers of 1, 2, 4 or 8 bits, the highest first."""
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    return np.asarray((packed[..., np.newaxis] >> shifts & ((1 << bits) - 1)).reshape(len(packed), -1))


def _run_lengths(data: bytes, header: _Header) -> Samples:
    """Strictly: each run lies in its row, and the end comes in the last one. What is skipped has index 0."""
    width, height, at = header.width_px, header.height_px, 0
    indices, x, y = bytearray(width * height), 0, 0
    of_a_byte = _OF_A_BYTE[header.bits]
    while at + 1 < len(data):
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            run = (of_a_byte[value] * count)[:count]
        elif value == 0:
            x, y = 0, y + 1
            continue
        elif value == 1:
            break
        elif value == 2:
            x, y, at = x + data[at], y + data[at + 1], at + 2
            continue
        else:
            length = (value * header.bits + 7) // 8
            run = b"".join(of_a_byte[byte] for byte in data[at : at + length])[:value]
            at += length + length % 2
        if y >= height or x + len(run) > width:
            raise FormatError(CUT_OFF)
        indices[y * width + x : y * width + x + len(run)] = run
        x += len(run)
    if not (y == height or (y == height - 1 and x == width)):
        raise FormatError(CUT_OFF)
    return np.frombuffer(indices, np.uint8).reshape(height, width)


def _by_masks(rows: Samples, header: _Header) -> Stored:
    """Each channel's bits, scaled to 0 to 255. All of alpha zero is what programs leave that fill in none."""
    wide = 4 if header.bits == 32 else 2
    stored = rows[:, : wide * header.width_px].copy().view(f"<u{wide}")
    numbers = _downwards(stored, header).astype(np.uint32)
    if not all(header.masks[:3]):
        raise FormatError(CUT_OFF)
    colours = np.stack([_masked(numbers, mask) for mask in header.masks[:3]], axis=-1)
    alpha = _masked(numbers, header.masks[3]) if header.masks[3] else None
    if alpha is not None and not alpha.any():
        alpha = None
    return Stored(colours, alpha=alpha, profile=header.profile)


def _masked(numbers: _Numbers, mask: int) -> Samples:
    lowest = (mask & -mask).bit_length() - 1
    largest = mask >> lowest
    bits = largest.bit_length()
    if largest & (largest + 1) or bits > 16:  # a mask in pieces, or wider than any channel
        raise FormatError(CUT_OFF)
    return to_8_bits((numbers & np.uint32(mask)) >> np.uint32(lowest), Depth(bits, bits))
