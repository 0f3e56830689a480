"""Marks that a reader draws on an image: what they hold, the JSON by which an event keeps their place, and back.

Places are pixels of the original as it is shown (upright, after EXIF rotation): x to the right, y down, from the outer
corner of the first pixel, so that (0.5, 0.5) is the first pixel's middle.
"""

import json
import math
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from bloodsmear.errors import ReviewError
from bloodsmear.images.scale import length_words
from bloodsmear.review.events import Event

MarkShape = Literal["arrow", "circle", "box", "point", "text", "length", "diameter"]
# In the order to show, with the words for people.
SHAPE_NAMES: dict[MarkShape, str] = {
    "arrow": "Arrow",
    "circle": "Circle",
    "box": "Box",
    "point": "Point",
    "text": "Text",
    "length": "Length",
    "diameter": "Diameter",
}
# An arrow from its end to its tip; a circle by the ends of a diameter; a box by two corners; a text by its upper left;
# what the ruler drew by its ends: a length, and a diameter with its circle.
_PLACES: dict[MarkShape, int] = {
    "arrow": 2,
    "circle": 2,
    "box": 2,
    "point": 1,
    "text": 1,
    "length": 2,
    "diameter": 2,
}
LONGEST_WORDS = 200
# Of one reader on one image: more cannot be told apart, and a view paints them all.
MOST_MARKS = 500
_LARGEST_SIDE_PX = 1_000_000

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """What is drawn: `places` in px within `size_px`, the width and height of the picture it was drawn on.

    `words` stand beside it, and are what a text is made of; empty where there are none.
    """

    shape: MarkShape
    places: tuple[Place, ...]
    size_px: tuple[int, int]
    words: str = ""

    @property
    def circle(self) -> tuple[Place, float]:
        """The centre and the radius of the circle whose diameter goes from the first place to the last."""
        (x0, y0), (x1, y1) = self.places[0], self.places[-1]
        return ((x0 + x1) / 2, (y0 + y1) / 2), math.hypot(x1 - x0, y1 - y0) / 2

    def length(self, um_per_px: float | None) -> str:
        """How long a length, or the diameter of a circle, is: `7.31 µm`, `⌀ 14.2 px`; empty for other shapes."""
        if self.shape not in ("length", "diameter", "circle"):
            return ""
        (x0, y0), (x1, y1) = self.places[0], self.places[-1]
        words = length_words(math.hypot(x1 - x0, y1 - y0), um_per_px)
        return words if self.shape == "length" else f"⌀ {words}"

    def label(self, um_per_px: float | None) -> str:
        """What stands beside it: its words, and of what the ruler drew how long it is."""
        length = self.length(um_per_px) if self.shape in ("length", "diameter") else ""
        return ": ".join(part for part in (self.words, length) if part)

    @property
    def words_place(self) -> Place:
        """Beside which place its words stand: right of the shape, at an arrow's end, or where a text was put."""
        if self.shape in ("circle", "diameter"):
            (x, y), radius = self.circle
            return x + radius * math.sqrt(0.5), y + radius * math.sqrt(0.5)
        if self.shape == "arrow":
            return self.places[0]
        return max(x for x, _ in self.places), max(y for _, y in self.places)

    def arrow_head(self, stroke_px: float) -> tuple[Place, Place, Place]:
        """The strokes at an arrow's tip, from end over tip to end; of a short arrow they are half as long as it."""
        (x0, y0), (x, y) = self.places[0], self.places[-1]
        along, length = math.atan2(y - y0, x - x0), math.hypot(x - x0, y - y0)
        stroke_px = min(stroke_px, length / 2)
        one, other = (
            (x - stroke_px * math.cos(along + side), y - stroke_px * math.sin(along + side))
            for side in (math.pi / 7, -math.pi / 7)
        )
        return one, (x, y), other


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark as it stands on an image: `number` is that of its event, `at` when it was drawn (UTC).

    `sha256` is that of the bytes it was drawn on, empty where they had not been read.
    """

    number: int
    reader: str
    drawn: DrawnShape
    at: datetime
    sha256: str = ""

    def sentence(self, um_per_px: float | None) -> str:
        """What it is, in words, and how large: `Circle: lobes, ⌀ 14.2 µm`, `Length, 7.31 µm`, or `Arrow`."""
        drawn, name = self.drawn, SHAPE_NAMES[self.drawn.shape]
        words = f"{name}: {drawn.words}" if drawn.words else name
        if length := drawn.length(um_per_px):
            return f"{words}, {length}"
        if drawn.shape == "box":
            (x0, y0), (x1, y1) = drawn.places
            sides = (length_words(abs(side), um_per_px) for side in (x1 - x0, y1 - y0))
            return f"{words}, {' × '.join(sides)}"
        return words


def checked_words(typed: str) -> str:
    """Words as a mark keeps them: one line, nothing in it that cannot be shown. Raises ReviewError for too many."""
    words = " ".join("".join(one if _is_shown(one) else " " for one in typed).split())
    if len(words) > LONGEST_WORDS:
        raise ReviewError(
            f"The words of a mark have {len(words):,} letters; at most {LONGEST_WORDS} are allowed. Write the rest "
            "into the note."
        )
    return words


def place_text(drawn: DrawnShape) -> str:
    """The place of its event: JSON in ASCII, to a hundredth of a pixel. Raises ReviewError where it cannot be kept."""
    text = json.dumps(
        {
            "shape": drawn.shape,
            "places": [[round(x, 2), round(y, 2)] for x, y in drawn.places],
            "size": drawn.size_px,
        }
    )
    try:
        drawn_in(text, drawn.words)
    except ValueError as error:
        raise ReviewError(f"The mark cannot be kept: {error}. Draw it anew, on the picture.") from error
    return text


def drawn_in(place: str, words: str) -> DrawnShape:
    """What an event's place and words were made of. Raises ValueError for anything that the program doesn't write."""
    try:
        read = json.loads(place)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if not isinstance(read, dict) or set(read) != {"shape", "places", "size"}:
        raise ValueError("it is not a mark")
    if read["shape"] not in list(SHAPE_NAMES):
        raise ValueError("there is no such shape")
    shape = cast(MarkShape, read["shape"])
    size_px = _size(read["size"])
    places = read["places"]
    if not isinstance(places, list) or len(places) != _PLACES[shape]:
        raise ValueError("it has too few places, or too many")
    if len(words) > LONGEST_WORDS or not all(_is_shown(one) for one in words):
        raise ValueError("its words are too long, or cannot be shown")
    if shape == "text" and not words:
        raise ValueError("it is a text without words")
    return DrawnShape(shape, tuple(_place(one, size_px) for one in places), size_px, words)


def mark_of(event: Event) -> DrawnMark:
    """The mark that an event `mark_drawn` drew; the edge (storage.event_log) has looked at it."""
    entry = event.entry
    return DrawnMark(event.number, entry.reader, drawn_in(entry.place, entry.text), event.at, entry.sha256)


def _is_shown(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")


def _size(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("it has no size of the picture")
    width, height = value
    for side in (width, height):
        if type(side) is not int or not 1 <= side <= _LARGEST_SIDE_PX:
            raise ValueError("it has no size that a picture can have")
    return width, height


def _place(value: object, size_px: tuple[int, int]) -> Place:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a place has not two numbers")
    for number, side in zip(value, size_px, strict=True):
        # NaN and infinity fail the comparison, too.
        if type(number) not in (int, float) or not 0 <= number <= side:
            raise ValueError("a place lies outside of the picture")
    return float(value[0]), float(value[1])
