"""What readers said of single cells: named, noted, added, removed, each at its place on an image, kept as events.

A cell is an image's bytes and the box around its nucleus. The finder gives the same box for the same pixels; where a
newer finder or a click gave another one, the two boxes meet, and it is still that cell.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bloodsmear.errors import ReviewError
from bloodsmear.images.cells import Cell, FoundCells
from bloodsmear.images.region import Region
from bloodsmear.review.events import Event
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay

_LARGEST_SIDE_PX = 1_000_000
_ELLIPSE_POINTS = 32
# Of touching nuclei 7 pairs among 26,359 finds have their middles in each other's boxes, and up to 0.35 in common.
_COMMON_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Which cell is meant: the image by its name in the study, and the box around the nucleus.

    `sha256` is that of the bytes in which it was seen; where it is empty those of the image's record are meant.
    """

    image: str
    box: Region
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ReaderCell:
    """What one reader said of a cell: its `name` (an id) and `note`, each empty where there is none, and how it came
    there or went.

    `is_added`: the finder had missed it. `is_removed`: it was found, and is none. `at` is UTC, of what was said last
    but for notes.
    """

    box: Region
    name: str = ""
    is_added: bool = False
    is_removed: bool = False
    at: datetime | None = None
    note: str = ""

    @property
    def is_said(self) -> bool:
        """Whether anything is left of what was said."""
        return bool(self.name or self.note or self.is_added or self.is_removed)


def box_text(box: Region) -> str:
    """The text of an event about a cell: JSON, the box in px of the upright image. Raises ReviewError for none."""
    text = json.dumps({"box": [box.left_px, box.top_px, box.width_px, box.height_px]})
    try:
        box_in(text)
    except ValueError as error:
        raise ReviewError(f"The cell cannot be kept: {error}.") from error
    return text


def box_in(text: str) -> Region:
    """What `box_text` was made of. Raises ValueError for anything that the program doesn't write."""
    try:
        read = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    box = read["box"] if isinstance(read, dict) and set(read) == {"box"} else None
    if not isinstance(box, list) or len(box) != 4 or any(type(side) is not int for side in box):
        raise ValueError("it is not the place of a cell")
    if min(box) < 0 or min(box[2:]) < 1 or max(box) > _LARGEST_SIDE_PX:
        raise ValueError("its place is not one on a picture")
    return Region(*box)


def is_same_cell(one: Region, other: Region) -> bool:
    """Whether two boxes are of one cell: the middle of each lies in the other, and 0.4 of what they cover is common."""
    if not (_holds_middle(one, other) and _holds_middle(other, one)):
        return False
    common = one.within(other).pixels
    return common >= _COMMON_SHARE * (one.pixels + other.pixels - common)


def reader_cells(
    replay: Replay, reader: str, listed: ListedImage, named_since: int = 0
) -> tuple[ReaderCell, ...]:
    """What the reader said of the cells of the image as it is now, each once, in the order of their first event.

    Names up to the event with the number `named_since` do not count: an audit set was drawn then. One that was
    added and removed again is left out, and one whose only note was taken away.
    """
    said: list[ReaderCell] = []
    places: dict[Region, int] = {}
    for event in replay.cell_events(reader, listed.image):
        if event.entry.sha256 and listed.sha256 and event.entry.sha256 != listed.sha256:
            continue
        if event.entry.kind == "cell_named" and event.number <= named_since:
            continue
        box = box_in(event.entry.place)
        place = places.get(box)
        if place is None:
            place = next((at for at, one in enumerate(said) if is_same_cell(one.box, box)), len(said))
            places[box] = place
        if place == len(said):
            said.append(ReaderCell(box))
        said[place] = _after(said[place], event)
    return tuple(one for one in said if one.is_said and not (one.is_added and one.is_removed))


def cells_with(found: Sequence[Region], said: Iterable[ReaderCell]) -> list[ReaderCell]:
    """The cells to show to a reader: those found, as the reader has named them or not, and those that the reader added.

    What the reader removed is not among them. A cell that was named and is not found any more still counts.
    """
    shown = [ReaderCell(box) for box in found]
    at = {box: place for place, box in enumerate(found)}
    gone: set[int] = set()
    for one in said:
        place = at.get(one.box)
        if place is None:
            place = next((here for here, box in enumerate(found) if is_same_cell(box, one.box)), None)
        if one.is_removed:
            gone |= {place} if place is not None else set()
        elif place is None:
            shown.append(one)
        else:
            shown[place] = replace(one, box=found[place])
    return [one for place, one in enumerate(shown) if place not in gone]


def seen_by(found: FoundCells, said: Iterable[ReaderCell]) -> FoundCells:
    """What was found in a frame as a reader sees it: without what they removed, with what they added, as an ellipse."""
    by_box = {cell.box: cell for cell in found.cells}
    cells = [by_box.get(one.box) or _added_cell(one.box) for one in cells_with(list(by_box), said)]
    return FoundCells(tuple(cells), found.red_cell_px)


def box_around(x: float, y: float, side_px: float, size_px: tuple[int, int]) -> Region:
    """A square around a place of an image of this width and height, as far as it lies on it: a cell that was missed."""
    width, height = size_px
    left, top = max(0, round(x - side_px / 2)), max(0, round(y - side_px / 2))
    right, bottom = min(width, round(x + side_px / 2)), min(height, round(y + side_px / 2))
    return Region(left, top, max(1, right - left), max(1, bottom - top))


def _added_cell(box: Region) -> Cell:
    x, y = box.left_px + box.width_px / 2, box.top_px + box.height_px / 2
    turns = [2 * math.pi * step / _ELLIPSE_POINTS for step in range(_ELLIPSE_POINTS)]
    outline = tuple(
        (round(x + box.width_px / 2 * math.cos(turn)), round(y + box.height_px / 2 * math.sin(turn)))
        for turn in turns
    )
    area_px = math.pi / 4 * box.width_px * box.height_px
    return Cell(x, y, (outline,), box, area_px, is_cut=False, is_smudge=False)


def _after(before: ReaderCell, event: Event) -> ReaderCell:
    match event.entry.kind:
        case "cell_named":
            return replace(before, name=event.entry.decision, is_removed=False, at=event.at)
        case "cell_added":
            return replace(before, is_added=True, is_removed=False, at=event.at)
        case "cell_noted":
            return replace(before, note=event.entry.text)
        case _:
            return replace(before, name="", note="", is_removed=True, at=event.at)


def _holds_middle(one: Region, other: Region) -> bool:
    x, y = other.left_px + other.width_px / 2, other.top_px + other.height_px / 2
    return one.left_px <= x <= one.right_px and one.top_px <= y <= one.bottom_px
