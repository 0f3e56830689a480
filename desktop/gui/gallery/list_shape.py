"""How the images stand in the list: below each other or as a grid, and how large their pictures are. No Qt."""

from dataclasses import dataclass, replace
from typing import Literal

ThumbnailSize = Literal["small", "medium", "large"]
SIZES: tuple[ThumbnailSize, ...] = ("small", "medium", "large")
# 4:3, as microscope cameras write. The largest of a list of 251 px leaves room for a name beside it.
_WIDTHS_PX: dict[ThumbnailSize, int] = {"small": 72, "medium": 100, "large": 144}


@dataclass(frozen=True, slots=True)
class ListShape:
    """`is_grid`: beside and below each other, with the words below each picture."""

    is_grid: bool = False
    size: ThumbnailSize = "small"

    @property
    def width_px(self) -> int:
        """Of a picture in the list."""
        return _WIDTHS_PX[self.size]

    @property
    def height_px(self) -> int:
        """Of a picture in the list."""
        return self.width_px * 3 // 4

    @property
    def side_px(self) -> int:
        """How large a picture is made: twice the width, for screens of 200 %."""
        return 2 * self.width_px

    def resized(self, step: int) -> "ListShape":
        """One size larger (1) or smaller (-1), as far as there is one."""
        place = min(max(SIZES.index(self.size) + step, 0), len(SIZES) - 1)
        return replace(self, size=SIZES[place])
