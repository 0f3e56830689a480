"""The segments of a JPEG before its picture: what they declare, and a header in which nothing strange is left."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bloodsmear.images.formats.exif import EXIF_MARK, orientation_of, resolution_of
from bloodsmear.images.formats.facts import CENTIMETRE_UM, INCH_UM, FileFacts, PixelSize, by_density
from bloodsmear.images.formats.reader_contract import CUT_OFF, FormatError

_ICC_MARK = b"ICC_PROFILE\0"
_JPEG_LS = 0xF7
_SOF = (frozenset(range(0xC0, 0xD0)) | {_JPEG_LS}) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = frozenset((0xC0, 0xC1, 0xC9))
_LOSSLESS = frozenset((0xC3, 0xC7, 0xCB, 0xCF))
_DENSITY_UM = {1: INCH_UM, 2: CENTIMETRE_UM}
_DHT, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xC4, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE


@dataclass(slots=True)
class JpegHeader:
    """What a JPEG declares. `frame` is the marker of its frame's kind, `scan_at` where its first scan begins."""

    width_px: int = 0
    height_px: int = 0
    channels: int = 3
    bits: int = 8
    frame: int = 0
    orientation: int = 1
    scan_at: int = 0
    icc_parts: dict[int, bytes] = field(default_factory=dict)
    icc_count: int = 0
    density: tuple[PixelSize, ...] = ()
    exif: bytes = b""

    @property
    def profile(self) -> bytes:
        """The ICC profile; empty if there is none, or a part of it is missing, which is not damage."""
        if self.icc_count == 0 or set(self.icc_parts) != set(range(1, self.icc_count + 1)):
            return b""
        return b"".join(self.icc_parts[part] for part in sorted(self.icc_parts))

    @property
    def facts(self) -> FileFacts:
        """What the file states beside its samples."""
        return FileFacts(self.bits, (*resolution_of(self.exif), *self.density), self.exif)


def read_jpeg_header(content: bytes) -> JpegHeader:
    """Read up to the first scan. Raises FormatError: cut off, or of a kind that decoders don't read."""
    header = JpegHeader()
    for marker, start, segment in _segments(content):
        if marker == _SOS:
            header.scan_at = start
            break
        _take(header, marker, segment)
    if header.scan_at == 0 or header.frame == 0:
        raise FormatError(CUT_OFF)
    if header.frame == _JPEG_LS:
        raise FormatError("it is a JPEG-LS, which is not read; save it as PNG.")
    if header.frame in _LOSSLESS:
        raise FormatError("it is a lossless JPEG, which is not read; save it as PNG.")
    if header.bits != 8:
        raise FormatError(
            f"it is a JPEG with {header.bits} bits a channel, which is not read; save it as PNG."
        )
    if header.channels not in (1, 3, 4):
        raise FormatError(f"it is a JPEG with {header.channels} channels, which is not read; save it as PNG.")
    return header


def _take(header: JpegHeader, marker: int, segment: bytes) -> None:
    if marker in _SOF and header.frame == 0:
        if len(segment) < 6:
            raise FormatError(CUT_OFF)
        header.bits, header.height_px, header.width_px, header.channels = struct.unpack_from(">BHHB", segment)
        header.frame = marker
    elif marker == _APP1 and segment[:6] == EXIF_MARK:
        header.orientation, header.exif = orientation_of(segment), segment
    elif marker == _APP0 and segment[:5] == b"JFIF\0" and len(segment) >= 12:
        unit, x, y = struct.unpack_from(">BHH", segment, 7)
        if unit in _DENSITY_UM:
            header.density = by_density(x, y, _DENSITY_UM[unit], "JFIF")
    elif marker == _APP2 and segment[:12] == _ICC_MARK and len(segment) > 14:
        header.icc_parts.setdefault(segment[12], segment[14:])
        header.icc_count = segment[13]


def _segments(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Marker, where it begins, and its body, up to the end of the first scan's header."""
    position, length_of_all = 2, len(content)
    while position + 4 <= length_of_all:
        marker = content[position + 1]
        if content[position] != 0xFF or marker == 0xFF:  # stray and fill bytes, which decoders pass over
            position += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # no marker, or one without a length
            position += 2
        elif marker == 0xD9:  # the picture ends before it began
            break
        else:
            length = int(struct.unpack_from(">H", content, position + 2)[0])
            yield marker, position, content[position + 4 : position + 2 + length]
            if marker == _SOS:
                return
            position += 2 + max(2, length)
    raise FormatError(CUT_OFF)


def without_oddities(content: bytes) -> bytes:
    """The same picture without what libjpeg remarks on and loses no pixel by.

    Samsung's scans of a sequential JPEG end at coefficient 0, JFIF has version 2, a colour profile lacks a part, stray
    bytes stand between segments. Only what the picture needs is kept, so that the strict decoder can go through it.
    """
    kept, frame = [content[:2]], 0
    for marker, _start, body in _segments(content):
        segment = body
        if marker in _SOF:
            frame = marker
        if marker == _APP0 and body[:5] == b"JFIF\0" and len(body) >= 7:
            segment = body[:5] + b"\x01\x02" + body[7:]
        elif marker == _COM or (0xE0 <= marker <= 0xEF and marker != _APP14):
            continue
        if marker == _SOS and frame in _SEQUENTIAL and len(body) >= 4:
            segment = body[:-3] + b"\x00\x3f\x00"
        kept.append(bytes((0xFF, marker)) + struct.pack(">H", len(segment) + 2) + segment)
    end = _end_of_scan_header(content)
    return b"".join([*kept, content[end:]])


def _end_of_scan_header(content: bytes) -> int:
    for marker, start, body in _segments(content):
        if marker == _SOS:
            return start + 4 + len(body)
    raise FormatError(CUT_OFF)
