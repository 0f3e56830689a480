"""TIFF: which picture of the file is meant, and what its samples mean."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.depth import Depth, bits_for, by_range, to_8_bits
from bloodsmear.images.formats.facts import FileFacts
from bloodsmear.images.formats.picture import Picture, Samples, Stored, in_bands
from bloodsmear.images.formats.reader_contract import (
    COARSE_COLOURS,
    CUT_OFF,
    Asked,
    FormatError,
    require_size,
)
from bloodsmear.images.formats.tiff_file import TiffPage, has_one_page, read_pages
from bloodsmear.images.formats.tiff_layout import TiffPicture, pictures_in

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR, _CIELAB, _ICCLAB = 0, 1, 2, 3, 5, 6, 8, 9
_COLOURS = {
    _WHITE_IS_ZERO: 1,
    _BLACK_IS_ZERO: 1,
    _RGB: 3,
    _PALETTE: 1,
    _CMYK: 4,
    _YCBCR: 3,
    _CIELAB: 3,
    _ICCLAB: 3,
}
_PREMULTIPLIED, _ALPHA = 1, 2
_MOST_SAMPLES = 8
_UNSIGNED, _FLOAT = (1, 4), 3
_APERIO_YCBCR = 33003
# Compressions that hand out the samples as they were, not as RGB.
_LERC = 34887
_KEEPS_SAMPLES = frozenset((1, 5, 8, 32773, 32946, 50013, 34925, 34926, 50000, _LERC))
# To libtiff the tag counts for nothing here, to tifffile it does.
_HARDLY_PREDICTED = frozenset((1, 32773, _LERC))
_PREDICTED_BITS = frozenset((8, 16, 32, 64))

Array = npt.NDArray[Any]


def open_tiff(content: bytes, asked: Asked) -> Picture:
    """The picture `asked.page` of a TIFF. Raises FormatError."""
    pictures = pictures_in(read_pages(content))
    if not pictures:
        raise FormatError(CUT_OFF)
    if asked.page >= len(pictures):
        raise FormatError("the file no longer has this page; it was saved again with fewer.")
    picture = pictures[asked.page]
    first = picture.pages[0]
    for page in picture.pages:
        require_size(page.width, page.height, asked.pixels, _sample_bytes(page) * len(picture.pages))
        _refuse_strange(page)
    return Picture(
        first.width,
        first.height,
        lambda _divisor: _read(picture, content, asked),
        first.orientation,
        # As they were unpacked, and as a picture.
        sample_bytes=2 * sum(map(_sample_bytes, picture.pages)),
        # A TIFF is EXIF's own form: its first directory says what camera and program made it.
        facts=FileFacts(max(first.bits), picture.sizes, content, picture.microscope),
    )


def count_pictures_in(path: Path) -> int:
    """How many pictures of full size a TIFF on the disk holds; 1 where that cannot be told. Raises OSError."""
    if has_one_page(path):
        return 1
    try:
        return max(1, len(pictures_in(read_pages(path))))
    except FormatError:
        return 1


def _sample_bytes(page: TiffPage) -> int:
    return max(1, page.samples) * max(1, -(-max(page.bits) // 8))


def _refuse_strange(page: TiffPage) -> None:
    colours = _COLOURS.get(page.photometric)
    if colours is None:
        raise FormatError(
            f"its colours (photometric {page.photometric}) are of a kind that is not read; save it as RGB."
        )
    if not colours <= page.samples <= _MOST_SAMPLES or len(set(page.bits)) != 1:
        raise FormatError(
            f"it has {page.samples} samples a pixel, which do not fit its colours; save it as RGB."
        )
    if colours == 1 and page.samples > 2:
        raise FormatError(
            f"it has {page.samples} samples a pixel and does not say of which colours; save it as RGB."
        )
    if page.photometric == _CMYK and page.has_strange_inks:
        raise FormatError("its inks are not cyan, magenta, yellow and black as usual; save it as RGB.")
    if page.predictor != 1 and _is_oddly_predicted(page):
        raise FormatError("its samples are predicted in an unusual way, which is not read; save it as PNG.")
    if page.photometric == _YCBCR and page.compression in _KEEPS_SAMPLES:
        if page.is_coarse and not _is_usually_coarse(page):
            raise FormatError(COARSE_COLOURS)
        if page.has_strange_ycbcr:
            raise FormatError(
                "its colours (YCbCr) are of an unusual range, which is not read; save it as RGB."
            )


def _is_oddly_predicted(page: TiffPage) -> bool:
    if page.compression in _HARDLY_PREDICTED:
        return True
    return page.compression in _KEEPS_SAMPLES and page.bits[0] not in _PREDICTED_BITS


def _is_usually_coarse(page: TiffPage) -> bool:
    across, down = page.subsampling if len(page.subsampling) == 2 else (0, 0)
    sides = {1, 2, 4}
    plain = page.compression != _LERC and page.planar == 1 and page.predictor == 1 and page.samples == 3
    return plain and set(page.bits) == {8} and {across, down} <= sides and down <= across


def _read(picture: TiffPicture, content: bytes, asked: Asked) -> Stored:
    # The codecs come with the first TIFF: no window and no JPEG waits for them.
    from bloodsmear.images.formats.tiff_segments import as_its_streams, samples_of

    picture = replace(picture, pages=tuple(as_its_streams(page, content) for page in picture.pages))
    if len(picture.pages) == 3:
        return _of_three_pages(picture, content, asked)
    page = picture.pages[0]
    return _stored(page, samples_of(page, content, asked.pixels), picture, asked)


def _of_three_pages(picture: TiffPicture, content: bytes, asked: Asked) -> Stored:
    from bloodsmear.images.formats.tiff_segments import samples_of

    first = picture.pages[0]
    planes = []
    for page in picture.pages:
        if page.samples != 1 or page.photometric not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO):
            raise FormatError("its colours are kept as pages that are not grey; save it as RGB.")
        if (page.width, page.height, page.bits) != (first.width, first.height, first.bits):
            raise FormatError(CUT_OFF)
        planes.append(samples_of(page, content, asked.pixels))
    together = _eight_bits(first, np.concatenate(planes, axis=-1), picture, asked)
    return Stored(255 - together if first.photometric == _WHITE_IS_ZERO else together, profile=first.profile)


def _stored(page: TiffPage, samples: Array, picture: TiffPicture, asked: Asked) -> Stored:
    from bloodsmear.images.formats.tiff_segments import gives_rgb

    count = _COLOURS[page.photometric]
    colours, alpha, premultiplied = samples[..., :count], None, False
    for place, kind in enumerate(page.extra[: samples.shape[2] - count]):
        if kind in (_PREMULTIPLIED, _ALPHA):
            alpha = _whole_range(page, samples[..., count + place])
            premultiplied = kind == _PREMULTIPLIED
            break
    if page.photometric == _PALETTE:
        return Stored(_from_palette(page, samples[..., 0]), "rgb", alpha, premultiplied, page.profile)
    if page.photometric in (_CIELAB, _ICCLAB):
        return Stored(_lab(page, colours), "lab", alpha, profile=page.profile)
    eight = _eight_bits(page, colours, picture, asked)
    if count == 1:
        grey = eight[..., 0]
        return Stored(
            255 - grey if page.photometric == _WHITE_IS_ZERO else grey,
            "grey",
            alpha,
            premultiplied,
            page.profile,
        )
    if page.photometric == _CMYK:
        return Stored(eight, "cmyk", alpha, premultiplied, page.profile)
    aperio = page.compression == _APERIO_YCBCR and page.description.startswith("Aperio")
    if aperio or (page.photometric == _YCBCR and not gives_rgb(page)):
        eight = _rgb_of_ycbcr(eight)
    return Stored(eight, "rgb", alpha, premultiplied, page.profile)


def _eight_bits(page: TiffPage, samples: Array, picture: TiffPicture, asked: Asked) -> Samples:
    """Scaled by what the file states: its bits a sample, or the range of floating point and 32-bit samples."""
    bits = samples.dtype.itemsize * 8 if page.bits[0] > 16 else page.bits[0]
    if page.sample_format in _UNSIGNED and bits <= 16:
        stated = bits_for(page.stated_high) if page.stated_high is not None else None
        return to_8_bits(samples, Depth(bits, stated or picture.bits, asked.camera_bits))
    if page.sample_format in (*_UNSIGNED, _FLOAT):
        low = picture.low if picture.low is not None else page.stated_low
        high = picture.high if picture.high is not None else page.stated_high
        if low is not None and high is not None and low < high:
            return by_range(samples, low, high)
    raise FormatError(
        f"its samples are of type {samples.dtype} without a stated range; save it with 8 or 16 bits a channel."
    )


def _whole_range(page: TiffPage, alpha: Array) -> Samples:
    """Alpha has all its bits, whatever the camera had."""
    if page.sample_format == _FLOAT:
        return by_range(alpha, 0.0, 1.0)
    if page.bits[0] > 16:
        return np.asarray(alpha >> (page.bits[0] - 8), np.uint8)
    return to_8_bits(alpha, Depth(page.bits[0], page.bits[0]))


def _from_palette(page: TiffPage, indices: Array) -> Samples:
    """The palette has 16 bits a colour; some programs filled only the lower 8, as libtiff finds out, too."""
    if page.bits[0] > 8 or page.colour_map is None or page.colour_map.size < 3 << page.bits[0]:
        raise FormatError(CUT_OFF)
    palette = page.colour_map[: 3 << page.bits[0]].reshape(3, -1).T
    eight = palette if palette.max(initial=0) < 256 else palette >> 8
    return np.ascontiguousarray(eight.astype(np.uint8)[indices])


def _rgb_of_ycbcr(samples: Samples) -> Samples:
    """By CCIR 601's coefficients and the full range, as JPEG has them."""

    def rgb_of(band: Samples) -> Array:
        y, cb, cr = (band[..., place].astype(np.float32) for place in range(3))
        cb, cr = cb - 128, cr - 128
        rgb = np.stack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb], axis=-1)
        return np.asarray(np.clip(np.rint(rgb), 0, 255), np.uint8)

    return in_bands(rgb_of, samples)


def _lab(page: TiffPage, samples: Array) -> Samples:
    """L from 0 to 255, a and b signed, as TIFF 6.0 has them; 16 bits are rounded. ICC's are offset by 128."""
    if page.bits[0] not in (8, 16):
        raise FormatError(f"it is a CIELab TIFF with {page.bits[0]} bits a channel; save it as RGB.")
    if page.photometric == _ICCLAB:
        if page.bits[0] == 16:
            samples = in_bands(lambda band: np.minimum((band.astype(np.uint32) + 128) >> 8, 255), samples)
        return np.asarray(samples, np.uint8) ^ np.array([0, 128, 128], np.uint8)
    if page.bits[0] == 8:
        return np.ascontiguousarray(samples, np.uint8)
    lightness = to_8_bits(samples[..., :1], Depth(16, 16))
    ab = np.ascontiguousarray(samples[..., 1:]).view(np.int16)
    rounded = in_bands(lambda band: np.minimum((band.astype(np.int32) + 128) >> 8, 127) & 0xFF, ab)
    return np.concatenate([lightness, rounded], axis=-1)
