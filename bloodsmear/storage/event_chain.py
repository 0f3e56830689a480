"""The chain through a study's events: each one's hash covers it and the hash before it (docs/adr/0007)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from bloodsmear.storage.database import Row

# Where the columns of a row (storage.event_log) stand.
_NUMBER, _KIND, _READER, _AT, _CONTENT, _HASH = 0, 2, 3, 11, -2, -1
# So many remarks say it; a thousand would hide the rest.
_MOST_REMARKS = 3


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain as the study keeps it beside its events."""

    study_id: str
    events: int
    last_hash: str
    # The sums of what the study holds beside its events (storage.content); empty before format 3.
    content: str = ""


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a look at the chain found. `complaint` is a sentence about the first event that does not fit, else empty.

    `broken_number` is that event's number; None where what is wrong is no event. `hashes` are those of all events, in
    order. `remarks` are sentences on what may well be in order, and is worth knowing.
    """

    head: ChainHead
    complaint: str
    broken_number: int | None
    hashes: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every event fits to the one before, the last one to the head, and the rest to its sums."""
        return not self.complaint


def first_hash(study_id: str) -> str:
    """What the first event of a study follows."""
    return hashlib.sha256(f"bloodsmear-study-1 {study_id}".encode()).hexdigest()


def next_hash(previous: str, content: Row) -> str:
    """The hash of an event: `content` is its row without the hash, as SQLite holds it.

    An event of before format 3 has no sums, and its hash covers none.
    """
    if content[-1] is None:
        content = content[:-1]
    canonical = json.dumps(content, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode("ascii")).hexdigest()


def check_chain(head: ChainHead, rows: Iterable[Row]) -> ChainCheck:
    """Follow the chain through the rows of the table, which come in the order of their numbers. Never raises."""
    previous, expected = first_hash(head.study_id), 1
    hashes: list[str] = []
    remarks: list[str] = []
    complaint, broken = "", None
    last: Row = ()
    for row in rows:
        if last and str(row[_AT]) < str(last[_AT]) and len(remarks) < _MOST_REMARKS:
            remarks.append(
                f"{_told(row)} is dated before event {last[_NUMBER]} ({last[_AT]}): the PC's clock was turned back, or "
                "another PC's differs."
            )
        last = row
        if not complaint:
            complaint = _complaint_of(row, expected, previous)
            broken = expected if complaint else None
        previous, expected = row[_HASH], expected + 1
        hashes.append(str(previous))
    if not complaint and (len(hashes), previous) != (head.events, head.last_hash):
        complaint, broken = _end_complaint(head, len(hashes))
    if last and last[_CONTENT] is not None and last[_CONTENT] != head.content:
        remarks.append(
            f"The study has changed since its last event ({last[_AT]}): images were listed or read, or classifiers "
            "changed. The last hash covers what it held then."
        )
    return ChainCheck(head, complaint, broken, tuple(hashes), tuple(remarks))


def _complaint_of(row: Row, expected: int, previous: object) -> str:
    if row[_NUMBER] != expected:
        return f"Event {expected} is missing: the next one there is event {row[_NUMBER]}."
    try:
        fits = next_hash(str(previous), row[:_HASH]) == row[_HASH]
    except TypeError:  # bytes, which the program never writes
        fits = False
    if fits:
        return ""
    told = _told(row)
    if expected == 1:
        return f"{told} does not fit the study: it was changed, or it comes from another study."
    return f"{told} does not fit the one before: it, or event {expected - 1}, was changed."


def _told(row: Row) -> str:
    return f"Event {row[_NUMBER]} ({row[_KIND]}, {row[_READER]}, {row[_AT]})"


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
    if not found:
        return ("All events are missing: the study's last hash is not that of a study without any.", 1)
    return (
        f"Event {found} is not the last one that the study has written: it, or the head, was changed.",
        found,
    )
