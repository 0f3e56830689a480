"""What the teaching page shows, as plain data."""

from dataclasses import dataclass
from typing import Literal

# No study is open · being looked at · could be taught · teaching · taught, not installed · being installed · installed.
Phase = Literal["empty", "looking", "ready", "teaching", "taught", "installing", "installed"]

FEWEST_OF_A_LABEL = 10
USUAL_NAME = "Our laboratory"


@dataclass(frozen=True, slots=True)
class LabelSeen:
    """A label and how many images of it would be taught."""

    key: str
    name: str
    decided: int


@dataclass(frozen=True, slots=True)
class AuditSeen:
    """The audit set: so many drawn, so many read, which are left, and both in a sentence. `is_whole`: all is read."""

    drawn: int
    read: int
    to_read: tuple[str, ...]
    is_whole: bool
    words: str


@dataclass(frozen=True, slots=True)
class StudySeen:
    """What the open study has to teach from; `left_out` are sentences."""

    labels: tuple[LabelSeen, ...]
    left_out: tuple[str, ...]
    audit: AuditSeen | None

    @property
    def enough(self) -> int:
        """How many labels have enough images."""
        return sum(label.decided >= FEWEST_OF_A_LABEL for label in self.labels)


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """A figure in words, and its numbers as a share: -1 to 1. `signed`: a gain. `of_audit`: on the audit set."""

    words: str
    value: float
    low: float | None
    high: float | None
    images: int
    signed: bool
    of_audit: bool


@dataclass(frozen=True, slots=True)
class HeadSeen:
    """A head that was taught and waits to be installed. `why_not` it is not offered; empty where it is.

    `has_other_labels`: than the classifier that it was taught on. `disagrees` says that it calls shipped golden images
    otherwise than that one; empty where it does not.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    images: int
    figures: tuple[FigureSeen, ...]
    why_not: str
    has_other_labels: bool = False
    disagrees: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What is under way; `total` is None while it is not known."""

    text: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class TeachingState:
    """All of it. `promise`: what more decisions would bring, `following` images that would teach most, best first.

    `live` says how a head of the decisions until now would do, fitted in the background.

    `alone`: others have decided, and who reads now is to see nothing of it. Then `study` counts the reader's own
    decisions, and nothing is taught: what comes of it tells of all of them.
    """

    phase: Phase = "empty"
    study: StudySeen | None = None
    work: Work | None = None
    head: HeadSeen | None = None
    promise: str = ""
    live: str = ""
    following: tuple[str, ...] = ()
    said: str = ""
    problem: str = ""
    alone: bool = False
