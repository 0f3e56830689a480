"""What an image file says of itself before a pixel is decoded: format, size, orientation, and whether it is whole.

Read here by hand because size limits must hold before decoding, and because the decoder neither flattens
alpha nor reports how TIFF's samples are meant. Formats are told by their first bytes, never by the extension.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Format = Literal["jpeg", "png", "tiff", "bmp", "webp"]


class HeaderError(Exception):
    """A file that is no image or not whole; the text is the reason, without a path."""


@dataclass(frozen=True, slots=True)
class FileHeader:
    """`width_px` and `height_px` as stored, before `orientation` (EXIF's 1 to 8) is applied.

    `channels` are those of a JPEG (4 is CMYK or the like). `clear_grey` is the sample of a grey PNG that stands for
    "nothing here", spread to 8 bits where it has fewer.
    """

    format: Format
    width_px: int
    height_px: int
    orientation: int = 1
    channels: int = 3
    tiff: "TiffSamples | None" = None
    clear_grey: int | None = None


@dataclass(frozen=True, slots=True)
class TiffSamples:
    """`photometric`: 0 white is zero, 1 black is zero, 2 RGB, 5 CMYK; `extra` of the sample after the colours: 1 and
    2 are alpha (premultiplied and not).

    `planar`: 1 a pixel's samples stand together, 2 each colour has a plane of its own. `bits` of the first sample.
    """

    photometric: int
    extra: int
    planar: int
    bits: int


NO_IMAGE = "the file holds no JPEG, PNG, TIFF, BMP or WebP image; save it as one of these or take it away."
CUT_OFF = "the file is damaged or cut off; copy it again from where it came."

_ORIENTATION_TAG = 274
_PNG_GREY = 0
_EXIF_MARK = b"Exif\0\0"
# What reading past the end raises; of a BigTIFF's 64-bit offsets some are too large even to look there.
_BEYOND_THE_END = (struct.error, IndexError, OverflowError)


def read_header(content: bytes | memoryview) -> FileHeader:
    """The header of a whole file's `content`. Raises HeaderError with the reason."""
    view = memoryview(content)
    start = bytes(view[:12])
    for signature, reader in _READERS:
        if start.startswith(signature) and (signature != b"RIFF" or start[8:] == b"WEBP"):
            try:
                header = reader(view)
            except _BEYOND_THE_END as error:
                raise HeaderError(CUT_OFF) from error
            if header.width_px <= 0 or header.height_px <= 0:
                raise HeaderError(CUT_OFF)
            return header
    raise HeaderError(NO_IMAGE)


def _read_jpeg(view: memoryview) -> FileHeader:
    orientation, position = 1, 2
    while True:
        marker = view[position + 1]
        if view[position] != 0xFF or marker == 0xFF:  # stray and fill bytes, which decoders pass over
            position += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers without a length
            position += 2
        elif marker in (0xD9, 0xDA):  # the picture begins or ends, and its size was not given
            raise HeaderError(CUT_OFF)
        else:
            length = int(struct.unpack_from(">H", view, position + 2)[0])
            segment = view[position + 4 : position + 2 + length]
            if marker == 0xE1 and bytes(segment[:6]) == _EXIF_MARK:
                orientation = _orientation_of(segment[6:])
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                height, width, channels = struct.unpack_from(">HHB", segment, 1)
                return FileHeader("jpeg", width, height, orientation, channels)
            position += 2 + length


def _read_png(view: memoryview) -> FileHeader:
    """Each chunk's checksum is looked at, too: libpng writes its complaints to stderr, past every log."""
    header, ended = FileHeader("png", 0, 0), False
    depth, colour_type = 0, -1
    for name, body, checksum in _png_chunks(view):
        if zlib.crc32(body, zlib.crc32(name)) != checksum:
            raise HeaderError(CUT_OFF)
        if name == b"IHDR" and header.width_px == 0:  # decoders go by the first, too
            width, height, depth, colour_type = struct.unpack_from(">IIBB", body)
            header = replace(header, width_px=width, height_px=height)
        elif name == b"tRNS" and colour_type == _PNG_GREY:
            header = replace(header, clear_grey=_clear_grey(depth, body))
        elif name == b"eXIf":
            header = replace(header, orientation=_orientation_of(body))
        ended = name == b"IEND"
    if not ended:
        raise HeaderError(CUT_OFF)
    return header


def _clear_grey(depth: int, body: memoryview) -> int:
    """The transparent grey as decoders hand it out: fewer than 8 bits are spread over 0 to 255."""
    largest = (1 << depth) - 1
    grey = int(struct.unpack_from(">H", body)[0]) & largest
    return grey if depth >= 8 or largest == 0 else grey * (255 // largest)


def _png_chunks(view: memoryview) -> Iterator[tuple[bytes, memoryview, int]]:
    position = 8
    while position < len(view):
        length = int(struct.unpack_from(">I", view, position)[0])
        name = bytes(view[position + 4 : position + 8])
        checksum = int(struct.unpack_from(">I", view, position + 8 + length)[0])
        yield name, view[position + 8 : position + 8 + length], checksum
        if name == b"IEND":
            return
        position += 12 + length


def _read_bmp(view: memoryview) -> FileHeader:
    header_bytes = struct.unpack_from("<I", view, 14)[0]
    if header_bytes == 12:
        width, height = struct.unpack_from("<HH", view, 18)
    else:
        width, height = struct.unpack_from("<ii", view, 18)
    return FileHeader("bmp", width, abs(height))  # a negative height: the rows are stored from the top


def _read_webp(view: memoryview) -> FileHeader:
    end = 8 + int(struct.unpack_from("<I", view, 4)[0])
    if end > len(view):
        raise HeaderError(CUT_OFF)
    header, position = FileHeader("webp", 0, 0), 12
    while position + 8 <= end:
        name, length = struct.unpack_from("<4sI", view, position)
        body = view[position + 8 : position + 8 + length]
        if name in (b"VP8X", b"VP8 ", b"VP8L") and header.width_px == 0:
            width, height = _webp_size(name, body)
            header = replace(header, width_px=width, height_px=height)
        elif name == b"EXIF":
            exif = body[6:] if bytes(body[:6]) == _EXIF_MARK else body
            header = replace(header, orientation=_orientation_of(exif))
        position += 8 + length + length % 2
    return header


def _webp_size(name: bytes, body: memoryview) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if name == b"VP8L":
        bits = int(struct.unpack_from("<I", body, 1)[0])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _read_tiff(view: memoryview) -> FileHeader:
    tags = _first_values(view)
    samples = TiffSamples(
        photometric=tags.get(262, 2), extra=tags.get(338, 0), planar=tags.get(284, 1), bits=tags.get(258, 1)
    )
    return FileHeader(
        "tiff",
        tags.get(256, 0),
        tags.get(257, 0),
        _known_orientation(tags),
        tiff=samples,
    )


def _orientation_of(exif: memoryview) -> int:
    """EXIF is a small TIFF; one that cannot be read says nothing, and the image stands as it is stored."""
    try:
        return _known_orientation(_first_values(exif))
    except (*_BEYOND_THE_END, HeaderError):
        return 1


def _known_orientation(tags: dict[int, int]) -> int:
    orientation = tags.get(_ORIENTATION_TAG, 1)
    return orientation if 1 <= orientation <= 8 else 1


def _first_values(view: memoryview) -> dict[int, int]:
    """Tag → first value, of the whole-number tags in the first directory (TIFF 6.0; version 43 is BigTIFF)."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(view[:2]))
    if order is None:
        raise HeaderError(CUT_OFF)
    if struct.unpack_from(order + "H", view, 2)[0] == 43:
        offset_form, count_form, entry_bytes, value_at, value_bytes = "Q", "Q", 20, 12, 8
        start = struct.unpack_from(order + "Q", view, 8)[0]
    else:
        offset_form, count_form, entry_bytes, value_at, value_bytes = "I", "H", 12, 8, 4
        start = struct.unpack_from(order + "I", view, 4)[0]
    entries = struct.unpack_from(order + count_form, view, start)[0]
    position = start + struct.calcsize(order + count_form)
    values: dict[int, int] = {}
    for _ in range(min(entries, 4096)):
        tag, kind = struct.unpack_from(order + "HH", view, position)
        count = struct.unpack_from(order + offset_form, view, position + 4)[0]
        form = {1: "B", 3: "H", 4: "I", 16: "Q"}.get(kind)
        if form is not None and count > 0:
            place = position + value_at
            if count * struct.calcsize(order + form) > value_bytes:
                place = struct.unpack_from(order + offset_form, view, place)[0]
            # Of a tag that comes twice libtiff takes the first.
            values.setdefault(tag, struct.unpack_from(order + form, view, place)[0])
        position += entry_bytes
    return values


_READERS: tuple[tuple[bytes, Callable[[memoryview], FileHeader]], ...] = (
    (b"\xff\xd8\xff", _read_jpeg),
    (b"\x89PNG\r\n\x1a\n", _read_png),
    (b"II*\0", _read_tiff),
    (b"MM\0*", _read_tiff),
    (b"II+\0", _read_tiff),
    (b"MM\0+", _read_tiff),
    (b"BM", _read_bmp),
    (b"RIFF", _read_webp),
)
