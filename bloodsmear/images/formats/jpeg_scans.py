"""Stretches of a JPEG that were overwritten with zeroes, which every decoder takes for a picture."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

# 256 bits: more than a block of 8×8 px takes when every bit is zero, so that chance is not an explanation.
_ZEROES = bytes(32)
# A scan that refines others holds up to a thousand bits without a code between them (libjpeg's MAX_CORR_BITS).
_ZEROES_REFINED = bytes(160)
_MARKER = re.compile(rb"\xff([^\x00\xff])")
_DHT, _EOI, _SOS, _DQT = 0xC4, 0xD9, 0xDA, 0xDB
_PROGRESSIVE = frozenset((0xC2, 0xC6, 0xCA, 0xCE))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scan's compressed bytes lie in `content[start:end]`; `first_symbols` are those of the tables that count.

    `zeroes` are more in a row than it holds by right.
    """

    start: int
    end: int
    first_symbols: tuple[int, ...]
    zeroes: bytes


def has_zeroed_stretch(content: bytes) -> bool:
    """Whether a JPEG's compressed data holds zeroes where no encoder writes them.

    A lost sector or an interrupted copy leaves zeroes in the middle of a file, and zero bits are a valid code: a grey
    stretch, and other colours after it. Legitimate runs of zeroes come from large even areas, and only where
    "nothing more in this block" has the shortest code of all; with any other table they would spell block after
    block of the same noise.
    """
    if content.find(_ZEROES) < 0:
        return False
    return _has_zeroed_tables(content) or any(
        content.find(scan.zeroes, scan.start, scan.end) >= 0 and not _even_area_is_zeroes(scan)
        for scan in _scans(content)
    )


def _has_zeroed_tables(content: bytes) -> bool:
    """Whether zeroes stand in the tables before the first scan, or in place of one that the scan needs.

    libjpeg passes over them, and takes the usual tables for those that are missing: noise in place of a picture. What
    programs write about a picture (APPn, COM) may hold zeroes, and between segments they cost nothing by themselves.
    """
    tables, position, zeroes_between = set[int](), 2, False
    while (marker := _MARKER.search(content, position)) is not None:
        kind = marker.group(1)[0]
        zeroes_between |= content.find(_ZEROES, position, marker.start()) >= 0
        position = marker.end()
        if kind in _WITHOUT_LENGTH or position + 2 > len(content):
            continue
        length = int(struct.unpack_from(">H", content, position)[0])
        segment = content[position + 2 : position + length]
        position += length
        if kind == _SOS:
            return zeroes_between and not set(_tables_that_count(segment, progressive=False)[0]) <= tables
        if kind in (_DHT, _DQT) and segment.find(_ZEROES) >= 0:
            return True
        if kind == _DHT:
            tables |= set(_first_symbols(segment))
    return False


def _even_area_is_zeroes(scan: _Scan) -> bool:
    """Whether the code of zero bits means the end of a block (or of a run of blocks), or of DC no change."""
    return all(symbol & 0x0F == 0 and symbol != 0xF0 for symbol in scan.first_symbols)


def _scans(content: bytes) -> Iterator[_Scan]:
    """The scans that hold Huffman codes; one that refines the DC coefficients is raw bits, which say nothing."""
    tables: dict[int, int] = {}
    position, progressive = 2, False
    while (marker := _MARKER.search(content, position)) is not None:
        kind, position = marker.group(1)[0], marker.end()
        if kind == _EOI:
            return
        if kind in _WITHOUT_LENGTH or position + 2 > len(content):
            continue
        length = int(struct.unpack_from(">H", content, position)[0])
        segment = content[position + 2 : position + length]
        position += length
        if kind in _FRAMES:
            progressive = kind in _PROGRESSIVE
        elif kind == _DHT:
            tables.update(_first_symbols(segment))
        elif kind == _SOS:
            end = _end_of_scan(content, position)
            counting, zeroes = _tables_that_count(segment, progressive)
            used = [tables[table] for table in counting if table in tables]
            if used:
                yield _Scan(position, end, tuple(used), zeroes)
            position = end


def _first_symbols(segment: bytes) -> dict[int, int]:
    """Table (of AC: + 16) → the symbol whose code is all zeroes: the first one listed (ITU T.81, C.2)."""
    found, position = {}, 0
    while position + 17 < len(segment):
        kind, symbols = segment[position], sum(segment[position + 1 : position + 17])
        if symbols:
            found[kind] = segment[position + 17]
        position += 17 + symbols
    return found


def _tables_that_count(segment: bytes, progressive: bool) -> tuple[list[int], bytes]:
    """The tables by which a scan's zeroes are judged, and how many in a row are too many.

    Those of the AC coefficients, unless a progressive scan has none.
    """
    components = segment[0] if segment else 0
    if len(segment) < 4 + 2 * components:
        return [], _ZEROES
    of_dc = [segment[2 + 2 * component] >> 4 for component in range(components)]
    of_ac = [segment[2 + 2 * component] & 0x0F | 0x10 for component in range(components)]
    last_coefficient, refines = segment[2 + 2 * components], segment[3 + 2 * components] & 0xF0
    if not progressive:
        return of_ac, _ZEROES
    if last_coefficient == 0:
        return [] if refines else of_dc, _ZEROES
    return of_ac, _ZEROES_REFINED if refines else _ZEROES


def _end_of_scan(content: bytes, start: int) -> int:
    position = start
    while (marker := _MARKER.search(content, position)) is not None:
        if not 0xD0 <= marker.group(1)[0] <= 0xD7:  # restart marks stand inside a scan
            return marker.start()
        position = marker.end()
    return len(content)
