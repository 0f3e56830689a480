"""Which pages of a TIFF make up which picture: fields one after the other, and colours kept as pages.

OME-TIFF's and ImageJ's descriptions come from outside: they are looked through for the few numbers that count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bloodsmear.images.formats.depth import bits_for
from bloodsmear.images.formats.facts import CENTIMETRE_UM, INCH_UM, PixelSize, by_density, by_imagej, by_ome
from bloodsmear.images.formats.ome_facts import ome_lines
from bloodsmear.images.formats.reader_contract import FormatError
from bloodsmear.images.formats.tiff_file import TiffPage, TiffPages

_COLOUR_NAMES = {"red": 0, "r": 0, "green": 1, "g": 1, "blue": 2, "b": 2}
# OME: red, green, blue and alpha in one signed number.
_OME_COLOURS = {0xFF0000: 0, 0x00FF00: 1, 0x0000FF: 2}
_PIXELS = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>(.*?)</(?:\w+:)?Pixels>", re.DOTALL)
_ELEMENT = re.compile(r"<(?:\w+:)?(Channel|TiffData)\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']")
# What the pages are then stands in another file.
_OME_ELSEWHERE = re.compile(r"<(?:\w+:)?BinaryOnly\b")
_ELSEWHERE = "a part of its pictures or colours lies in other files; save it as one."
# ImageJ keeps signed samples 32,768 higher, and says so.
_SIGNED = "-32768"
_RESOLUTION_UNITS_UM = {2: INCH_UM, 3: CENTIMETRE_UM}
_LONGEST_DESCRIPTION = 4_000_000
_LARGEST_NUMBER = 100_000
_MOST_BLOCKS_A_PAGE = 8


@dataclass(frozen=True, slots=True)
class TiffPicture:
    """One picture: a page, or three pages that hold red, green and blue.

    `bits` of the camera and `low`, `high` as the file's description states them; None: it does not. `sizes` of a pixel,
    the description's first; `microscope` as of `FileFacts`.
    """

    pages: tuple[TiffPage, ...]
    bits: int | None = None
    low: float | None = None
    high: float | None = None
    sizes: tuple[PixelSize, ...] = ()
    microscope: tuple[tuple[str, str], ...] = ()


def pictures_in(file: TiffPages) -> list[TiffPicture]:
    """The pictures of full size, in the file's order. Raises FormatError where colours cannot be told."""
    if not file.pages:
        return []
    _refuse_pages_without_directory(file.pages[0].planes_of_metamorph)
    description = file.pages[0].description[:_LONGEST_DESCRIPTION]
    if _OME_ELSEWHERE.search(description):
        raise FormatError(_ELSEWHERE)
    if "<OME" in description or ":OME" in description:
        found = list(_of_ome(file, description)) or _of_plain_pages(file.pages)
        return [replace(one, microscope=ome_lines(description)) for one in found]
    if description.startswith("ImageJ="):
        return _of_imagej(file, description)
    return _of_plain_pages(file.pages)


def _refuse_pages_without_directory(pictures: int) -> None:
    if pictures > 1:
        raise FormatError(
            f"its {pictures} pictures lie in it without a directory each; save them as single files."
        )


def _of_plain_pages(pages: Sequence[TiffPage]) -> list[TiffPicture]:
    """Every page but the reduced ones: those that say so, and those that are smaller and have the largest's shape."""
    whole = [page for page in pages if not page.is_reduced]
    if not whole and any(page.has_inner_pages for page in pages):
        raise FormatError(
            "it shows a reduced picture alone (is it a camera's raw file?); save it as TIFF or PNG."
        )
    # Some programs mark every page; then sizes alone tell.
    whole = whole or list(pages)
    largest = max(whole, key=lambda page: page.width * page.height)
    return [TiffPicture((page,), sizes=_by_tags(page)) for page in whole if not _is_small_copy(page, largest)]


