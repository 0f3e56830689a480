"""Nucleated cells of a frame by classical means: stain, size beside the frame's own red cells, and shape.

Nothing depends on a known scale: lengths are told in diameters of the red cells of the same frame, areas in theirs. The
same pixels always give the same cells. Why so, and what it reaches: docs/adr/0036-cells-by-stain-and-size.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import smear_mask
from bloodsmear.images.thumbnail import fit_into

_Plane = npt.NDArray[np.uint8]
_Points = npt.NDArray[np.int32]
# Raised when the same pixels may get other cells than before, or when more is kept of them: they are found anew.
FINDER = 3

Outline = tuple[tuple[int, int], ...]

# The frame is looked at with this long side; with a larger one where its red cells would be smaller than the last.
_LONG_SIDE_PX, _LARGEST_SIDE_PX, _LEAST_RED_CELL_PX = 512, 1280, 22
# The glass is the brightest there is; a picture without any light has none.
_GLASS_PERCENTILE, _FAINTEST_GLASS = 95, 24
# Absorbances are kept in bytes, so many steps a unit. Purple, a difference of two, may be below zero.
_STEPS_A_UNIT, _PURPLE_ZERO, _BLUR_PX = 120, 80, 1.0
# Red cells absorb less than a third of a unit on the palest frames: what absorbs more counts as so much, or a dark
# nucleus alone would be one class and red cells with the glass the other.
_BODY_CAP = 40
# Of the half widths of the bodies: cells that overlap have fewer and higher peaks, debris lower ones.
_PEAK_PERCENTILE, _LEAST_PEAK, _PEAK_WINDOW, _LARGEST_HOLE = 60, 0.3, 0.6, 0.01
# Red cells pave the field: so wide a share of the short side, and so much covered; so many nuclei wide is no red cell.
_PAVED_FROM, _PAVED, _PAVED_NUCLEI, _OF_NUCLEI = 0.28, 0.68, 4.5, 1.2
# Purple begins above the red cells by this, in units and in their own spread.
_FAINTEST_PURPLE, _SPREADS = 0.12, 1.5
# In red cells: diameters of the first and the neck's window, areas of the others. Rims of red cells are thinner.
_OPENING, _FILLED_HOLE = 0.12, 0.25
_LEAST_LOBE, _LEAST_NUCLEUS, _LEAST_CUT = 0.03, 0.4, 0.1
_PARTED_FROM, _NECK, _NECK_WINDOW, _LEAST_CORE = 1.2, 0.75, 0.8, 0.15
# Lobes lie so near to each other, and reach no further together; whole nuclei are larger and rounder than lobes.
_JOINED_WITHIN, _GLASS_FROM, _REACH, _UNION = 0.5, 0.05, 2.8, 5.0
_WHOLE, _ROUND, _WHOLE_UNION = 1.0, 0.8, 1.75
# A smudge is a nucleus that burst: so little of the hull around it is stained.
_SMUDGE_FROM, _SMUDGE_SOLIDITY = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Cell:
    """A nucleated cell, as its stained nucleus shows it: pixels of the decoded image, square pixels for the area.

    A nucleus of several lobes has several `outlines`, each of points (x, y). `box` is around the nucleus, not around
    the cytoplasm. `is_cut`: the nucleus meets the image's border.
    """

    centre_x_px: float
    centre_y_px: float
    outlines: tuple[Outline, ...]
    box: Region
    area_px: float
    is_cut: bool
    is_smudge: bool

    @property
    def lines(self) -> tuple[Outline, ...]:
        """What is drawn of it: its outlines, and around several the hull that shows that they count as one."""
        if len(self.outlines) < 2:
            return self.outlines
        points = np.array([point for outline in self.outlines for point in outline], np.int32)
        hull = cv2.convexHull(points).astype(int).reshape(-1, 2).tolist()
        return (*self.outlines, tuple((x, y) for x, y in hull))


@dataclass(frozen=True, slots=True)
class FoundCells:
    """The cells from top to bottom, and the diameter of the frame's red cells in pixels; 0 where nothing was seen."""

    cells: tuple[Cell, ...]
    red_cell_px: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """A reduced frame: where stain and bodies are (0 or 1), and the red cells' diameter; 0 where it isn't seen."""

    stained: _Plane
    bodies: _Plane
    red_cell_px: float

    @property
    def red_cell_area(self) -> float:
        return math.pi / 4 * self.red_cell_px**2


