"""EXIF's small directories, which cameras write into every format: orientation, resolution, camera."""

import re
import struct
from collections.abc import Iterator

from bloodsmear.images.formats.facts import CENTIMETRE_UM, INCH_UM, PixelSize, by_density

ORIENTATION_TAG = 274
EXIF_MARK = b"Exif\0\0"
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_MOST_ENTRIES = 4096
_LONGEST_TEXT = 200
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT, _PHOTO = 282, 283, 296, 34665
_UNITS_UM = {2: INCH_UM, 3: CENTIMETRE_UM}
# What a reader may want to know of the camera; places and owners are left out.
_TEXTS = {271: "Camera maker", 272: "Camera", 305: "Program", 306: "Date in the file", 36867: "Taken"}
# `2026:11:29 20:00:00`, which nobody else writes.
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) ")
_FIGURES = {33434: ("Exposure", "s"), 37386: ("Focal length", "mm")}


def orientation_of(exif: bytes | memoryview) -> int:
    """1 to 8. EXIF that cannot be read says nothing, and the image stands as it is stored."""
    directory = _Directory(exif)
    return known_orientation(next(iter(directory.numbers(ORIENTATION_TAG, _SHORT)), 1))


def known_orientation(value: int) -> int:
    """The value where EXIF knows it, else 1."""
    return value if 1 <= value <= 8 else 1


def resolution_of(exif: bytes) -> tuple[PixelSize, ...]:
    """The size of a pixel by EXIF's resolution; nothing where it states none, or no unit."""
    directory = _Directory(exif)
    unit = next(iter(directory.numbers(_RESOLUTION_UNIT, _SHORT)), 2)
    x, y = directory.fraction(_X_RESOLUTION), directory.fraction(_Y_RESOLUTION)
    return by_density(x, y, _UNITS_UM[unit], "EXIF") if unit in _UNITS_UM else ()


def camera_lines(exif: bytes) -> tuple[tuple[str, str], ...]:
    """What EXIF says of camera and exposure, each with its name; texts of 200 letters at most."""
    main = _Directory(exif)
    photo = main.inner(_PHOTO)
    texts = ((name, main.text(tag) or photo.text(tag)) for tag, name in _TEXTS.items())
    lines = [(name, _DATE.sub(r"\1-\2-\3 ", text)) for name, text in texts if text]
    for tag, (name, unit) in _FIGURES.items():
        if value := photo.fraction(tag):
            lines.append((name, f"{value:.4g} {unit}"))
    return tuple(lines)


class _Directory:
    """One directory of EXIF; what lies outside of it or has another type than it ought to counts as not there."""

    def __init__(self, exif: bytes | memoryview, start: int | None = None) -> None:
        view = memoryview(exif)
        self._view = view[6:] if bytes(view[:6]) == EXIF_MARK else view
        self._order = {b"II": "<", b"MM": ">"}.get(bytes(self._view[:2]), "")
        self._entries: dict[tuple[int, int], tuple[int, int]] = {}
        try:
            if self._order and struct.unpack_from(self._order + "H", self._view, 2)[0] == 42:
                if start is None:
                    start = int(struct.unpack_from(self._order + "I", self._view, 4)[0])
                for tag, kind, count, at in self._read(start):
                    # The first of two that are alike counts.
                    self._entries.setdefault((tag, kind), (count, at))
        except (struct.error, IndexError, OverflowError):
            pass

    def numbers(self, tag: int, kind: int) -> tuple[int, ...]:
        """The values of an entry of this type: one, or two for a fraction."""
        count, at = self._entries.get((tag, kind), (0, 0))
        if count < 1:
            return ()
        letters = {_SHORT: "H", _LONG: "I", _RATIONAL: "II"}[kind]
        try:
            return tuple(int(one) for one in struct.unpack_from(self._order + letters, self._view, at))
        except (struct.error, OverflowError):
            return ()

    def fraction(self, tag: int) -> float:
        """The value of a fraction; 0 where there is none."""
        over, under = self.numbers(tag, _RATIONAL) or (0, 0)
        return over / under if under else 0.0

    def text(self, tag: int) -> str:
        """A text, up to its first zero, without letters that no line shows."""
        count, at = self._entries.get((tag, _ASCII), (0, 0))
        stored = bytes(self._view[at : at + min(count, _LONGEST_TEXT)]).partition(b"\0")[0]
        shown = "".join(
            letter if letter.isprintable() else " " for letter in stored.decode("utf-8", "replace")
        )
        return " ".join(shown.split())

    def inner(self, tag: int) -> "_Directory":
        """The directory that an entry leads to; an empty one where it leads nowhere."""
        start = next(iter(self.numbers(tag, _LONG)), len(self._view))
        return _Directory(self._view, start)

    def _read(self, start: int) -> Iterator[tuple[int, int, int, int]]:
        """Tag, type, count, and where the values lie: a fraction and a long text have no room in the entry itself."""
        entries = struct.unpack_from(self._order + "H", self._view, start)[0]
        for entry in range(min(entries, _MOST_ENTRIES)):
            at = start + 2 + 12 * entry
            tag, kind, count = struct.unpack_from(self._order + "HHI", self._view, at)
            elsewhere = kind == _RATIONAL or (kind == _ASCII and count > 4)
            yield (
                tag,
                kind,
                count,
                struct.unpack_from(self._order + "I", self._view, at + 8)[0] if elsewhere else at + 8,
            )
