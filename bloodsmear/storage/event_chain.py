"""The chain through a study's events: each one's hash covers it and the hash before it (docs/adr/0007)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from bloodsmear.storage.database import Row

# Where the columns of a row (storage.schema, table `events`) stand.
_NUMBER, _KIND, _READER, _AT, _HASH = 0, 2, 3, 11, -1


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain as the study keeps it beside its events."""

    study_id: str
    events: int
    last_hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a look at the chain found. `complaint` is a sentence about the first event that does not fit, else empty.

    `broken_number` is that event's number. `hashes` are those of all events, in order.
    """

    head: ChainHead
    complaint: str
    broken_number: int | None
    hashes: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every event fits to the one before and the last one to the head."""
        return not self.complaint


def first_hash(study_id: str) -> str:
    """What the first event of a study follows."""
    return hashlib.sha256(f"bloodsmear-study-1 {study_id}".encode()).hexdigest()


def next_hash(previous: str, content: Row) -> str:
    """The hash of an event: `content` is its row without the hash, as SQLite holds it."""
    canonical = json.dumps(content, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode("ascii")).hexdigest()


def check_chain(head: ChainHead, rows: Iterable[Row]) -> ChainCheck:
    """Follow the chain through the rows of the table, which come in the order of their numbers. Never raises."""
    previous, expected = first_hash(head.study_id), 1
    hashes: list[str] = []
    complaint, broken = "", None
    for row in rows:
        if not complaint:
            complaint = _complaint_of(row, expected, previous)
            broken = expected if complaint else None
        previous, expected = row[_HASH], expected + 1
        hashes.append(str(previous))
    if not complaint and (len(hashes), previous) != (head.events, _last_hash(head)):
        complaint, broken = _end_complaint(head, len(hashes))
    return ChainCheck(head, complaint, broken, tuple(hashes))


def _complaint_of(row: Row, expected: int, previous: object) -> str:
    if row[_NUMBER] != expected:
        return f"Event {expected} is missing: the next one there is event {row[_NUMBER]}."
    try:
        fits = next_hash(str(previous), row[:_HASH]) == row[_HASH]
    except TypeError:  # bytes, which the program never writes
        fits = False
    if fits:
        return ""
    told = f"Event {expected} ({row[_KIND]}, {row[_READER]}, {row[_AT]})"
    if expected == 1:
        return f"{told} does not fit the study: it was changed, or it comes from another study."
    return f"{told} does not fit the one before: it, or event {expected - 1}, was changed."


def _last_hash(head: ChainHead) -> str:
    return head.last_hash if head.events else first_hash(head.study_id)


def _end_complaint(head: ChainHead, found: int) -> tuple[str, int]:
    if found < head.events:
        return (
            f"Event {found + 1} is missing: the study has written {head.events}, and {found} are there.",
            found + 1,
        )
    if found > head.events:
        return (
            f"Event {head.events + 1} was put in: the study has written only {head.events}.",
            head.events + 1,
        )
    return (
        f"Event {found} is not the last one that the study has written: it, or the head, was changed.",
        found,
    )
