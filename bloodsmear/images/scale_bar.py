"""The scale bar that a microscope's program burns into a picture: found by its ink, and filled with the background.

It is a line with two ticks and words over it, near the lower edge: black in a white box, or red on the picture itself.
Which of them a picture has says when and by whom it was taken, so nothing may answer by it. All that is looked at is
colours and measures: no network, and the same pixels always give the same rectangle.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage

_Plane = npt.NDArray[np.uint8]

# Bars are looked for in the lowest fifth, at this width at most.
_SEARCHED_SHARE, _WIDTH_PX = 0.2, 1024
# Black ink is dark and without colour: the darkest nuclei are as dark, but blue.
_INK_BELOW, _INK_COLOUR_BELOW = 110, 40
# The box is white with grey edges of letters; so much of what the words fill is one and the other. JPEG lets it waver.
_WHITE_FROM, _WHITE_SHARE = 232, 0.3
_GREY_COLOUR_BELOW, _GREY_SHARE = 24, 0.9
# Red ink: how far red is above the brighter of the other two, and how much further than around strokes as wide as this
# share of the picture. The ticks of a reduced picture are fainter than its words.
_STROKE_SHARE, _STRONG_RED, _FAINT_RED = 0.02, 44, 16
# A tenth of the ink is redder than any cell's edge; so much of the words' rectangle is ink, and of a tick's column; so
# much of all red strokes lies together: noise has them everywhere.
_PURE_RED, _RED_SHARE, _TICK_SHARE, _RED_TOGETHER = 60, 0.05, 0.3, 0.4
# Ticks and letters lie closer than this, and the whole measures so much: shares of the picture's sides.
_GAP_SHARE = 0.045
_WIDTH_SHARES, _HEIGHT_SHARES, _LEAST_ASPECT = (0.04, 0.3), (0.012, 0.12), 1.5
# Ink of the line itself: half of a column that the picture shares with its ground counts.
_LINE_BELOW, _LINE_RED, _SHORTEST_LINE_PX, _NEARLY_THICK = 128, 60, 12, 0.75


def find_scale_bar(image: RgbImage) -> Region | None:
    """Where the scale bar with its words and its box lies in a decoded image (uint8 H×W×3); None where none is found.

    On white glass the box's border is not seen: the rectangle then reaches further by the words' height or two.
    """
    height, width = image.shape[:2]
    top = height - max(1, round(_SEARCHED_SHARE * height))
    factor = max(1.0, width / _WIDTH_PX)
    searched = image[top:]
    if factor > 1:
        size = _WIDTH_PX, max(1, round((height - top) / factor))
        searched = np.asarray(cv2.resize(searched, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = _black_bar(searched) or _red_bar(searched)
    if found is None:
        return None
    # A pixel more on each side: the box's edge is blended with the picture where it was reduced.
    left, right = (round(edge * factor) for edge in (found.left_px - 1, found.right_px + 1))
    upper, lower = (round(edge * factor) + top for edge in (found.top_px - 1, found.bottom_px + 1))
    left, upper = max(0, left), max(0, upper)
    return Region(left, upper, min(width, right) - left, min(height, lower) - upper)


def scale_bar_length_px(image: RgbImage) -> float | None:
    """How long the line of the burnt-in bar is in a decoded image (uint8 H×W×3), from tick to tick, by its middle.

    A line without ticks counts from end to end. None where no bar is found, where its line cannot be told from what is
    around it, and where the picture's edge cuts it: half a bar has a length, too, and it would be a wrong one.
    """
    found = find_scale_bar(image)
    if found is None:
        return None
    height, width = image.shape[:2]
    # The ticks may reach a little further than what was found.
    room = max(3, found.height_px // 4)
    left, top = max(0, found.left_px - room), max(0, found.top_px - room)
    part = image[top : min(height, found.bottom_px + room), left : min(width, found.right_px + room)]
    red, green, blue = cv2.split(part)
    light, dark = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    colour = cv2.subtract(light, dark)
    black = _both(cv2.inRange(light, 0, _LINE_BELOW - 1), cv2.inRange(colour, 0, _INK_COLOUR_BELOW - 1))
    redness = cv2.subtract(red, cv2.max(green, blue))
    # Half as red as the bar at least: beside it lie red cells.
    reddish = _plane(cv2.inRange(redness, max(_LINE_RED, float(np.percentile(redness, 99)) / 2), 255))
    lines = [(plane, line) for plane in (black, reddish) if (line := _line_in(plane)) is not None]
    if not lines:
        return None
    ink, line = max(lines, key=lambda one: one[1].width_px)
    if left + line.left_px <= 1 or left + line.right_px >= width - 1:
        return None
    ticks = _tick_at(ink, line, line.left_px), _tick_at(ink, line, line.right_px - 1)
    if ticks == (0, 0):
        return _length_without_ticks(ink, line)
    return line.width_px - sum(ticks) / 2 if min(ticks) > 0 else None


def _line_in(ink: _Plane) -> Region | None:
    """The longest stretch of ink along the rows that is at least a quarter as long as the part: no letter is."""
    # Odd: an even one moves what it finds by a pixel.
    kernel = np.ones((1, max(_SHORTEST_LINE_PX, ink.shape[1] // 4) | 1), np.uint8)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    rows = cv2.connectedComponentsWithStats(cv2.morphologyEx(bridged, cv2.MORPH_OPEN, kernel))[2][1:].tolist()
    if not rows:
        return None
    left, top, across, down, _ = max(rows, key=lambda row: row[2])
    return Region(left, top, across, down) if across >= 4 * down else None


def _length_without_ticks(ink: _Plane, line: Region) -> float:
    """Round ends reach beyond the length that was meant: columns count where the line is nearly as thick as ever."""
    thick = np.flatnonzero((ink[line.slices()] > 0).mean(axis=0) >= _NEARLY_THICK)
    return float(thick[-1] - thick[0] + 1) if len(thick) else float(line.width_px)


def _tick_at(ink: _Plane, line: Region, end: int) -> int:
    """How many columns the tick at this end of the line is wide; 0 where none stands near.

    -1 where one stands beside the end: then what was taken for the line is more than it.
    """
    thick = line.height_px
    top, bottom = max(0, line.top_px - 3 * thick), min(ink.shape[0], line.bottom_px + 3 * thick)
    first, last = max(0, end - 3 * thick), min(ink.shape[1], end + 3 * thick + 1)
    inked = (ink[top:bottom, first:last] > 0).sum(axis=0)
    # At least as high again as the line is thick: its own rounded end is not.
    columns = first + np.flatnonzero(inked >= 2 * thick + 1)
    if not len(columns):
        return 0
    outermost = columns[np.abs(columns - (line.left_px + line.right_px) / 2).argmax()]
    return len(columns) if abs(outermost - end) <= 1 else -1


def without_scale_bar(image: RgbImage) -> RgbImage:
    """The image with its scale bar filled as `fill_region` does; itself where none is found."""
    found = find_scale_bar(image)
    return image if found is None else fill_region(image, found)


def smear_mask(image: RgbImage, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """True where the smear is seen, False on its scale bar: bool h×w of this shape, for a mask of the image reduced."""
    mask = np.ones(shape, bool)
    found = find_scale_bar(image)
    if found is not None:
        down, across = (small / large for small, large in zip(shape, image.shape[:2], strict=True))
        rows = slice(math.floor(found.top_px * down), math.ceil(found.bottom_px * down))
        mask[rows, math.floor(found.left_px * across) : math.ceil(found.right_px * across)] = False
    return mask


def fill_region(image: RgbImage, region: Region) -> RgbImage:
    """A copy of the image (uint8 H×W×3) with the region in one colour: that of the background beside it.

    As much as the region is wide or high is looked at on each of its sides. Stain swallows green, so the half that is
    brighter in green is glass and pale red cells; its median counts.
    """
    rows, columns = region.slices()
    above = slice(max(0, region.top_px - region.height_px), region.top_px)
    below = slice(region.bottom_px, region.bottom_px + region.height_px)
    before = slice(max(0, region.left_px - region.width_px), region.left_px)
    behind = slice(region.right_px, region.right_px + region.width_px)
    beside = image[above, columns], image[rows, before], image[below, columns], image[rows, behind]
    around = np.concatenate([part.reshape(-1, 3) for part in beside])
    filled = image.copy()
    if len(around):
        filled[rows, columns] = np.median(around[around[:, 1] >= np.median(around[:, 1])], axis=0)
    return filled


def _black_bar(searched: RgbImage) -> Region | None:
    red, green, blue = cv2.split(searched)
    light, dark = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    colour = cv2.subtract(light, dark)
    ink = _both(cv2.inRange(light, 0, _INK_BELOW - 1), cv2.inRange(colour, 0, _INK_COLOUR_BELOW - 1))
    box = _Box(
        _plane(cv2.inRange(dark, _WHITE_FROM, 255)), _plane(cv2.inRange(colour, 0, _GREY_COLOUR_BELOW))
    )
    return next((box.around(words) for words in _written(ink) if box.has(words)), None)


class _Box:
    """What may be a part of the white box: two planes, 255 where a pixel is white, and where it has no colour."""

    def __init__(self, white: _Plane, grey: _Plane) -> None:
        self._white, self._grey = white, grey

    def has(self, part: Region) -> bool:
        """Whether the part looks like one of the box."""
        return _share(self._white, part) >= _WHITE_SHARE and _share(self._grey, part) >= _GREY_SHARE

    def around(self, words: Region) -> Region:
        """The words, and the rows and columns around them that are of the box: twice their height at most."""
        high, left, right, top, bottom = (
            words.height_px,
            words.left_px,
            words.right_px,
            words.top_px,
            words.bottom_px,
        )
        height, width = self._white.shape
        while left > max(0, words.left_px - 2 * high) and self.has(Region(left - 1, words.top_px, 1, high)):
            left -= 1
        while right < min(width, words.right_px + 2 * high) and self.has(
            Region(right, words.top_px, 1, high)
        ):
            right += 1
        while top > max(0, words.top_px - high) and self.has(
            Region(words.left_px, top - 1, words.width_px, 1)
        ):
            top -= 1
        while bottom < min(height, words.bottom_px + high) and self.has(
            Region(words.left_px, bottom, words.width_px, 1)
        ):
            bottom += 1
        return Region(left, top, right - left, bottom - top)


def _red_bar(searched: RgbImage) -> Region | None:
    red, green, blue = cv2.split(searched)
    # In halves around 128, so that it fits into bytes: four times as quick.
    redness = _plane(cv2.addWeighted(red, 0.5, cv2.max(green, blue), -0.5, 128))
    side = max(3, round(_STROKE_SHARE * searched.shape[1])) | 1
    strokes = _plane(cv2.morphologyEx(redness, cv2.MORPH_TOPHAT, np.ones((side, side), np.uint8)))
    ink = _both(cv2.inRange(strokes, _STRONG_RED // 2, 255), cv2.inRange(redness, 129, 255))
    for words in _written(ink):
        inked = redness[words.slices()][ink[words.slices()] > 0]
        enough = max(_RED_SHARE * words.pixels, _RED_TOGETHER * cv2.countNonZero(ink))
        if len(inked) >= enough and np.percentile(inked, 90) >= 128 + _PURE_RED // 2:
            return _with_ticks(strokes >= _FAINT_RED // 2, words)
    return None


def _with_ticks(faint: npt.NDArray[np.bool_], words: Region) -> Region:
    """The words with line and ticks, which begin beside the words and reach a little lower."""
    reach = 2 * words.height_px
    first, last = max(0, words.left_px - reach), min(faint.shape[1], words.right_px + reach)
    bottom = min(faint.shape[0], words.bottom_px + max(3, words.height_px // 8))
    inked = first + np.flatnonzero(faint[words.top_px : bottom, first:last].mean(axis=0) >= _TICK_SHARE)
    left = min(words.left_px, int(inked.min(initial=last)))
    right = max(words.right_px, int(inked.max(initial=first)) + 1)
    return Region(left, words.top_px, right - left, bottom - words.top_px)


def _written(ink: _Plane) -> Iterator[Region]:
    """The rectangles around what lies together in the ink (0 or 255) and measures as much as words over a line."""
    width, height = ink.shape[1], ink.shape[0] / _SEARCHED_SHARE
    down_px, across_px = (max(3, round(_GAP_SHARE * side)) | 1 for side in (height, width))
    # With room on each side: at the picture's edge ink would be joined with the edge.
    room = cv2.copyMakeBorder(ink, down_px, down_px, across_px, across_px, cv2.BORDER_CONSTANT, value=0)
    joined = cv2.morphologyEx(room, cv2.MORPH_CLOSE, np.ones((down_px, across_px), np.uint8))
    for left, top, across, down, _ in cv2.connectedComponentsWithStats(joined)[2][1:].tolist():
        fits = (
            _WIDTH_SHARES[0] * width <= across <= _WIDTH_SHARES[1] * width
            and _HEIGHT_SHARES[0] * height <= down <= _HEIGHT_SHARES[1] * height
            and across >= _LEAST_ASPECT * down
        )
        if fits:
            yield Region(left - across_px, top - down_px, across, down)


def _both(first: cv2.typing.MatLike, second: cv2.typing.MatLike) -> _Plane:
    return _plane(cv2.bitwise_and(first, second))


def _plane(values: cv2.typing.MatLike) -> _Plane:
    return np.asarray(values, np.uint8)


def _share(plane: _Plane, region: Region) -> float:
    return cv2.countNonZero(plane[region.slices()]) / region.pixels
