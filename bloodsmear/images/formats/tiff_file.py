"""A TIFF's pages as plain data: tifffile reads the directories, whatever the byte order and the size of offsets."""

import contextlib
import io
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.images.formats.exif import known_orientation
from bloodsmear.images.formats.reader_contract import CUT_OFF, DAMAGE_ERRORS, FormatError

# More than any stack of smears; a directory that points to itself ends here.
_MOST_PAGES = 2000
_MOST_SEGMENTS = 4_000_000
_REDUCED, _MASK = 1, 4
_YCBCR = 6
# Compressions that make an image of each strip: JPEG, JPEG 2000, WebP, PNG. They know by themselves how coarse it is.
_OF_IMAGES = frozenset((6, 7, 33003, 33004, 33005, 33007, 34712, 34927, 50001, 34933))
_DNG_VERSION, _INNER_PAGES, _METAMORPH_PLANES = 50706, 330, 33629
# InkSet and NumberOfInks: cyan, magenta, yellow, black.
_CMYK_INKS, _FOUR_INKS = 1, 4
# YCbCr as everybody writes it: YCbCrCoefficients and ReferenceBlackWhite.
_CCIR_601, _FULL_RANGE = (0.299, 0.587, 0.114), (0.0, 255.0, 128.0, 255.0, 128.0, 255.0)


@dataclass(frozen=True, slots=True)
class TiffPage:
    """One page: the tags that a picture's decoding needs, by their names in TIFF 6.0.

    `segment_width` and `segment_height` are those of a strip or tile. `stated_low` and `stated_high` are the range of
    the samples that the page's tags give. `pixels_per_unit` along x and y is 0 where no tag gives it.
    """

    width: int
    height: int
    samples: int
    bits: tuple[int, ...]
    sample_format: int
    compression: int
    photometric: int
    planar: int
    predictor: int
    fill_order: int
    orientation: int
    extra: tuple[int, ...]
    subfile_type: int
    tiled: bool
    segment_width: int
    segment_height: int
    offsets: tuple[int, ...]
    byte_counts: tuple[int, ...]
    jpeg_tables: bytes
    colour_map: npt.NDArray[np.uint16] | None
    profile: bytes
    subsampling: tuple[int, ...]
    has_strange_ycbcr: bool
    stated_low: float | None
    stated_high: float | None
    description: str
    byte_order: str
    has_inner_pages: bool
    has_larger_inner_page: bool
    has_strange_inks: bool
    planes_of_metamorph: int
    pixels_per_unit: tuple[float, float]
    resolution_unit: int

    @property
    def is_reduced(self) -> bool:
        """Whether the page says that it is a smaller copy of another or a mask of one, or holds a larger one inside."""
        return self.has_larger_inner_page or bool(self.subfile_type & (_REDUCED | _MASK))

    @property
    def is_coarse(self) -> bool:
        """Whether brightness and colours (YCbCr) are kept apart, with fewer samples of the colours."""
        return (
            self.photometric == _YCBCR and self.compression not in _OF_IMAGES and self.subsampling != (1, 1)
        )


@dataclass(frozen=True, slots=True)
class TiffPages:
    """The pages of a file, and what ImageJ's own tag says of colours (empty: nothing)."""

    pages: tuple[TiffPage, ...]
    lookup_tables: tuple[npt.NDArray[Any], ...] = ()


def read_pages(source: bytes | Path) -> TiffPages:
    """All pages, of a file's bytes or (reading little of it) of a file on the disk.

    Raises FormatError where the first cannot be read; OSError of the disk.
    """
    import tifffile

    # It remarks on stderr what is refused here with a sentence.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    try:
        file = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        with file, tifffile.TiffFile(file, _multifile=False) as tiff:
            pages = tuple(_pages(tiff))
            return TiffPages(pages, _lookup_tables(tiff))
    except DAMAGE_ERRORS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise FormatError(CUT_OFF) from error


def has_one_page(path: Path) -> bool:
    """Whether a file's first directory is its last, or none: told from a few bytes. Raises OSError."""
    with path.open("rb") as file:
        try:
            start = file.read(16)
            order = {b"II": "<", b"MM": ">"}[start[:2]]
            if struct.unpack_from(order + "H", start, 2)[0] == 43:
                return False
            file.seek(struct.unpack_from(order + "I", start, 4)[0])
            entries = struct.unpack(order + "H", file.read(2))[0]
            file.seek(12 * entries, 1)
            return bool(struct.unpack(order + "I", file.read(4))[0] == 0)
        except (KeyError, struct.error):
            return True


def _pages(tiff: Any) -> Iterator[TiffPage]:
    if _DNG_VERSION in tiff.pages.first.tags:
        raise FormatError("it is a raw file of a camera, which is not read; save it as TIFF or PNG there.")
    for number, page in enumerate(tiff.pages):
        if number == _MOST_PAGES:
            raise FormatError(f"it has more than {_MOST_PAGES} pages; split it.")
        yield _page(page, tiff.byteorder)


def _lookup_tables(tiff: Any) -> tuple[npt.NDArray[Any], ...]:
    with contextlib.suppress(*DAMAGE_ERRORS):
        tables = (tiff.imagej_metadata or {}).get("LUTs", ())
        return tuple(np.asarray(table) for table in tables)
    return ()


