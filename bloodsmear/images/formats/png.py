"""PNG. The chunks that hold the picture are checked and handed to libpng alone; the others are read here.

OpenCV's libpng gives all 16 bits of a sample, which Pillow does not, and takes two thirds of its time.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.depth import Depth, to_8_bits
from bloodsmear.images.formats.exif import orientation_of, resolution_of
from bloodsmear.images.formats.facts import METRE_UM, FileFacts, PixelSize, by_density
from bloodsmear.images.formats.picture import Picture, Stored
from bloodsmear.images.formats.reader_contract import CUT_OFF, Asked, FormatError, require_size

# OpenCV's own log goes to stderr, between the lines of a progress bar; every refusal has its sentence.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_GREY, _RGB, _PALETTE, _GREY_WITH_ALPHA = 0, 2, 3, 4
# As OpenCV hands them out: a palette as its colours, grey with alpha as colours with it.
_CHANNELS = {_GREY: 1, _RGB: 3}
_PICTURE = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
_LARGEST_PROFILE_BYTES = 20_000_000
# Of 8 or of 16 bits.
_Decoded = npt.NDArray[Any]


@dataclass(slots=True)
class _Chunks:
    """`kept` are those that the decoder gets."""

    width_px: int = 0
    height_px: int = 0
    depth: int = 8
    colour_type: int = -1
    clear: bytes = b""
    significant: bytes = b""
    profile: bytes = b""
    exif: bytes = b""
    density: tuple[PixelSize, ...] = ()
    kept: list[memoryview] = field(default_factory=list)


def open_png(content: bytes, asked: Asked) -> Picture:
    """The picture of a PNG; of an animation the one that others show who know none. Raises FormatError."""
    chunks = _read_chunks(memoryview(content))
    sample_bytes = _CHANNELS.get(chunks.colour_type, 4) * (2 if chunks.depth == 16 else 1)
    require_size(chunks.width_px, chunks.height_px, asked.pixels, sample_bytes)
    return Picture(
        chunks.width_px,
        chunks.height_px,
        lambda _divisor: _read(chunks, asked),
        orientation_of(chunks.exif),
        sample_bytes=sample_bytes,
        facts=FileFacts(chunks.depth, (*resolution_of(chunks.exif), *chunks.density), chunks.exif),
    )


def _read_chunks(view: memoryview) -> _Chunks:
    """Each chunk's checksum is looked at, too: libpng writes its complaints to stderr, past every log."""
    found, ended = _Chunks(kept=[view[:8]]), False
    try:
        for name, body, whole in _chunks(view):
            if zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
                raise FormatError(CUT_OFF)
            if name == b"IHDR" and found.colour_type >= 0:  # decoders go by the first, too
                continue
            _take(found, name, body, whole)
            ended = name == b"IEND"
    except (struct.error, IndexError) as error:
        raise FormatError(CUT_OFF) from error
    if not ended:
        raise FormatError(CUT_OFF)
    return found


def _take(found: _Chunks, name: bytes, body: memoryview, whole: memoryview) -> None:
    if name == b"IHDR":
        found.width_px, found.height_px, found.depth, found.colour_type = struct.unpack_from(">IIBB", body)
    elif name == b"tRNS":
        found.clear = bytes(body[:1024])
    elif name == b"sBIT":
        found.significant = bytes(body[:4])
    elif name == b"iCCP":
        found.profile = _profile(bytes(body))
    elif name == b"eXIf":
        found.exif = bytes(body)
    elif name == b"pHYs" and len(body) >= 9:
        x, y, unit = struct.unpack_from(">IIB", body)
        found.density = by_density(x, y, METRE_UM, "PNG") if unit == 1 else ()
    # A palette's transparency goes with the palette; of grey and RGB it is one sample, which is compared here.
    if name in _PICTURE or (name == b"tRNS" and found.colour_type == _PALETTE):
        found.kept.append(whole)


def _chunks(view: memoryview) -> Iterator[tuple[bytes, memoryview, memoryview]]:
    position = 8
    while position < len(view):
        length = int(struct.unpack_from(">I", view, position)[0])
        whole = view[position : position + 12 + length]
        if len(whole) < 12 + length:
            raise FormatError(CUT_OFF)
        name = bytes(whole[4:8])
        yield name, whole[8:-4], whole
        if name == b"IEND":
            return
        position += 12 + length


def _profile(body: bytes) -> bytes:
    """The ICC profile; empty where it cannot be read, which is not damage of the picture."""
    _, _, packed = body.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(packed[1:], _LARGEST_PROFILE_BYTES)
    except zlib.error:
        return b""


def _read(chunks: _Chunks, asked: Asked) -> Stored:
    try:
        decoded = cv2.imdecode(np.frombuffer(b"".join(chunks.kept), np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        # OpenCV has one error of its own for everything, memory that is missing among it.
        raise MemoryError if error.code == cv2.Error.StsNoMem else FormatError(CUT_OFF) from error
    # None is all that OpenCV says of a damaged file.
    if decoded is None or decoded.shape[:2] != (chunks.height_px, chunks.width_px):
        raise FormatError(CUT_OFF)
    sixteen = decoded.dtype == np.uint16
    colours, alpha = _parts(np.asarray(decoded, np.uint16 if sixteen else np.uint8), chunks)
    # Only views of the last one stay.
    del decoded
    if sixteen:
        depth = Depth(16, _stated_bits(chunks), asked.camera_bits)
        if alpha is not None:
            alpha = to_8_bits(alpha, Depth(16, 16, None))
        colours = to_8_bits(colours, depth)
    return Stored(
        np.ascontiguousarray(colours, np.uint8),
        "grey" if colours.ndim == 2 else "rgb",
        None if alpha is None else np.asarray(alpha, np.uint8),
        profile=chunks.profile,
    )


def _parts(decoded: _Decoded, chunks: _Chunks) -> tuple[_Decoded, _Decoded | None]:
    """Colours, red first, and alpha; the two have one type."""
    if decoded.ndim == 2:
        return decoded, _where_clear(decoded == _clear_samples(chunks)[0], decoded) if chunks.clear else None
    colours = decoded[..., 0] if chunks.colour_type == _GREY_WITH_ALPHA else decoded[..., 2::-1]
    if decoded.shape[2] == 4:
        return colours, decoded[..., 3]
    if chunks.clear and chunks.colour_type == _RGB:
        return colours, _where_clear((colours == _clear_samples(chunks)).all(axis=-1), decoded)
    return colours, None


def _where_clear(clear: npt.NDArray[np.bool_], decoded: _Decoded) -> _Decoded:
    alpha = np.full(clear.shape, np.iinfo(decoded.dtype).max, decoded.dtype)
    alpha[clear] = 0
    return alpha


def _clear_samples(chunks: _Chunks) -> npt.NDArray[np.uint16]:
    """The transparent sample as the decoder hands it out: fewer than 8 bits are spread over 0 to 255."""
    largest = (1 << chunks.depth) - 1
    wanted = 1 if chunks.colour_type == _GREY else 3
    values = np.frombuffer(chunks.clear[: 2 * wanted].ljust(2 * wanted, b"\0"), ">u2").astype(np.uint16)
    clear = values & largest
    return np.asarray(clear if chunks.depth >= 8 else clear * (255 // largest), np.uint16)


def _stated_bits(chunks: _Chunks) -> int | None:
    """How many bits the camera gave, by sBIT; alpha's stand last and don't count."""
    bits = chunks.significant[: 1 if chunks.colour_type in (_GREY, _GREY_WITH_ALPHA) else 3]
    return max(bits) if bits and 1 <= max(bits) <= 16 else None