@dataclass(frozen=True, slots=True)
class _Piece:
    """What hangs together of a nucleus, in the reduced frame."""

    points: _Points
    area: float
    box: Region
    is_cut: bool
    # Of the circle as long around as the hull so much is stained: 1 is a disc.
    roundness: float
    # What it hangs together with is a smudge.
    is_smudge: bool


def find_cells(image: RgbImage) -> FoundCells:
    """The nucleated cells of a decoded image (uint8 H×W×3), by their nuclei.

    Romanowsky stains make nuclei purple: they absorb (Beer and Lambert) more green than blue, red cells do not. What is
    purple is limited by Otsu (1979, doi:10.1109/TSMC.1979.4310076) among the pixels of cells alone, opened, parted at
    its necks and joined to nuclei. Platelets and debris are too small, measured by the red cells of the same frame; a
    burnt-in scale bar is left out. Where red cells cover the whole field, their size is guessed by that of the nuclei.
    """
    seen = _look(image, _LONG_SIDE_PX)
    if 0 < seen.red_cell_px < _LEAST_RED_CELL_PX and max(image.shape[:2]) > _LONG_SIDE_PX:
        side_px = round(_LONG_SIDE_PX * _LEAST_RED_CELL_PX / seen.red_cell_px)
        seen = _look(image, min(side_px, _LARGEST_SIDE_PX))
    if not seen.red_cell_px:
        return FoundCells((), 0.0)
    factor = max(image.shape[:2]) / max(seen.stained.shape)
    groups = _joined(list(_pieces(_nuclei(seen), seen)), seen)
    cells = [_cell(group, factor) for group in groups if _is_nucleus(group, seen)]
    cells.sort(key=lambda cell: (cell.centre_y_px, cell.centre_x_px))
    return FoundCells(tuple(cells), seen.red_cell_px * factor)


def _look(image: RgbImage, side_px: int) -> _Seen:
    small = fit_into(image, side_px)
    smear = smear_mask(image, small.shape[:2])
    red, green, blue = (_absorbance(plane) for plane in cv2.split(small))
    purple = _blurred(green - blue + _PURPLE_ZERO)
    absorbed = np.minimum(_blurred(np.maximum(np.maximum(red, green), blue)), _BODY_CAP)
    bodies = ((absorbed > _otsu(absorbed[smear])) & smear).astype(np.uint8)
    stained = ((purple > _purple_limit(purple[bodies > 0])) & smear).astype(np.uint8)
    return _Seen(stained, bodies, _red_cell_px(bodies, stained))


def _absorbance(plane: cv2.typing.MatLike) -> npt.NDArray[np.float32]:
    """The logarithm of glass over pixel in steps, of one channel."""
    counts = np.bincount(plane.ravel(), minlength=256).cumsum()
    glass = max(_FAINTEST_GLASS, int(np.searchsorted(counts, _GLASS_PERCENTILE / 100 * counts[-1])))
    table = _STEPS_A_UNIT * np.log((glass + 1) / (np.arange(256) + 1.0))
    return np.asarray(cv2.LUT(plane, table.astype(np.float32)), np.float32)


def _blurred(steps: npt.NDArray[np.float32]) -> _Plane:
    return np.asarray(cv2.GaussianBlur(np.clip(steps, 0, 255).astype(np.uint8), (0, 0), _BLUR_PX), np.uint8)