def _page(page: Any, byte_order: str) -> TiffPage:
    tags = _Tags(page.tags)
    width, height = tags.number(256, 0), tags.number(257, 0)
    samples = tags.number(277, 1)
    tiled = tags.number(322, 0) > 0
    offsets = tags.numbers(324 if tiled else 273) or tags.numbers(273)
    counts = tags.numbers(325 if tiled else 279) or tags.numbers(279)
    colour_map = tags.array(320)
    profile = tags.value(34675)
    tables = tags.value(347)
    return TiffPage(
        width=width,
        height=height,
        samples=samples,
        bits=tags.numbers(258) or (1,),
        sample_format=tags.number(339, 1),
        compression=tags.number(259, 1),
        photometric=tags.number(262, 1 if samples < 3 else 2),
        planar=tags.number(284, 1),
        predictor=tags.number(317, 1),
        fill_order=tags.number(266, 1),
        orientation=known_orientation(tags.number(274, 1)),
        extra=tags.numbers(338),
        subfile_type=tags.number(254, 0) or (_REDUCED if tags.number(255, 1) == 2 else 0),
        tiled=tiled,
        segment_width=tags.number(322, 0) if tiled else width,
        segment_height=tags.number(323, 0) if tiled else min(tags.number(278, height) or height, height),
        offsets=offsets,
        byte_counts=counts,
        jpeg_tables=tables if isinstance(tables, bytes) else b"",
        colour_map=colour_map,
        profile=profile if isinstance(profile, bytes) else b"",
        subsampling=tags.numbers(530) or (2, 2),
        has_strange_ycbcr=tags.fractions(529, _CCIR_601) != _CCIR_601
        or tags.fractions(532, _FULL_RANGE) != _FULL_RANGE,
        stated_low=tags.least(340 if 340 in page.tags else 280),
        stated_high=tags.most(341 if 341 in page.tags else 281),
        description=tags.text(270),
        byte_order=byte_order,
        has_inner_pages=_INNER_PAGES in page.tags,
        has_larger_inner_page=_INNER_PAGES in page.tags and _holds_larger(page, width * height),
        has_strange_inks=(tags.number(332, _CMYK_INKS), tags.number(334, _FOUR_INKS))
        != (_CMYK_INKS, _FOUR_INKS)
        or any(tags.numbers(336)[::2]),
        pixels_per_unit=(tags.quotient(282), tags.quotient(283)),
        resolution_unit=_resolution_unit(tags),
        planes_of_metamorph=page.tags[_METAMORPH_PLANES].count if _METAMORPH_PLANES in page.tags else 1,
    )


def _resolution_unit(tags: "_Tags") -> int:
    """2 where no tag says it, 0 for what cannot be read."""
    with contextlib.suppress(FormatError, *DAMAGE_ERRORS):
        return tags.number(296, 2)
    return 0


def _holds_larger(page: Any, pixels: int) -> bool:
    """Whether a directory inside this one is of a larger picture, as where a camera puts a preview first."""
    with contextlib.suppress(*DAMAGE_ERRORS):
        return any(inner.imagewidth * inner.imagelength > pixels for inner in page.pages or ())
    return False


class _Tags:
    """A page's tags as the types that they ought to have; what has another counts as not there."""

    def __init__(self, tags: Any) -> None:
        self._tags = tags

    def value(self, code: int) -> Any:
        return self._tags.valueof(code)

    def numbers(self, code: int) -> tuple[int, ...]:
        value = self.value(code)
        if isinstance(value, (int, np.integer)):
            return (int(value),)
        if isinstance(value, bytes):
            return tuple(value)
        if isinstance(value, (tuple, list, np.ndarray)):
            if len(value) > _MOST_SEGMENTS:
                raise FormatError(CUT_OFF)
            return tuple(int(one) for one in value)
        return ()

    def number(self, code: int, default: int) -> int:
        numbers = self.numbers(code)
        return numbers[0] if numbers else default

    def array(self, code: int) -> npt.NDArray[np.uint16] | None:
        value = self.value(code)
        return None if value is None else np.asarray(value, np.uint16).reshape(-1)

    def least(self, code: int) -> float | None:
        floats = self._floats(code)
        return min(floats) if floats else None

    def most(self, code: int) -> float | None:
        floats = self._floats(code)
        return max(floats) if floats else None

    def _floats(self, code: int) -> list[float]:
        value = self.value(code)
        if value is None or isinstance(value, (str, bytes)):
            return []
        return [float(one) for one in np.asarray(value, np.float64).reshape(-1)]

    def fractions(self, code: int, default: tuple[float, ...]) -> tuple[float, ...]:
        """Pairs of two numbers each as their quotients, to three decimals."""
        pairs = self.numbers(code)
        if not pairs or not all(pairs[1::2]):
            return default
        return tuple(round(over / under, 3) for over, under in zip(pairs[::2], pairs[1::2], strict=True))

    def quotient(self, code: int) -> float:
        """A single fraction; 0 where there is none. The picture is whole without it, so damage of it is none."""
        with contextlib.suppress(FormatError, *DAMAGE_ERRORS):
            over, under = self.numbers(code)[:2]
            return over / under
        return 0.0

    def text(self, code: int) -> str:
        value = self.value(code)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return value if isinstance(value, str) else ""