def _by_tags(page: TiffPage) -> tuple[PixelSize, ...]:
    unit_um = _RESOLUTION_UNITS_UM.get(page.resolution_unit)
    return by_density(*page.pixels_per_unit, unit_um, "TIFF") if unit_um else ()


def _is_small_copy(page: TiffPage, largest: TiffPage) -> bool:
    if 2 * page.width > largest.width + 1 or not page.width or not page.height:
        return False
    # The height that the largest would have at this width, to the pixel that rounding costs.
    expected = largest.height * page.width / largest.width
    return abs(page.height - expected) <= max(1.0, 0.01 * expected)


def _of_imagej(file: TiffPages, description: str) -> list[TiffPicture]:
    said = dict(line.split("=", 1) for line in description.splitlines() if "=" in line)
    images, channels = _number(said.get("images"), 1), _number(said.get("channels"), 1)
    pages = [page for page in file.pages if not page.is_reduced]
    if not pages:
        return _of_plain_pages(file.pages)
    if images > len(pages) * max(1, channels if pages[0].samples == channels else 1):
        _refuse_pages_without_directory(images)
    if said.get("c0", "").startswith(_SIGNED) and pages[0].bits[0] == 16:
        raise FormatError("its samples are signed; save it with 8 or 16 bits a channel, which are not.")
    low, high = _real(said.get("min")), _real(said.get("max"))
    bits = bits_for(high) if high is not None else None
    sizes = by_imagej(description, *pages[0].pixels_per_unit) or _by_tags(pages[0])
    if channels == 1 or (pages[0].samples == channels and len(pages) * channels >= images):
        return [TiffPicture((_with_colours(page),), bits, low, high, sizes) for page in pages]
    order = _by_lookup_tables(file, channels)
    return [TiffPicture(colours, bits, low, high, sizes) for colours in _in_colours(pages, channels, order)]


def _with_colours(page: TiffPage) -> TiffPage:
    """Three samples a pixel that are grey by their tag are colours where the description calls them channels."""
    return replace(page, photometric=2, extra=()) if page.samples == 3 and page.photometric == 1 else page


def _by_lookup_tables(file: TiffPages, channels: int) -> tuple[int, ...] | None:
    """For red, green and blue the channel that is shown in it; None where nothing says so."""
    if len(file.lookup_tables) != channels:
        return None
    brightest = [tuple(int(value) > 127 for value in table[:, -1]) for table in file.lookup_tables]
    if all(colour == brightest[0] and all(colour) for colour in brightest):  # all grey
        return None
    primary = [colour.index(True) if sum(colour) == 1 else -1 for colour in brightest]
    return _order(primary)


