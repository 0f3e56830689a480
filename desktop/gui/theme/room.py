"""How much room a column has: on a small screen, or at 200 %, what matters most must still be seen at once."""

from typing import Literal

# full: everything as designed; compact: closer together; short: what the menus have as well is left to them.
Room = Literal["full", "compact", "short"]

# Both classifiers, the longest sentence below them and the decision take 720 px as designed, closer together 620.
_FULL_FROM_PX, _COMPACT_FROM_PX = 720, 620


def room_of(height_px: int) -> Room:
    """The room of a column of this height."""
    if height_px >= _FULL_FROM_PX:
        return "full"
    return "compact" if height_px >= _COMPACT_FROM_PX else "short"
