"""How much room a column has: on a small screen, or at 200 %, what matters most must still be seen at once."""

from typing import Literal

# full: everything as designed; compact: closer together; short: what the menus have as well is left to them; low: one
# line a classifier and one line a toolbar, the rest behind a button that shows it.
Room = Literal["full", "compact", "short", "low"]

# Both classifiers, the longest sentence below them and the decision take 720 px as designed, closer together 620. Below
# 440 there is no room for one classifier's bars beside the decision: 1366 × 768 at 200 % leaves 300.
_FULL_FROM_PX, _COMPACT_FROM_PX, _SHORT_FROM_PX = 720, 620, 440
# Below that a list beside the picture takes the room of the picture.
_WIDE_FROM_PX = 900


def room_of(height_px: int) -> Room:
    """The room of a column of this height."""
    if height_px >= _FULL_FROM_PX:
        return "full"
    if height_px >= _COMPACT_FROM_PX:
        return "compact"
    return "short" if height_px >= _SHORT_FROM_PX else "low"


def is_narrow(width_px: int) -> bool:
    """Whether three columns have no room beside each other."""
    return width_px < _WIDE_FROM_PX