def _of_ome(file: TiffPages, description: str) -> Iterator[TiffPicture]:
    start = 0
    for attributes, inner in _PIXELS.findall(description):
        pixels = dict(_ATTRIBUTE.findall(attributes))
        elements = [(name, dict(_ATTRIBUTE.findall(words))) for name, words in _ELEMENT.findall(inner)]
        size = {axis: _number(pixels.get(f"Size{axis}"), 1) for axis in "CZT"}
        channels = [words for name, words in elements if name == "Channel"]
        a_page = _number(channels[0].get("SamplesPerPixel"), 1) if channels else 1
        if start < len(file.pages) and file.pages[start].samples >= size["C"] > 1:
            a_page = size["C"]
        planes = max(1, size["C"] // max(1, a_page))
        blocks = [words for name, words in elements if name == "TiffData"]
        order = pixels.get("DimensionOrder", "XYCZT")
        bits = _number(pixels.get("SignificantBits"), 0)
        pages = _ome_planes(file.pages, _Planes(planes, size["Z"], size["T"], order, start), blocks)
        start += planes * size["Z"] * size["T"]
        for colours in _in_colours(pages, planes, _by_ome_colours(channels)):
            yield TiffPicture(
                tuple(map(_with_colours, colours)),
                bits if 1 <= bits <= 16 else None,
                sizes=(*by_ome(pixels), *_by_tags(colours[0])),
            )


@dataclass(frozen=True, slots=True)
class _Planes:
    channels: int
    z: int
    t: int
    order: str
    start: int

    def place(self, c: int, z: int, t: int) -> int:
        """Which plane of the file this is, by the order of the dimensions after X and Y: the first runs fastest."""
        place, step = 0, 1
        index, size = {"C": c, "Z": z, "T": t}, {"C": self.channels, "Z": self.z, "T": self.t}
        for axis in self.order[2:]:
            place, step = place + step * index.get(axis, 0), step * size.get(axis, 1)
        return place


def _ome_planes(pages: Sequence[TiffPage], planes: _Planes, blocks: list[dict[str, str]]) -> list[TiffPage]:
    """The pages, channel by channel within each field. Raises FormatError where some lie in other files."""
    elsewhere = FormatError(_ELSEWHERE)
    # A block for each page, or for each of its samples.
    if len(blocks) > _MOST_BLOCKS_A_PAGE * len(pages):
        raise elsewhere
    at = {}
    for block in blocks:
        first = planes.place(*(_number(block.get(f"First{axis}"), 0) for axis in "CZT"))
        whole = planes.channels * planes.z * planes.t
        count = _number(block.get("PlaneCount"), 1 if "IFD" in block else whole)
        for step in range(min(count, whole, len(pages))):
            at[first + step] = _number(block.get("IFD"), 0) + step
    found: list[int] = []
    for t in range(planes.t):
        for z in range(planes.z):
            for c in range(planes.channels):
                place = planes.place(c, z, t)
                page = at.get(place, planes.start + place)
                # Each file of a set counts its pages from 0: one page would stand for all colours.
                if page >= len(pages) or page in found:
                    raise elsewhere
                found.append(page)
    return [pages[page] for page in found]


def _by_ome_colours(channels: list[dict[str, str]]) -> tuple[int, ...] | None:
    if any("Color" in words for words in channels):
        colours = [_OME_COLOURS.get(_signed(words.get("Color")) >> 8 & 0xFFFFFF, -1) for words in channels]
        if -1 not in colours:
            return _order(colours)
    if any(words.get("Name") for words in channels):
        names = [_COLOUR_NAMES.get(words.get("Name", "").strip().lower(), -1) for words in channels]
        return _order(names) if -1 in names and not _only_numbered(channels) else _order_or_none(names)
    return None


def _only_numbered(channels: list[dict[str, str]]) -> bool:
    """Names that tell nothing about a colour, such as `Channel 1` or `C:0`."""
    return all(re.fullmatch(r"(channel|ch|c)?\W*\d+", words.get("Name", "").lower()) for words in channels)


def _order_or_none(primaries: list[int]) -> tuple[int, ...] | None:
    return None if -1 in primaries else _order(primaries)


def _order(primaries: list[int]) -> tuple[int, ...]:
    """Primary of each channel → channel of each primary; empty where they are not red, green and blue."""
    if sorted(primaries) != [0, 1, 2]:
        return ()
    return tuple(int(channel) for channel in np.argsort(primaries))


def _in_colours(
    pages: Sequence[TiffPage], channels: int, order: tuple[int, ...] | None
) -> Iterator[tuple[TiffPage, ...]]:
    """Pages in groups of one picture each. Of three grey pages without further words the first is red."""
    if channels == 1:
        yield from ((page,) for page in pages)
        return
    if channels != 3 or order == ():
        raise FormatError(
            f"its colours are kept as {channels} channels that are not red, green and blue; save it as RGB."
        )
    for first in range(0, len(pages) - 2, 3):
        group = pages[first : first + 3]
        yield tuple(group[place] for place in order or (0, 1, 2))


def _number(text: str | None, default: int) -> int:
    if text is None or not re.fullmatch(r"\d{1,9}", text.strip()):
        return default
    return min(int(text), _LARGEST_NUMBER)


def _signed(text: str | None) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,10}", text) else 0


def _real(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
