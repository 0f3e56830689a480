"""The strips and tiles of a TIFF page, each decoded strictly: whole and of the right size, or FormatError."""

import lzma
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.jpeg import decode_jpeg
from bloodsmear.images.formats.jpeg_2000 import read_components
from bloodsmear.images.formats.jpeg_segments import read_jpeg_header
from bloodsmear.images.formats.reader_contract import CUT_OFF, DAMAGE_ERRORS, FormatError
from bloodsmear.images.formats.tiff_file import TiffPage
from bloodsmear.images.formats.zero_stretches import has_zeroes, has_zeroes_in_jpeg_2000, has_zeroes_in_webp

Array = npt.NDArray[Any]

NONE, LZW, DEFLATE, PACKBITS, JPEG = 1, 5, 8, 32773, 7
_JPEG = frozenset((JPEG, 33007))
_JPEG_2000 = frozenset((33003, 33004, 33005, 34712))
_WEBP = frozenset((34927, 50001))
_LERC = 34887
_PNG = 34933
_NAMES = {
    # The codec library answers any bytes with a picture, and no smear is black and white.
    2: "fax",
    3: "fax",
    4: "fax",
    6: "old-style JPEG",
    9: "JBIG",
    10: "JBIG",
    32766: "NeXT",
    32809: "ThunderScan",
    32908: "PIXAR film",
    32909: "PIXAR log",
    34661: "JBIG",
    34676: "SGI log",
    34677: "SGI log",
    34892: "lossy JPEG of raw files",
    22610: "JPEG XR",
    34934: "JPEG XR",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_LZMA_MEMORY = 200_000_000
# LZW writes strings of up to this many bytes for a code, PackBits runs of 128: beyond the end by more is damage.
_LONGEST_STRING = 4096


def samples_of(page: TiffPage, content: bytes, allowed_pixels: int) -> Array:
    """The page's samples, height × width × samples, in the type that they have: the colours of planes side by side.

    Raises FormatError: damage, a compression that is not read, segments of more than `allowed_pixels`.
    """
    decode = _decoder(page)
    planes, contiguous = (page.samples, 1) if page.planar == 2 else (1, page.samples)
    high, wide = page.segment_height, page.segment_width
    if high <= 0 or wide <= 0 or high * wide > max(allowed_pixels, page.width):
        raise FormatError(CUT_OFF)
    down, across = -(-page.height // high), -(-page.width // wide)
    if len(page.offsets) < planes * down * across:
        raise FormatError(CUT_OFF)
    whole: Array | None = None
    for index in range(planes * down * across):
        plane, place = divmod(index, down * across)
        top, left = (place // across) * high, (place % across) * wide
        rows = high if page.tiled else min(high, page.height - top)
        needed = (min(rows, page.height - top), min(wide, page.width - left))
        try:
            part = decode(_bytes_of(page, index, content), (rows, wide, contiguous), needed)
        except DAMAGE_ERRORS as error:
            raise FormatError(CUT_OFF) from error
        if part.shape[0] < needed[0] or part.shape[1] < needed[1] or part.shape[2] != contiguous:
            raise FormatError(CUT_OFF)
        if planes * down * across == 1:
            return part[: needed[0], : needed[1]]
        if whole is None:
            whole = np.empty((page.height, page.width, page.samples), part.dtype)
        elif part.dtype != whole.dtype:
            raise FormatError(CUT_OFF)
        whole[top : top + needed[0], left : left + needed[1], plane : plane + contiguous] = part[
            : needed[0], : needed[1]
        ]
    if whole is None:
        raise FormatError(CUT_OFF)
    return whole


def gives_rgb(page: TiffPage) -> bool:
    """Whether the decoder of this compression turns YCbCr into RGB by itself. To WebP they are just three samples."""
    return page.compression in _JPEG


def _bytes_of(page: TiffPage, index: int, content: bytes) -> bytes:
    start = page.offsets[index]
    if index < len(page.byte_counts):
        length = page.byte_counts[index]
    elif page.compression == NONE:
        length = len(content) - start
    else:
        raise FormatError(CUT_OFF)
    if start <= 0 or length <= 0 or start >= len(content):
        # Nothing is stored there: what decoders fill with black.
        raise FormatError(CUT_OFF)
    if start + length > len(content) and page.compression != NONE:
        raise FormatError(CUT_OFF)
    return content[start : start + length]


Shape = tuple[int, int, int]
Decode = Callable[[bytes, Shape, tuple[int, int]], Array]


def _decoder(page: TiffPage) -> Decode:
    """How a segment's bytes become rows × columns × samples. Raises FormatError for what is not read."""
    if page.compression in _JPEG:
        return lambda data, shape, _needed: _jpeg(page, data, shape)
    if page.compression in _JPEG_2000:
        return lambda data, shape, _needed: _jpeg_2000(page, data, shape)
    if page.compression in _WEBP or page.compression in (_PNG, _LERC):
        return lambda data, shape, _needed: _image(page, data, shape)
    if page.compression not in _UNPACKERS:
        name = _NAMES.get(page.compression, f"number {page.compression}")
        raise FormatError(f"its compression ({name}) cannot be read; save it as PNG.")
    if page.is_coarse:
        return lambda data, shape, needed: _coarse(page, data, shape, needed)
    return lambda data, shape, needed: _unpacked(page, data, shape, needed)


def _unpacked(page: TiffPage, data: bytes, shape: Shape, needed: tuple[int, int]) -> Array:
    """Segments whose bytes are samples once they are unpacked."""
    rows, columns, samples = shape
    bits = page.bits[0]
    row_bytes = (columns * samples * bits + 7) // 8
    least, most = row_bytes * (rows if page.tiled else needed[0]), row_bytes * page.segment_height
    if page.compression == NONE:
        most = least
    raw = _raw(page, data, least, most)
    array = _typed(page, raw[:least], columns * samples).reshape(-1, columns, samples)
    return _without_prediction(page, array)


def _raw(page: TiffPage, data: bytes, least: int, most: int) -> bytes:
    if page.fill_order == 2:
        data = bytes(imagecodecs.bitorder_decode(data))
    raw = _UNPACKERS[page.compression](data, most)
    if not least <= len(raw) <= most:
        raise FormatError(CUT_OFF)
    return raw


def _coarse(page: TiffPage, data: bytes, shape: Shape, needed: tuple[int, int]) -> Array:
    """YCbCr of 8 bits whose colours are those of blocks of 2×1 to 4×4 pixels (TIFF 6.0, section 21): Y of each pixel
    of a block, then its Cb and Cr.
    """
    across, down = page.subsampling
    rows, columns, _ = shape
    wide, size = -(-columns // across), across * down + 2
    high = -(-(rows if page.tiled else needed[0]) // down)
    least, most = wide * high * size, wide * -(-page.segment_height // down) * size
    if page.compression == NONE and len(data) > most:
        # As of a file whose colours are not coarse and that does not say so.
        raise FormatError(CUT_OFF)
    blocks = np.frombuffer(_raw(page, data, least, most)[:least], np.uint8).reshape(high, wide, size)
    whole = np.empty((high, down, wide, across, 3), np.uint8)
    whole[..., 0] = blocks[..., :-2].reshape(high, wide, down, across).swapaxes(1, 2)
    whole[..., 1:] = blocks[:, np.newaxis, :, np.newaxis, -2:]
    return whole.reshape(high * down, wide * across, 3)[:rows, :columns]


def _typed(page: TiffPage, raw: bytes, row_samples: int) -> Array:
    bits, kind = page.bits[0], {1: "u", 2: "i", 3: "f"}.get(page.sample_format, "u")
    if bits in (8, 16, 32, 64):
        # Floating point prediction works on the bytes as they lie.
        order = "=" if page.predictor == 3 else page.byte_order
        stored = np.frombuffer(raw, np.dtype(f"{order}{kind}{bits // 8}"))
        return stored.astype(stored.dtype.newbyteorder("="), copy=True)
    if kind != "u" or bits > 32:
        raise FormatError(f"its samples have {bits} bits each, which are not read; save it as PNG.")
    kept = np.uint8 if bits < 8 else np.uint16 if bits < 16 else np.uint32
    return np.asarray(imagecodecs.packints_decode(raw, kept, bits, runlen=row_samples))


def _without_prediction(page: TiffPage, array: Array) -> Array:
    if page.predictor == 1:
        return array
    if page.predictor == 2:
        return np.asarray(imagecodecs.delta_decode(array, axis=-2, out=array))
    if page.predictor == 3 and page.sample_format == 3:
        restored = np.empty_like(array)
        imagecodecs.floatpred_decode(array, axis=-2, out=restored)
        return restored
    raise FormatError(f"its samples are predicted in a way (number {page.predictor}) that is not read.")


def _stored(data: bytes, most: int) -> bytes:
    return data[:most]


def _inflated(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise FormatError(CUT_OFF) from error
    # At the end stands a checksum, which is looked at there.
    if not unpacker.eof:
        raise FormatError(CUT_OFF)
    return raw


def _lzma(data: bytes, most: int) -> bytes:
    unpacker = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    try:
        raw = unpacker.decompress(data, most + 1)
    except lzma.LZMAError as error:
        raise FormatError(CUT_OFF) from error
    if not unpacker.eof:
        raise FormatError(CUT_OFF)
    return raw


def _lzw(data: bytes, most: int) -> bytes:
    if has_zeroes(data):
        raise FormatError(CUT_OFF)
    return bytes(imagecodecs.lzw_decode(data, out=most + _LONGEST_STRING))


def _packbits(data: bytes, most: int) -> bytes:
    if has_zeroes(data):
        raise FormatError(CUT_OFF)
    return bytes(imagecodecs.packbits_decode(data, out=most + _LONGEST_STRING))


def _zstd(data: bytes, most: int) -> bytes:
    if has_zeroes(data):
        raise FormatError(CUT_OFF)
    return bytes(imagecodecs.zstd_decode(data, out=most + 1))


_UNPACKERS: dict[int, Callable[[bytes, int], bytes]] = {
    NONE: _stored,
    LZW: _lzw,
    DEFLATE: _inflated,
    32946: _inflated,
    50013: _inflated,
    PACKBITS: _packbits,
    34925: _lzma,
    34926: _zstd,
    50000: _zstd,
}


def _jpeg(page: TiffPage, data: bytes, shape: Shape) -> Array:
    """A strip or tile with a JPEG of its own, whose tables may stand in the page."""
    rows, columns, samples = shape
    whole = _with_tables(page, data)
    header = read_jpeg_header(whole)
    if header.width_px > columns or header.height_px > max(rows, page.segment_height):
        raise FormatError(CUT_OFF)
    if samples == 4 and header.channels == 4:
        raise FormatError("its four channels are compressed as JPEG, which is not read; save it as RGB.")
    if header.channels != samples:
        raise FormatError(CUT_OFF)
    return _three_dimensions(decode_jpeg(whole, header).samples, shape)


def _with_tables(page: TiffPage, data: bytes) -> bytes:
    """The JPEG with the page's tables, and with a mark that says which colour space the page has."""
    if data[:2] != b"\xff\xd8":
        raise FormatError(CUT_OFF)
    tables = page.jpeg_tables
    inner = tables[2:-2] if tables[:2] == b"\xff\xd8" and tables[-2:] == b"\xff\xd9" else b""
    if page.samples == 3 and page.planar == 1:
        transform = 1 if page.photometric == 6 else 0
        if transform == 0 and _is_jfif(data):
            # Decoders disagree: JFIF knows no colours but YCbCr, and the page says that they are RGB.
            raise FormatError("its strips and its tags disagree about its colours; save it as PNG.")
        mark = b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform)
        inner += b"\xff\xee" + struct.pack(">H", len(mark) + 2) + mark
        data = _without_colour_marks(data)
    return data[:2] + inner + data[2:]


def _is_jfif(data: bytes) -> bool:
    return data[2:4] == b"\xff\xe0" and data[6:11] == b"JFIF\0" and b"Adobe\0" not in data[:1024]


def _without_colour_marks(data: bytes) -> bytes:
    """JFIF's and Adobe's marks of a strip count for nothing: the page's tag says the colour space."""
    position, kept = 2, [data[:2]]
    while data[position : position + 1] == b"\xff" and data[position + 1] not in (0xDA, 0xD9):
        length = int(struct.unpack_from(">H", data, position + 2)[0])
        if data[position + 1] not in (0xE0, 0xEE):
            kept.append(data[position : position + 2 + length])
        position += 2 + length
    return b"".join([*kept, data[position:]])


def as_its_streams(page: TiffPage, content: bytes) -> TiffPage:
    """The page with the bits a sample of its JPEG 2000 streams, which may be fewer than those that it declares."""
    if page.compression not in _JPEG_2000 or not page.offsets:
        return page
    components = read_components(_bytes_of(page, 0, content))
    return replace(page, bits=(components.bits,) * page.samples)


def _jpeg_2000(page: TiffPage, data: bytes, shape: Shape) -> Array:
    components = read_components(data)
    if has_zeroes_in_jpeg_2000(data, shape[0] * shape[1], components.bits):
        raise FormatError(CUT_OFF)
    if components.width > shape[1] or components.height > shape[0]:
        # Looked at before anything is decoded, which would take what the code stream claims.
        raise FormatError(CUT_OFF)
    if components.bits != page.bits[0]:
        raise FormatError(CUT_OFF)
    return _three_dimensions(imagecodecs.jpeg2k_decode(data[components.at :]), shape)


def _image(page: TiffPage, data: bytes, shape: Shape) -> Array:
    """A strip or tile that is an image file of its own."""
    if page.compression == _PNG:
        if page.bits[0] != 8:
            # It comes with 8 bits from here, and would be scaled once more by what the page says.
            raise FormatError(
                f"it is a TIFF of {page.bits[0]} bits in PNG compression, which is not read; save it as PNG."
            )
        from bloodsmear.images.formats.png import open_png
        from bloodsmear.images.formats.reader_contract import Asked

        stored = open_png(data, Asked(pixels=shape[0] * shape[1])).read(1)
        samples = stored.samples if stored.alpha is None else np.dstack([stored.samples, stored.alpha])
        return _three_dimensions(samples, shape)
    kind = np.uint8 if page.bits[0] == 8 else np.dtype(f"u{page.bits[0] // 8}")
    if page.compression == _LERC:
        if page.sample_format == 3:
            kind = np.dtype(f"f{page.bits[0] // 8}")
        out = np.zeros(shape if shape[2] > 1 else shape[:2], kind)
        decoded, mask = imagecodecs.lerc_decode(_lerc_bytes(data, out.nbytes), masks=True, out=out)
        if mask is not None and not mask.all():
            raise FormatError("a part of its pixels is left out (by LERC's mask); save it as PNG.")
        return _three_dimensions(decoded, shape)
    if has_zeroes_in_webp(data, shape[0] * shape[1]):
        raise FormatError(CUT_OFF)
    out = np.empty(shape, np.uint8)
    return _three_dimensions(imagecodecs.webp_decode(data, hasalpha=shape[2] == 4, out=out), shape)


def _lerc_bytes(data: bytes, most: int) -> bytes:
    """LERC may be deflated or packed by ZSTD once more; it takes hardly more room than the samples themselves."""
    if data[:4] == b"Lerc":
        return data
    most += most // 8 + 65536
    return _zstd(data, most) if data[:4] == b"\x28\xb5\x2f\xfd" else _inflated(data, most)


def _three_dimensions(array: Array, shape: Shape) -> Array:
    if array.ndim == 2:
        return array.reshape(*array.shape, 1)
    if array.ndim != 3 or array.shape[0] > shape[0] or array.shape[1] > shape[1]:
        raise FormatError(CUT_OFF)
    return array
