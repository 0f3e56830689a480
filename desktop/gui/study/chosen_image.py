"""The image under review, what was typed for it before it was read, and what of that was lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

# So many images are named.
_NAMED = 4


@dataclass(slots=True)
class ChosenImage:
    """The image that is under review now, and what the reader asked for before it could be done.

    `is_read`: its record is kept, which a decision refers to; `given_up`: none will come of this reading. `wish` is
    what was decided before it was read, `note` what was written then (None: nothing); `confirming`: the next image is
    wanted once the decision is kept. Another one takes its place when another image is chosen.
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
        if self.note:
            what = "nothing was decided for it, and its note" if self.wish else "its note"
            return f"{name} was left before it was read, so {what} was not kept: {self.note}"
        return f"{name} was left before it was read, so nothing was decided for it." if self.wish else ""


@dataclass(slots=True)
class LostAhead:
    """What was typed ahead in vain since the study was opened, until the images are decided: one sentence for all.

    Who walks fast leaves one after the other; a sentence for each would stand there for the blink of an eye.
    """

    left: list[ChosenImage] = field(default_factory=list)

    @property
    def first(self) -> str:
        """The one to go back to first."""
        return self.left[0].image if self.left else ""

    def add(self, chosen: ChosenImage) -> bool:
        """Whether something was lost with this image, which is left now."""
        if not chosen.lost_words():
            return False
        self.left = [*(one for one in self.left if one.image != chosen.image), chosen]
        return True

    def take_done(self, images: Collection[str]) -> None:
        """These are decided now."""
        self.left = [one for one in self.left if one.image not in images]

    def words(self) -> str:
        """What was lost: of one image or with a note in full, of several their names."""
        told = [one.lost_words() for one in self.left if one.note]
        names = [one.image.rpartition("/")[2] for one in self.left if not one.note]
        if len(names) == 1:
            told.insert(0, f"{names[0]} was left before it was read, so nothing was decided for it.")
        elif names:
            named = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            were = f"{len(names):,} images were left before they were read"
            told.insert(0, f"{were}, so nothing was decided for them: {named}")
        return " ".join(told)
