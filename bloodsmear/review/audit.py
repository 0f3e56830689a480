"""The audit set: images drawn at random before a head is taught, read without answers in sight, and never taught."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bloodsmear.images.natural_order import natural_key
from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ListedImage


@dataclass(frozen=True, slots=True)
class Drawn:
    """One image of a draw. Its whole case is never taught.

    Where cases are not known, the images from `first` to `last` in natural order (a run of neighbours) stand for it.
    """

    image: str
    case: str
    sha256: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class AuditDraw:
    """`act` is the number of the first of its events, `seed` what it was drawn by; `looks` counts the heads that were
    measured on it.
    """

    act: int
    seed: int
    images: tuple[Drawn, ...]
    looks: int = 0

    @property
    def names(self) -> frozenset[str]:
        """The drawn images' names."""
        return frozenset(one.image for one in self.images)

    @property
    def cases(self) -> frozenset[str]:
        """The cases of which no image may be taught, in whichever study; none where cases are not known."""
        return frozenset(one.case for one in self.images if not one.first)

    def kept_apart(self, images: Iterable[ListedImage]) -> frozenset[str]:
        """Which of these images may not be taught: the drawn ones, all of their cases or runs, and equal bytes."""
        cases = self.cases
        runs = sorted((natural_key(one.first), natural_key(one.last)) for one in self.images if one.first)
        sums = {one.sha256 for one in self.images}
        return frozenset(
            one.image
            for one in images
            if one.sha256 in sums
            or one.case in cases
            or any(first <= natural_key(one.image) <= last for first, last in dict.fromkeys(runs))
        )

    def holds(self, decision: Decision | None) -> bool:
        """Whether a decision on a drawn image counts: no classifier's answer was in sight when it was made.

        From the draw on the window hides the answers of drawn images, whether reading is blind or not.
        """
        return decision is not None and (decision.number > self.act or decision.answers_hidden)


def draw_entries(reader: str, seed: int, drawn: Sequence[Drawn]) -> list[Entry]:
    """What is appended for a draw, as one act: an event for each image, and in each the seed and the run."""
    return [
        Entry(
            "audit_drawn",
            reader,
            one.image,
            one.case,
            one.sha256,
            text=json.dumps([seed, one.first, one.last] if one.first else [seed]),
        )
        for one in drawn
    ]


def read_draw(event: Event, draw: AuditDraw | None) -> AuditDraw:
    """The draw with one more of its events; a first event of another act begins a new draw."""
    entry = event.entry
    try:
        seed, *run = json.loads(entry.text)
        first, last = map(str, run or ("", ""))
        seed = int(seed)
    except (TypeError, ValueError, RecursionError):
        # A damaged text: the chain says so. The image itself is kept apart all the same.
        seed, first, last = 0, "", ""
    one = Drawn(entry.image, entry.case, entry.sha256, first, last)
    if draw is None or draw.act != event.act:
        return AuditDraw(event.act, seed, (one,))
    return AuditDraw(draw.act, draw.seed, (*draw.images, one))