def _otsu(steps: _Plane) -> float:
    if not steps.size:
        return 0.0
    return cv2.threshold(steps.reshape(-1, 1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]


def _purple_limit(of_bodies: _Plane) -> float:
    """What is more purple is of a nucleus, from how purple the pixels of bodies are."""
    if not of_bodies.size:
        return 255.0
    limit = max(_otsu(of_bodies), float(of_bodies.min()))
    paler = of_bodies[of_bodies <= limit]
    middle = float(np.median(paler))
    # From below only: granules and cytoplasm are above the middle of the red cells.
    spread = middle - float(np.percentile(paler, 16))
    return max(limit, middle + _SPREADS * spread, _PURPLE_ZERO + _FAINTEST_PURPLE * _STEPS_A_UNIT)


def _red_cell_px(bodies: _Plane, stained: _Plane) -> float:
    """The diameter of red cells: of bodies with their pale middles filled, or guessed by the nuclei among them."""
    red_cell_px = _width_px(_without_holes(bodies, _LARGEST_HOLE * bodies.size))
    if red_cell_px > _PAVED_FROM * min(bodies.shape) and bodies.mean() > _PAVED:
        # Red cells hang together all over, and that is how wide the whole is.
        nuclei_px = _width_px(stained)
        if red_cell_px > _PAVED_NUCLEI * nuclei_px:
            return _OF_NUCLEI * nuclei_px
    return red_cell_px


def _width_px(mask: _Plane) -> float:
    """How wide the parts of a mask are: twice a percentile of the peaks of the distance to what is outside."""
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    deepest = float(depth.max())
    # Without anything outside the distance has no end.
    if not 2 <= deepest <= max(mask.shape):
        return 0.0
    peaks = (depth >= cv2.dilate(depth, _square(_PEAK_WINDOW * deepest))) & (depth > _LEAST_PEAK * deepest)
    count, labels = cv2.connectedComponents(peaks.astype(np.uint8))
    heights = np.zeros(count, np.float32)
    np.maximum.at(heights, np.asarray(labels[peaks], np.intp), depth[peaks])
    return 2 * float(np.percentile(heights[1:], _PEAK_PERCENTILE))


def _nuclei(seen: _Seen) -> _Plane:
    width = max(1, round(_OPENING * seen.red_cell_px)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    opened = np.asarray(cv2.morphologyEx(seen.stained, cv2.MORPH_OPEN, disc), np.uint8)
    return _without_holes(opened, _FILLED_HOLE * seen.red_cell_area)


def _without_holes(mask: _Plane, largest_px: float) -> _Plane:
    """The mask with its holes below this area filled; what meets the border is not a hole."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(1 - mask, connectivity=4)
    left, top, width, height, area = stats.T
    inside = (left > 0) & (top > 0) & (left + width < mask.shape[1]) & (top + height < mask.shape[0])
    holes = inside & (area < largest_px)
    holes[0] = False
    return np.asarray(mask | holes[labels], np.uint8)


def _pieces(nuclei: _Plane, seen: _Seen) -> Iterator[_Piece]:
    """What hangs together, parted at necks; what is too small for a lobe is left out."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(nuclei)
    for number, (left, top, width, height, area) in enumerate(stats.tolist()):
        if number == 0 or area < _LEAST_LOBE * seen.red_cell_area:
            continue
        mask = (labels[top : top + height, left : left + width] == number).astype(np.uint8)
        parts = [mask]
        if area > _PARTED_FROM * seen.red_cell_area:
            parts = _parted(mask, seen.red_cell_px)
        large = area > _SMUDGE_FROM * seen.red_cell_area
        is_smudge = large and _Hull.of(_points(mask, (left, top))).share(area) < _SMUDGE_SOLIDITY
        for part in parts:
            yield _piece(part, (left, top), nuclei.shape, is_smudge)


def _parted(mask: _Plane, red_cell_px: float) -> list[_Plane]:
    """The mask in parts, each with one core: what is nearly as deep as the deepest around it."""
    room = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    depth = cv2.distanceTransform(room, cv2.DIST_L2, 5)
    deepest = cv2.dilate(depth, _square(_NECK_WINDOW * red_cell_px))
    cores = ((depth > _NECK * deepest) & (depth > _LEAST_CORE * red_cell_px)).astype(np.uint8)
    count, _ = cv2.connectedComponents(cores)
    if count <= 2:
        return [mask]
    _, nearest = cv2.distanceTransformWithLabels(1 - cores, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
    inner = nearest[1:-1, 1:-1]
    parts = [((inner == number) & (mask > 0)).astype(np.uint8) for number in range(1, count)]
    return [part for part in parts if part.any()]


def _piece(mask: _Plane, corner: tuple[int, int], frame: tuple[int, ...], is_smudge: bool) -> _Piece:
    points = _points(mask, corner)
    hull = _Hull.of(points)
    area = float(np.count_nonzero(mask))
    box = _box_of(points, 1.0)
    height, width = frame[:2]
    is_cut = box.left_px <= 0 or box.top_px <= 0 or box.right_px >= width or box.bottom_px >= height
    return _Piece(points, area, box, is_cut, hull.circularity * hull.share(area), is_smudge)


def _points(mask: _Plane, corner: tuple[int, int]) -> _Points:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=corner)
    return np.vstack(contours).reshape(-1, 2).astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Hull:
    """The convex hull of some points: its area and length around, of pixels' middles."""

    area: float
    around: float

    @classmethod
    def of(cls, points: _Points) -> "_Hull":
        hull = cv2.convexHull(points)
        return cls(cv2.contourArea(hull), max(1.0, cv2.arcLength(hull, True)))

    @property
    def circularity(self) -> float:
        return min(1.0, 4 * math.pi * self.area / self.around**2)

    def share(self, area: float) -> float:
        """How much of the hull is stained; outside of the pixels' middles half a pixel is missing all around."""
        return min(1.0, area / (self.area + self.around / 2))


def _joined(pieces: Sequence[_Piece], seen: _Seen) -> list[list[_Piece]]:
    """The pieces in groups, each one nucleus: the nearest are joined first, as far as the whole is one cell's."""
    near = [
        (gap_px, first, second)
        for first, second in combinations(range(len(pieces)), 2)
        if (gap_px := _gap_px(pieces[first], pieces[second], seen)) <= _JOINED_WITHIN * seen.red_cell_px
    ]
    groups = [[piece] for piece in pieces]
    for _, first, second in sorted(near):
        one, other = groups[first], groups[second]
        if one is not other and _is_one(one, other, seen):
            both = one + other
            groups = [both if group is one or group is other else group for group in groups]
    return list({id(group): group for group in groups}.values())


def _is_one(one: Sequence[_Piece], other: Sequence[_Piece], seen: _Seen) -> bool:
    """Whether two groups can be of one nucleus."""
    leading = [max(group, key=lambda piece: piece.area) for group in (one, other)]
    whole = all(piece.area > _WHOLE * seen.red_cell_area and piece.roundness > _ROUND for piece in leading)
    both = [*one, *other]
    _, radius = cv2.minEnclosingCircle(np.vstack([piece.points for piece in both]))
    area = sum(piece.area for piece in both)
    return (
        2 * radius <= _REACH * seen.red_cell_px
        and area <= (_WHOLE_UNION if whole else _UNION) * seen.red_cell_area
    )


def _gap_px(one: _Piece, other: _Piece, seen: _Seen) -> float:
    """The least distance of two outlines; infinity where they lie far apart, or where glass is between them."""
    first, second = one.box, other.box
    across = max(first.left_px - second.right_px, second.left_px - first.right_px)
    down = max(first.top_px - second.bottom_px, second.top_px - first.bottom_px)
    if max(across, down) > _JOINED_WITHIN * seen.red_cell_px:
        return math.inf
    # Every other point: half the distances in a quarter of the time.
    points, others = one.points[::2], other.points[::2]
    squares = ((points[:, None] - others[None]).astype(np.float32) ** 2).sum(axis=2)
    place = np.unravel_index(int(squares.argmin()), squares.shape)
    gap_px = math.sqrt(float(squares[place]))
    # Where they nearly touch, blur hides what is between.
    if gap_px > _GLASS_FROM * seen.red_cell_px:
        x, y = ((points[place[0]] + others[place[1]]) // 2).tolist()
        if not seen.bodies[y, x]:
            return math.inf
    return gap_px


def _is_nucleus(group: Sequence[_Piece], seen: _Seen) -> bool:
    least = _LEAST_CUT if any(piece.is_cut for piece in group) else _LEAST_NUCLEUS
    return sum(piece.area for piece in group) >= least * seen.red_cell_area


def _cell(group: Sequence[_Piece], factor: float) -> Cell:
    points = np.vstack([piece.points for piece in group])
    # The hull's centroid: of a horseshoe the middle between its arms, which is the cell's.
    moments = cv2.moments(cv2.convexHull(points))
    if moments["m00"]:
        x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    else:
        x, y = points.mean(axis=0).tolist()
    return Cell(
        centre_x_px=factor * (x + 0.5) - 0.5,
        centre_y_px=factor * (y + 0.5) - 0.5,
        outlines=tuple(_outline(piece.points, factor) for piece in group),
        box=_box_of(points, factor),
        area_px=factor**2 * sum(piece.area for piece in group),
        is_cut=any(piece.is_cut for piece in group),
        is_smudge=max(group, key=lambda piece: piece.area).is_smudge,
    )


def _outline(points: _Points, factor: float) -> Outline:
    placed = np.floor(factor * (points + 0.5)).astype(int)
    return tuple((x, y) for x, y in placed.tolist())


def _box_of(points: _Points, factor: float) -> Region:
    left, top = (math.floor(factor * edge) for edge in points.min(axis=0).tolist())
    right, bottom = (math.floor(factor * (edge + 1)) for edge in points.max(axis=0).tolist())
    return Region(left, top, max(1, right - left), max(1, bottom - top))


def _square(side_px: float) -> _Plane:
    side = max(3, round(side_px)) | 1
    return np.ones((side, side), np.uint8)
