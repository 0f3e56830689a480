"""A rectangle of an image, and the tiles of an image in the order in which a reader wants them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

# A tile takes 0.1 s of one core with the reference's non-local means. Smaller ones pay more for the sums that OpenCV
# begins anew in every row (128 × 64: a quarter more), larger ones keep a reader waiting who has gone on.
# Both sides are powers of two, so that a tile stays a tile in pictures at 1/2, 1/4, 1/8.
TILE_WIDTH_PX, TILE_HEIGHT_PX = 256, 64


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in the pixels of the decoded image; it must lie inside the image and not be empty."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int

    @property
    def right_px(self) -> int:
        """The column after the last."""
        return self.left_px + self.width_px

    @property
    def bottom_px(self) -> int:
        """The row after the last."""
        return self.top_px + self.height_px

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width_px * self.height_px

    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to cut the region out of an array H×W×…"""
        return slice(self.top_px, self.bottom_px), slice(self.left_px, self.right_px)

    def meets(self, other: "Region") -> bool:
        """Whether the two have a pixel in common."""
        across = self.left_px < other.right_px and other.left_px < self.right_px
        return across and self.top_px < other.bottom_px and other.top_px < self.bottom_px

    def within(self, other: "Region") -> "Region":
        """The part that the two have in common, counted from the other's corner; they must meet."""
        left, top = max(self.left_px, other.left_px), max(self.top_px, other.top_px)
        right, bottom = min(self.right_px, other.right_px), min(self.bottom_px, other.bottom_px)
        return Region(left - other.left_px, top - other.top_px, right - left, bottom - top)

    def distance_px(self, other: "Region") -> float:
        """From middle to middle."""
        across = self.left_px + self.width_px / 2 - other.left_px - other.width_px / 2
        down = self.top_px + self.height_px / 2 - other.top_px - other.height_px / 2
        return math.hypot(across, down)


def tiles_of(width_px: int, height_px: int) -> tuple[Region, ...]:
    """The image cut into tiles, row by row; those at the right and lower edge may be smaller."""
    return tuple(
        Region(left, top, min(TILE_WIDTH_PX, width_px - left), min(TILE_HEIGHT_PX, height_px - top))
        for top in range(0, height_px, TILE_HEIGHT_PX)
        for left in range(0, width_px, TILE_WIDTH_PX)
    )


def nearest_first(regions: Iterable[Region], looked_at: Region) -> list[Region]:
    """What meets the part that is looked at comes first, the middle of it before its edges; then the rest."""
    return sorted(
        regions,
        key=lambda region: (not region.meets(looked_at), region.distance_px(looked_at), region.top_px),
    )
