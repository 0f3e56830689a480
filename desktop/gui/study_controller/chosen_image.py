"""The image that is under review now, and what the reader asked for before it could be done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ChosenImage:
    """Another one takes its place when another image is chosen.

    `is_read`: its record is kept, which a decision refers to; `given_up`: none will come of this reading. `wish` is
    what was decided before it was read, `note` what was written then (None: nothing); `confirming`: the next image is
    wanted once the decision is kept.
    """

    image: str = ""
    is_read: bool = False
    given_up: bool = False
    wish: str = ""
    confirming: bool = False
    note: str | None = None

    def take_wish(self) -> str:
        """What was wished for, which is wished for no longer."""
        wish, self.wish = self.wish, ""
        return wish

    def take_note(self) -> str | None:
        """The note that is to be kept, which then waits no longer; None where none waits."""
        note, self.note = self.note, None
        return note

    def lost_words(self) -> str:
        """What is said where the image is left before it was read; empty where nothing was asked for."""
        name = self.image.rpartition("/")[2]
        if self.wish:
            return f"{name} was left before it was read, so nothing was decided for it."
        if self.note:
            return f"{name} was left before it was read, so its note was not kept: {self.note}"
        return ""
