"""Formats are told by a file's first bytes, never by its name. Names of those that are known and not read."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from bloodsmear.images.formats.reader_contract import Asked, FormatError

if TYPE_CHECKING:  # it comes with numpy, for which the window's start does not wait
    from bloodsmear.images.formats.picture import Picture

NO_IMAGE = "the file is not an image that can be read; save it as PNG, TIFF or JPEG, or take it away."
# How many bytes are enough to tell a format.
FIRST_BYTES = 132
_HEIC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_AVIF = frozenset((b"avif", b"avis"))
_BMP_HEADER_BYTES = frozenset((12, 16, 40, 52, 56, 64, 108, 124))

Reader: TypeAlias = "Callable[[bytes, Asked], Picture]"


def open_picture(content: bytes, asked: Asked) -> Picture:
    """The picture in a file's bytes, by the reader of its format. Raises FormatError."""
    kind = format_of(content)
    if kind in _NOT_READ:
        raise FormatError(f"it is {_NOT_READ[kind]}, which is not read; save it as PNG, TIFF or JPEG.")
    if kind not in _READERS:
        raise FormatError(NO_IMAGE)
    return _READERS[kind]()(content, asked)


def format_of(start: bytes) -> str:
    """The format's short name by a file's first bytes; empty for what is not an image."""
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[:2] == b"BM" and len(start) >= 18:
        return "bmp" if struct.unpack_from("<I", start, 14)[0] in _BMP_HEADER_BYTES else ""
    if start[128:132] == b"DICM":
        return "dicom"
    return _by_brand(start) if start[4:8] == b"ftyp" else ""


def _by_brand(start: bytes) -> str:
    """HEIF and AVIF are one container; its brands say which codec is inside."""
    end = min(len(start), max(16, struct.unpack_from(">I", start)[0]))
    brands = [start[8:12], *(start[place : place + 4] for place in range(16, end - 3, 4))]
    if _AVIF & set(brands):
        return "avif"
    return "heif" if _HEIC & set(brands) else ""


_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg 2000"),
    (b"\xff\x4f\xff\x51", "jpeg 2000"),
    (b"GIF8", "gif"),
    (b"\xff\x0a", "jpeg xl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "jpeg xl"),
    (b"8BPS", "photoshop"),
    (b"ZISRAWFILE", "czi"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound"),
    (b"\xda\xce\xbe\x0a\0\0\0\x01", "nd2"),
    (b"II\xbc\x01", "jpeg xr"),
)
# "compound" is what Zeiss' older .zvi and Olympus' .oib are, and files of an older Office, which are not images.
_NOT_READ = {
    "dicom": "a DICOM file",
    "gif": "a GIF, which keeps at most 256 colours",
    "jpeg xl": "a JPEG XL file",
    "jpeg xr": "a JPEG XR file",
    "photoshop": "a Photoshop file",
    "czi": "a CZI file of Zeiss",
    "nd2": "an ND2 file of Nikon",
}


def _jpeg() -> Reader:
    from bloodsmear.images.formats.jpeg import open_jpeg

    return open_jpeg


def _png() -> Reader:
    from bloodsmear.images.formats.png import open_png

    return open_png


def _tiff() -> Reader:
    from bloodsmear.images.formats.tiff import open_tiff

    return open_tiff


def _heif() -> Reader:
    from bloodsmear.images.formats.heif import open_heif

    return open_heif


def _bmp() -> Reader:
    from bloodsmear.images.formats.bmp import open_bmp

    return open_bmp


def _jpeg_2000() -> Reader:
    from bloodsmear.images.formats.jpeg_2000 import open_jpeg_2000

    return open_jpeg_2000


def _by_pillow(name: str) -> Callable[[], Reader]:
    def reader() -> Reader:
        from bloodsmear.images.formats import pillow_formats

        found: Reader = getattr(pillow_formats, name)
        return found

    return reader


_READERS: dict[str, Callable[[], Reader]] = {
    "jpeg": _jpeg,
    "png": _png,
    "tiff": _tiff,
    "heif": _heif,
    "bmp": _bmp,
    "webp": _by_pillow("open_webp"),
    "jpeg 2000": _jpeg_2000,
    "avif": _by_pillow("open_avif"),
}
