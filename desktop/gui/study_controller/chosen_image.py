"""The image that is under review now, and what the reader asked for before it could be done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ChosenImage:
    """Another one takes its place when another image is chosen.

    `is_read`: its record is kept, which a decision refers to; `given_up`: none will come of this reading. `wish` is
    what was decided before it was read; `confirming`: the next image is wanted once the decision is kept.
    """

    image: str = ""
    is_read: bool = False
    given_up: bool = False
    wish: str = ""
    confirming: bool = False

    def take_wish(self) -> str:
        """What was wished for, which is wished for no longer."""
        wish, self.wish = self.wish, ""
        return wish
