"""What readers do, as events that are appended and never changed (docs/adr/0007)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

EventKind = Literal[
    "decided",
    "noted",
    "acknowledged",
    "undone",
    "case_signed_off",
    "study_signed_off",
    "case_reopened",
    "study_reopened",
    "mark_drawn",
    "mark_erased",
    "consensus_begun",
    "consensus_ended",
    "settled",
    "audit_drawn",
    "taught",
    "cell_named",
    "cell_added",
    "cell_removed",
    "cell_noted",
    "cell_counted",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
# About one nucleated cell of an image, at its place. `cell_counted` is of a case, and of no cell in an image.
CELL_KINDS: frozenset[EventKind] = frozenset({"cell_named", "cell_added", "cell_removed", "cell_noted"})
# What undo takes back. A sign-off is taken back by reopening, which asks for a reason.
# What the counter counted is taken back there, and not by the undo of the window, which shows nothing of it.
UNDOABLE: frozenset[EventKind] = CELL_KINDS | {
    "decided",
    "noted",
    "acknowledged",
    "mark_drawn",
    "mark_erased",
    "settled",
}
# What changes how many images stand at once: closed or opened, and who reads for consensus.
OF_MANY_IMAGES: frozenset[EventKind] = frozenset(
    {
        *("case_signed_off", "study_signed_off", "case_reopened", "study_reopened"),
        *("consensus_begun", "consensus_ended"),
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended. Which fields a kind fills stands in the table of docs/adr/0007; others stay empty.

    `sha256` is that of the image's bytes, `undoes` the number of the event taken back, or of the mark that this one
    erases or replaces, `answers_hidden` whether nothing derived from a classifier was to be seen.
    `place` is JSON: where on the image, in px.
    """

    kind: EventKind
    reader: str
    image: str = ""
    case: str = ""
    sha256: str = ""
    decision: str = ""
    text: str = ""
    undoes: int | None = None
    answers_hidden: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An entry as it stands in the log. `number` counts from 1 without a gap; `at` is UTC in whole seconds.

    `act` is the number of the first event that was appended with it. `hash` covers everything else in the event
    and the hash before it (sha256, hex).
    """

    number: int
    act: int
    entry: Entry
    at: datetime
    app_version: str
    hash: str


def is_of_cells(act: Sequence[Event]) -> bool:
    """Whether these events of one act say something of cells in an image, and of nothing else."""
    return bool(act) and all(event.entry.kind in CELL_KINDS for event in act)
