"""The events of a study's file: appended in one transaction, read back in order, checked as a chain."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bloodsmear import __version__
from bloodsmear.errors import StudyError
from bloodsmear.review.events import EVENT_KINDS, Entry, Event
from bloodsmear.storage.database import Database, Read, Row, Statement
from bloodsmear.storage.event_chain import ChainCheck, ChainHead, check_chain, first_hash, next_hash
from bloodsmear.storage.schema import EVENTS_SINCE_VERSION

_COLUMNS = (
    'number, act, kind, reader, image, "case", sha256, decision, text, undoes, answers_hidden, at, '
    "app_version, hash"
)
_INSERT = f"INSERT INTO events ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = f"SELECT {_COLUMNS} FROM events WHERE number > ? ORDER BY number"
_SELECT_HEAD = "SELECT study_id, events, last_hash FROM event_head"

# What to append, given the events that somebody else has appended meanwhile; it may raise to append nothing.
Decide = Callable[[Sequence[Event]], Sequence[Entry]]


class EventLog:
    """What readers did in one study. Reading is safe from any thread; appends take turns. StudyError."""

    def __init__(self, database: Database) -> None:
        """Of an open study; one of an older format, open for reading, has no events."""
        self._database = database

    def read(self, after: int = 0) -> tuple[Event, ...]:
        """The events with a number above `after`, in order. Raises StudyError when one cannot be understood."""
        return self._events_in(self._database.read(_SELECT, (after,))) if self._is_kept else ()

    def last_time(self) -> str:
        """When the last event was appended, as `YYYY-MM-DDTHH:MM:SSZ` (UTC); empty where there is none."""
        rows = (
            self._database.read("SELECT at FROM events ORDER BY number DESC LIMIT 1") if self._is_kept else ()
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

    def check(self) -> ChainCheck:
        """Look at the whole chain. Raises StudyError only when the file cannot be read."""
        if not self._is_kept:
            return ChainCheck(ChainHead("", 0, ""), "", None, ())
        rows = self._database.read(_SELECT_HEAD)
        if not rows:
            return ChainCheck(
                ChainHead("", 0, ""), "The study's own count of its events is missing.", None, ()
            )
        return check_chain(ChainHead(*rows[0]), self._database.read(_SELECT, (-1,)))

    @property
    def _is_kept(self) -> bool:
        return bool(self._database.read("PRAGMA user_version")[0][0] >= EVENTS_SINCE_VERSION)

    def _events_in(self, rows: Sequence[Row]) -> tuple[Event, ...]:
        events = []
        for row in rows:
            try:
                events.append(_event_of(row))
            except (TypeError, ValueError) as error:
                raise StudyError(
                    f"Event {row[0]} of the study {self._database.path} is damaged. Go on with a copy from before."
                ) from error
        return tuple(events)


def first_head() -> Statement:
    """Begin the chain of a study that has none yet."""
    study_id = uuid.uuid4().hex
    return Statement(
        "INSERT OR IGNORE INTO event_head (one, study_id, events, last_hash) VALUES (1, ?, 0, ?)",
        [(study_id, first_hash(study_id))],
    )


def _head_in(rows: Sequence[Row], database: Database) -> ChainHead:
    if not rows:
        raise StudyError(
            f"The study {database.path} has lost the count of its events, so nothing can be added. "
            "Go on with a copy from before."
        )
    return ChainHead(*rows[0])


def _linked_rows(head: ChainHead, entries: Sequence[Entry]) -> list[Row]:
    """The entries as rows that go on from the head. What is missing before it stays missing, and shows."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    act = head.events + 1
    previous, rows = head.last_hash, list[Row]()
    for number, entry in enumerate(entries, act):
        content = (
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
        )
        previous = next_hash(previous, content)
        rows.append((*content, previous))
    return rows


def _storable(text: str) -> str:
    """Half of a surrogate pair, which a paste can leave, is no SQLite text: it stands by its number."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _event_of(row: Row) -> Event:
    number, act, kind, reader, image, case, sha256, decision, text, undoes, hidden, at, version, hash_ = row
    if kind not in EVENT_KINDS:
        raise ValueError(f"there is no event {kind!r}")
    entry = Entry(kind, reader, image, case, sha256, decision, text, undoes, bool(hidden))
    return Event(number, act, entry, datetime.fromisoformat(at), version, hash_)
