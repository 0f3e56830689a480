"""Stretches of zeroes in compressed data: what a lost sector or an interrupted copy leaves."""

import struct
from collections.abc import Iterator

# 512 bits. Encoders write what repeats as a short code, so that chance is not an explanation.
_STRETCH = 64


def has_zeroes(compressed: bytes, longest: int = _STRETCH) -> bool:
    """Whether compressed data holds more zeroes in a row than its encoder writes: `longest` is more than that."""
    return compressed.find(bytes(longest)) >= 0


def has_zeroes_in_webp(compressed: bytes, pixels: int) -> bool:
    """In lossy WebP a large even area is zeroes by right: 582 bytes for all of 3000×2000 px."""
    return has_zeroes(compressed, _STRETCH + pixels // 8192)


def has_zeroes_in_jpeg_2000(compressed: bytes, pixels: int, bits: int = 8) -> bool:
    """Only the code stream counts. Each part of it that holds nothing is a zero bit: 61 bytes on 3000×2000 px.

    Of more than 8 bits a smooth slope alone has 203 in a row.
    """
    start, end = compressed.find(b"\xff\x4f\xff\x51"), compressed.rfind(b"\xff\xd9")
    return has_zeroes(
        compressed[max(start, 0) : end if end > 0 else None],
        (2 if bits <= 8 else 4) * _STRETCH + pixels // 40_000,
    )


def has_zeroes_in_media(content: bytes, exif: bytes) -> bool:
    """Of HEIF and AVIF: in the boxes of compressed data, EXIF aside. HEVC never has three zero bytes in a row."""
    for start, end in _media(content):
        data = content[start:end]
        at = data.find(b"Exif\0\0") if exif else -1
        if at >= 0:
            data = data[: max(0, at - 4)] + data[at + len(exif) :]
        if has_zeroes(data):
            return True
    return False


def _media(content: bytes) -> Iterator[tuple[int, int]]:
    """Where the boxes `mdat` begin and end (ISO 14496-12, 4.2)."""
    position = 0
    while position + 16 <= len(content):
        length, kind, longer = struct.unpack_from(">I4sQ", content, position)
        head = 16 if length == 1 else 8
        length = longer if length == 1 else length or len(content) - position
        if length < head:
            return
        if kind == b"mdat":
            yield position + head, position + length
        position += length
