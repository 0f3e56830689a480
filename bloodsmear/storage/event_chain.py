"""The chain through a study's events: each one's hash covers it and the hash before it (docs/adr/0007)."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bloodsmear.storage.database import Row

# Where the columns of a row (storage.event_log) stand.
_NUMBER, _KIND, _READER, _IMAGE, _TEXT, _AT, _CONTENT, _HASH = 0, 2, 3, 4, 8, 11, -3, -1
# So many remarks say it; a thousand would hide the rest.
_MOST_REMARKS = 3
# Of faults that a reader took note of a report names so many.
_MOST_NOTED = 10


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of the chain as the study keeps it beside its events."""

    study_id: str
    events: int
    last_hash: str
    # The sums of what the study holds beside its events (storage.content_sums); empty before format 3.
    content: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A place that does not fit: a sentence about it, the event's `number` (None: it is not an event).

    `mark` tells just this change from any later one; an event `acknowledged` without an image holds such marks.
    """

    mark: str
    sentence: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What a look at the chain found. `complaint` is a sentence about the first event that does not fit, else empty.

    `broken_number` is that event's number; None where the fault is not in an event. `hashes` are those of all events,
    in order. `remarks` are sentences on what is worth knowing, though it may be in order. `breaks` are the faults that
    nobody took note of; `acknowledged` are sentences on the faults that somebody took note of.
    """

    head: ChainHead
    complaint: str
    broken_number: int | None
    hashes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    acknowledged: tuple[str, ...] = ()

    @property
    def noted(self) -> str:
        """What somebody took note of, in sentences for a report: the first faults, and how many more there are."""
        more = len(self.acknowledged) - _MOST_NOTED
        told = [*self.acknowledged[:_MOST_NOTED], *([f"And {more:,} more."] if more > 0 else [])]
        return " ".join(told)

    @property
    def whole(self) -> bool:
        """Whether every event fits to the one before, the last one to the head, and the rest to its sums.

        What a reader took note of counts as fitting from then on.
        """
        return not self.complaint


def first_hash(study_id: str) -> str:
    """What the first event of a study follows."""
    return hashlib.sha256(f"bloodsmear-study-1 {study_id}".encode()).hexdigest()


def next_hash(previous: str, content: Row) -> str:
    """The hash of an event: `content` is its row without the hash, as SQLite holds it.

    An event without a place has none in its hash, as before format 7; one of before format 3 has no sums either.
    """
    while content[-1] is None:
        content = content[:-1]
    canonical = json.dumps(content, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode("ascii")).hexdigest()


def check_chain(head: ChainHead, rows: Iterable[Row], others: Sequence[Break] = ()) -> ChainCheck:
    """Follow the chain through the rows of the table, which come in the order of their numbers. Never raises.

    `others` are the breaks of what the study holds beside its events.
    """
    previous, expected = first_hash(head.study_id), 1
    hashes: list[str] = []
    remarks: list[str] = []
    breaks: list[Break] = []
    noted: dict[str, Row] = {}
    last: Row = ()
    for row in rows:
        if last and str(row[_AT]) < str(last[_AT]) and len(remarks) < _MOST_REMARKS:
            remarks.append(
                f"{_told(row)} is dated before event {last[_NUMBER]} ({last[_AT]}): the PC's clock was turned back, or "
                "another PC's differs."
            )
        last = row
        marks = _marks_in(row)
        noted |= {mark: row for mark in marks if mark not in noted}
        found = _break_at(row, expected, previous, marks)
        breaks += [found] if found is not None else []
        previous, expected = str(row[_HASH]), int(row[_NUMBER]) + 1
        hashes.append(previous)
    at_end = _break_at_end(head, expected - 1, previous)
    breaks += [at_end] if at_end is not None else []
    breaks += others
    if last and last[_CONTENT] is not None and last[_CONTENT] != head.content:
        remarks.append(
            f"The study has changed since its last event ({last[_AT]}): images were listed or read, or classifiers "
            "changed. The last hash covers what it held then."
        )
    new = tuple(one for one in breaks if one.mark not in noted)
    known = tuple(
        f"{one.sentence} {noted[one.mark][_READER]} took note of it on {noted[one.mark][_AT]}."
        for one in breaks
        if one.mark in noted
    )
    first = new[0] if new else Break("", "")
    return ChainCheck(head, first.sentence, first.number, tuple(hashes), tuple(remarks), new, known)


def _marks_in(row: Row) -> tuple[str, ...]:
    """The breaks that this event takes note of."""
    takes_note = row[_KIND] == "acknowledged" and not row[_IMAGE] and isinstance(row[_TEXT], str)
    return tuple(row[_TEXT].splitlines()) if takes_note else ()


def _break_at(row: Row, expected: int, previous: str, marks: Sequence[str]) -> Break | None:
    if row[_NUMBER] != expected:
        sentence = f"Event {expected} is missing: the next one there is event {row[_NUMBER]}."
        return Break(f"missing {expected} to {int(row[_NUMBER]) - 1}", sentence, expected)
    if _fits(row, previous):
        return None
    # What takes note of an end that does not fit goes on from what the head said.
    for mark in marks:
        if mark.startswith("end ") and mark.endswith(f" {previous}") and _fits(row, mark.split()[1]):
            return _wrong_end(mark, expected - 1)
    told = _told(row)
    digest = hashlib.sha256(json.dumps(row, default=bytes.hex).encode("ascii")).hexdigest()
    mark = f"unfit {expected} {digest[:16]}"
    if expected == 1:
        return Break(
            mark, f"{told} does not fit the study: it was changed, or it comes from another study.", expected
        )
    return Break(
        mark, f"{told} does not fit the one before: it, or event {expected - 1}, was changed.", expected
    )


def _fits(row: Row, previous: str) -> bool:
    try:
        return bool(next_hash(previous, row[:_HASH]) == row[_HASH])
    except TypeError:  # bytes, which the program never writes
        return False


def _told(row: Row) -> str:
    return f"Event {row[_NUMBER]} ({row[_KIND]}, {row[_READER]}, {row[_AT]})"


def _break_at_end(head: ChainHead, last: int, previous: str) -> Break | None:
    if last < head.events:
        sentence = f"Event {last + 1} is missing: the study has written {head.events}, and {last} are there."
        return Break(f"missing {last + 1} to {head.events}", sentence, last + 1)
    if last > head.events:
        sentence = f"Event {head.events + 1} was put in: the study has written only {head.events}."
        return Break(f"extra {head.events + 1} to {last}", sentence, head.events + 1)
    if previous == head.last_hash:
        return None
    return _wrong_end(f"end {head.last_hash} {previous}", last)


def _wrong_end(mark: str, last: int) -> Break:
    if not last:
        sentence = "All events are missing: the study's last hash is not that of a study without any."
        return Break(mark, sentence, 1)
    sentence = f"Event {last} is not the last one that the study has written: it, or the head, was changed."
    return Break(mark, sentence, last)
