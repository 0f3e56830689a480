"""The events of a study's file: appended in one transaction, read back in order, checked as a chain."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from bloodsmear import __version__
from bloodsmear.cells.reader_cells import box_in
from bloodsmear.errors import StudyError
from bloodsmear.review.events import EVENT_KINDS, Entry, Event, EventKind
from bloodsmear.review.marks import drawn_in
from bloodsmear.storage import content_sums, row_checks
from bloodsmear.storage.database import Database, Read, Row, Statement
from bloodsmear.storage.event_chain import ChainCheck, ChainHead, check_chain, first_hash, next_hash
from bloodsmear.storage.schema import (
    CONTENT_SINCE_VERSION,
    EVENTS_SINCE_VERSION,
    PLACES_SINCE_VERSION,
    format_of,
    told_format,
)

_COLUMNS = 'number, act, kind, reader, image, "case", sha256, decision, text, undoes, answers_hidden, at, app_version'
_INSERT = f"INSERT INTO events ({_COLUMNS}, content, place, hash) VALUES (?{', ?' * 15})"
_SELECT = f"SELECT {_COLUMNS}, content, place, hash FROM events WHERE number > ? ORDER BY number"
_SELECT_WITHOUT_PLACES = _SELECT.replace("place", "NULL")
_SELECT_OLD = _SELECT_WITHOUT_PLACES.replace("content", "NULL")
_SELECT_HEAD = "SELECT study_id, events, last_hash, content FROM event_head"
_SELECT_OLD_HEAD = "SELECT study_id, events, last_hash, '' FROM event_head"
_LONGEST_EVENT_TEXT = 10_000
# A mark has 140 letters at most.
_MARKS_AN_EVENT = 50
# The kinds with a place. What reads it and the text raises ValueError for what the program never writes.
_PLACED: dict[EventKind, Callable[[str, str], object]] = {
    "mark_drawn": drawn_in,
    "cell_named": lambda place, _text: box_in(place),
    "cell_added": lambda place, _text: box_in(place),
    "cell_removed": lambda place, _text: box_in(place),
    "cell_noted": lambda place, _text: box_in(place),
}
_OLD_CONTENT = (
    "The study is of an older format: images, classifiers and their answers are outside of its chain until the program "
    "has opened it for writing."
)

# What to append, given the events that somebody else has appended meanwhile; it may raise to append nothing.
Decide = Callable[[Sequence[Event]], Sequence[Entry]]


class EventLog:
    """What readers did in one study. Reading is safe from any thread; appends take turns. StudyError."""

    def __init__(self, database: Database) -> None:
        """Of an open study; one of the first format, open for reading, has no events. Raises StudyError."""
        self._database = database
        # The tables say which format it is: a changed bit of its number must not hide every decision.
        self._format = format_of(database.read, database.path)
        self._told_format = told_format(database.read)

    def read(self, after: int = 0) -> tuple[Event, ...]:
        """The events with a number above `after`, in order. Raises StudyError when one cannot be understood."""
        return self._events_in(self._database.read(self._select, (after,))) if self._is_kept else ()

    def readable(self) -> tuple[Event, ...]:
        """The events that can be understood, in order, for a report: `check` names the first one that cannot."""
        events = []
        for row in self._database.read(self._select, (0,)) if self._is_kept else ():
            with suppress(TypeError, ValueError):
                events.append(_event_of(row))
        return tuple(events)

    def last_time(self) -> str:
        """When the last event was appended, as `YYYY-MM-DDTHH:MM:SSZ` (UTC); empty if there is none."""
        rows = (
            self._database.read("SELECT at FROM events ORDER BY number DESC LIMIT 1") if self._is_kept else ()
        )
        return str(rows[0][0]) if rows else ""

    def content(self) -> str:
        """The sums over images and answers, which every write of one changes; empty in a file of an older format."""
        rows = (
            self._database.read("SELECT content FROM event_head")
            if self._format >= CONTENT_SINCE_VERSION
            else ()
        )
        return str(rows[0][0]) if rows else ""

    def append(self, after: int, decide: Decide) -> tuple[Event, ...]:
        """Append what `decide` returns, as one act; returns all events above `after`, the appended ones last.

        `decide` is given the events above `after` that are there already and may raise: then nothing is written.
        No other program appends in between. What was appended is on the disk when this returns.
        """
        appended: tuple[Event, ...] = ()

        def statements(read: Read) -> Sequence[Statement]:
            nonlocal appended
            there = self._events_in(read(_SELECT, (after,)))
            entries = decide(there)
            rows = _linked_rows(_head_in(read(_SELECT_HEAD, ()), self._database), entries)
            appended = (*there, *self._events_in(rows))
            if not rows:
                return ()
            return (
                Statement(_INSERT, rows),
                Statement("UPDATE event_head SET events = ?, last_hash = ?", [(rows[-1][0], rows[-1][-1])]),
            )

        self._database.write_after_reading(statements)
        return appended

    def acknowledge_changes(self, reader: str) -> ChainCheck:
        """The reader takes note of what does not fit, for good: events say which changes. Returns a new check.

        Raises StudyError where nothing can be added.
        """
        # The first of these events goes on from an end that does not fit, so it has to name it.
        marks = sorted(
            (one.mark for one in self.check().breaks), key=lambda mark: not mark.startswith("end ")
        )
        entries = [
            Entry("acknowledged", reader, text="\n".join(marks[first : first + _MARKS_AN_EVENT]))
            for first in range(0, len(marks), _MARKS_AN_EVENT)
        ]
        if entries:
            self.append(2**62, lambda _there: entries)
        return self.check()

    def check(self) -> ChainCheck:
        """Look at the whole chain. Raises StudyError only when the file cannot be read."""
        if not self._is_kept:
            return ChainCheck(ChainHead("", 0, ""), self._format_complaint, None, (), (_OLD_CONTENT,))
        has_content = self._format >= CONTENT_SINCE_VERSION
        rows = self._database.read(_SELECT_HEAD if has_content else _SELECT_OLD_HEAD)
        head = _head_of(rows[0]) if rows else None
        if head is None:
            missing = "damaged" if rows else "missing"
            return ChainCheck(
                ChainHead("", 0, ""), f"The study's own count of its events is {missing}.", None, ()
            )
        others = content_sums.breaks_of(self._database.read, head.content) if has_content else ()
        check = check_chain(head, self._database.read(self._select, (-(2**62),)), others)
        if not has_content:
            check = replace(check, remarks=(*check.remarks, _OLD_CONTENT))
        return replace(check, complaint=self._format_complaint or check.complaint)

    @property
    def _is_kept(self) -> bool:
        return self._format >= EVENTS_SINCE_VERSION

    @property
    def _select(self) -> str:
        if self._format >= PLACES_SINCE_VERSION:
            return _SELECT
        return _SELECT_WITHOUT_PLACES if self._format >= CONTENT_SINCE_VERSION else _SELECT_OLD

    @property
    def _format_complaint(self) -> str:
        if self._told_format == self._format:
            return ""
        return f"The number of the study's format was changed: it says {self._told_format}, and it is {self._format}."

    def _events_in(self, rows: Sequence[Row]) -> tuple[Event, ...]:
        events = []
        for row in rows:
            try:
                events.append(_event_of(row))
            except (TypeError, ValueError) as error:
                raise StudyError(
                    f"Event {str(row[0])[:20]} of the study {self._database.path} is damaged. Go on with a copy from "
                    "before."
                ) from error
        return tuple(events)


def first_head() -> Statement:
    """Begin the chain of a study that has none yet."""
    study_id = uuid.uuid4().hex
    return Statement(
        "INSERT OR IGNORE INTO event_head (one, study_id, events, last_hash, content) VALUES (1, ?, 0, ?, ?)",
        [(study_id, first_hash(study_id), content_sums.NOTHING)],
    )


def _head_in(rows: Sequence[Row], database: Database) -> ChainHead:
    head = _head_of(rows[0]) if rows else None
    if head is None:
        raise StudyError(
            f"The study {database.path} has lost the count of its events, so nothing can be added. "
            "Go on with an earlier copy."
        )
    return head


def _head_of(row: Row) -> ChainHead | None:
    """None where it is damaged."""
    try:
        study_id, events, last_hash, sums = row
        return ChainHead(
            row_checks.text(study_id),
            row_checks.whole(events),
            row_checks.text(last_hash),
            row_checks.text(sums),
        )
    except ValueError:
        return None


def _linked_rows(head: ChainHead, entries: Sequence[Entry]) -> list[Row]:
    """The entries as rows that go on from the head. What is missing before it stays missing, and shows."""
    at = _now()
    act = head.events + 1
    previous, rows = head.last_hash, list[Row]()
    for number, entry in enumerate(entries, act):
        row = (
            number,
            act,
            entry.kind,
            entry.reader,
            entry.image,
            entry.case,
            entry.sha256,
            entry.decision,
            _storable(entry.text),
            entry.undoes,
            int(entry.answers_hidden),
            at,
            __version__,
            head.content,
            entry.place or None,
        )
        previous = next_hash(previous, row)
        rows.append((*row, previous))
    return rows


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _storable(text: str) -> str:
    """Half of a surrogate pair, which a paste can leave, is not a SQLite text: it stands by its number."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _event_of(row: Row) -> Event:
    """Raises ValueError for what the program never writes."""
    number, act, kind, reader, image, case, sha256, decision, text, undoes, hidden, at, *others = row
    version, _, place, hash_ = others
    if kind not in EVENT_KINDS:
        raise ValueError(f"there is no event {kind!r}")
    for value in (reader, image, case, decision, text, version, hash_):
        row_checks.text(value, _LONGEST_EVENT_TEXT)
    for value in (number, act, *(() if undoes is None else (undoes,))):
        row_checks.whole(value, 2**62)
    row_checks.text(sha256, 64)
    if kind in _PLACED:
        _PLACED[kind](row_checks.text(place, _LONGEST_EVENT_TEXT), text)
    elif place is not None:
        raise ValueError(f"an event {kind!r} has no place")
    when = datetime.fromisoformat(row_checks.text(at, 40))
    entry = Entry(
        kind, reader, image, case, sha256, decision, text, undoes, row_checks.switch(hidden), place or ""
    )
    return Event(number, act, entry, when, version, hash_)
