"""How the review stands, as the controller tells it: that of the chosen image, and each image's mark in the list."""

from dataclasses import dataclass, field
from datetime import datetime

from bloodsmear.classifiers.labels import Names
from bloodsmear.review.sign_off import ReviewProgress


@dataclass(frozen=True, slots=True)
class ImageMark:
    """What the reader did about an image, so that it stands in the way of no sign-off.

    `decision` is as events have it; empty where the reader took note that the image cannot be read.
    """

    decision: str = ""
    signed_off: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """How many images are marked to be decided together, and how many of them are decided already."""

    count: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class ReviewState:
    """All that is to be shown of the chosen image's review; the decision is always the reader's own.

    `names` are those of the study's labels by key, in order. `image` is empty while none is chosen. `waiting` is a
    sentence that says why nothing can be decided yet, `locked` one that says what was signed off; both are empty where
    there is nothing to say. `decided_at` is UTC; `decided_before` is a decision that counts no more, for it was made on
    other bytes than those that the file holds now.
    `readers` have read this study before; `new_reader` is a name that was typed beside theirs: nothing can be decided
    before it is said whether that is somebody else.
    `for_consensus`: the reader settles what others decided differently; `disputed`: the image is one of those;
    `others` are (reader, decision) of the others, seen only then and after the reader's own decision; `settled`:
    `decision` is that of the consensus read.
    `whole_locked` says that the study is signed off as one; `signed_with` is a sentence where it, or the case, was
    signed off with other classifiers' answers than those that are shown. `answers_hidden`: blind mode, and this image
    is undecided.
    """

    image: str = ""
    case: str = ""
    reader: str = ""
    readers: tuple[str, ...] = ()
    new_reader: str = ""
    choices: tuple[str, ...] = ()
    names: Names = field(default_factory=dict)
    waiting: str = ""
    locked: str = ""
    whole_locked: bool = False
    signed_with: str = ""
    unreadable: bool = False
    acknowledged: bool = False
    decision: str = ""
    decided_at: datetime | None = None
    decided_before: str = ""
    note: str = ""
    blind: bool = False
    answers_hidden: bool = False
    for_consensus: bool = False
    disputed: bool = False
    settled: bool = False
    others: tuple[tuple[str, str], ...] = ()

    @property
    def settles(self) -> bool:
        """Whether what is decided now is the consensus read: the others' decisions are before the reader."""
        return bool(self.others)

    @property
    def can_decide(self) -> bool:
        """Whether a decision for the image can be kept now."""
        return bool(self.image) and not self.waiting and not self.locked

    @property
    def can_reopen(self) -> bool:
        """Whether the image's case is signed off, and can be opened again now."""
        return bool(self.image) and not self.waiting and bool(self.locked)

    @property
    def is_done(self) -> bool:
        """Whether the image stands in the way of no sign-off."""
        return bool(self.decision) or self.acknowledged


@dataclass(frozen=True, slots=True)
class SignOffCounts:
    """What a reader's sign-off would close. `what` are words for it, as `case 12` or `the study`.

    `decided` has (decision, number of images) for each choice; `undecided` and `to_acknowledge` are images in its way.
    `last_hash` is that of the study's last event, `names` are those of its labels by key.
    """

    what: str
    reader: str
    images: int
    decided: tuple[tuple[str, int], ...]
    acknowledged: int
    undecided: tuple[str, ...]
    to_acknowledge: tuple[str, ...]
    last_hash: str = ""
    names: Names = field(default_factory=dict)

    @property
    def progress(self) -> ReviewProgress:
        """How far the review of them is."""
        return ReviewProgress(self.images, sum(number for _, number in self.decided), self.acknowledged)

    @property
    def complete(self) -> bool:
        """Whether nothing is in the way."""
        return bool(self.images) and not self.undecided and not self.to_acknowledge
