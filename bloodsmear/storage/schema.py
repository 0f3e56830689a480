"""The tables of a study's file, and which format a file's tables are: nothing else may stand in one (docs/adr/0027)."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bloodsmear.errors import EmptyStudyError, NoStudyError, StudyError
from bloodsmear.storage.database import Read, Row, Statement, rows_after

# Raised whenever a table changes; a reader for the older versions stays. 2 brought the events, 3 their `content`,
# 4 the camera's bits and the colour profiles, 5 the decoder's number, 6 the scales, 7 places on an image, features, and
# the events of audits.
SCHEMA_VERSION = 7
EVENTS_SINCE_VERSION = 2
CONTENT_SINCE_VERSION = 3
PLACES_SINCE_VERSION = 7
# "blsm": tells a study from any other SQLite file.
APPLICATION_ID = 0x626C736D

_FIRST: tuple[str, ...] = (
    """
    CREATE TABLE head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        root TEXT NOT NULL,
        folders TEXT NOT NULL,
        check_denoised INTEGER NOT NULL,
        app_version TEXT NOT NULL,
        created_at TEXT NOT NULL
    )
    """,
    # Every classifier that ever answered stays; `position` is its place in the report, NULL when not in use now.
    """
    CREATE TABLE classifiers (
        key INTEGER PRIMARY KEY,
        position INTEGER,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        version_mark TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        label_keys TEXT NOT NULL,
        UNIQUE (id, version_mark, model_sha256)
    )
    """,
    # `listed` is 0 for a file that the last run did not find any more: it has no row in a report.
    """
    CREATE TABLE images (
        key INTEGER PRIMARY KEY,
        image TEXT NOT NULL UNIQUE,
        "case" TEXT NOT NULL,
        listed INTEGER NOT NULL,
        status TEXT NOT NULL,
        error TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        width_px INTEGER,
        height_px INTEGER,
        sharpness REAL,
        dark_share REAL,
        bright_share REAL,
        screened_at TEXT
    )
    """,
    """
    CREATE TABLE predictions (
        image INTEGER NOT NULL REFERENCES images (key) ON DELETE CASCADE,
        classifier INTEGER NOT NULL REFERENCES classifiers (key),
        denoised INTEGER NOT NULL,
        probabilities TEXT NOT NULL,
        feature_distance REAL,
        unlike_training INTEGER NOT NULL,
        PRIMARY KEY (image, classifier, denoised)
    ) WITHOUT ROWID
    """,
)
_SECOND: tuple[str, ...] = (
    # What readers did: appended, never changed (docs/adr/0007). The hash covers the columns in this order.
    """
    CREATE TABLE events (
        number INTEGER PRIMARY KEY,
        act INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reader TEXT NOT NULL,
        image TEXT NOT NULL,
        "case" TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        decision TEXT NOT NULL,
        text TEXT NOT NULL,
        undoes INTEGER,
        answers_hidden INTEGER NOT NULL,
        at TEXT NOT NULL,
        app_version TEXT NOT NULL,
        hash TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE event_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        study_id TEXT NOT NULL,
        events INTEGER NOT NULL,
        last_hash TEXT NOT NULL
    )
    """,
)
# Format 2 kept slips of our own off with these. Now a file with any trigger is refused, so they go.
_TRIGGERS_OF_2: tuple[str, ...] = (
    """
    CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END
    """,
    """
    CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END
    """,
)
# Sums over all other tables (storage.content_sums): in the head as they are now, in an event as they were then.
_THIRD: tuple[str, ...] = (
    "ALTER TABLE events ADD COLUMN content TEXT",
    "ALTER TABLE event_head ADD COLUMN content TEXT NOT NULL DEFAULT ''",
)
# 0 bits: nobody set them. An empty profile: none was applied.
_FOURTH: tuple[str, ...] = (
    "ALTER TABLE head ADD COLUMN camera_bits INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE images ADD COLUMN colour_profile TEXT NOT NULL DEFAULT ''",
)
# 0: read before that was kept.
_FIFTH: tuple[str, ...] = ("ALTER TABLE images ADD COLUMN decoder INTEGER NOT NULL DEFAULT 0",)
# JSON: a list of [folder, width, height, µm per pixel, how a reader came to it].
_SIXTH: tuple[str, ...] = ("ALTER TABLE head ADD COLUMN scales TEXT NOT NULL DEFAULT '[]'",)
_SEVENTH: tuple[str, ...] = (
    # JSON: where on the image (docs/adr/0040).
    "ALTER TABLE events ADD COLUMN place TEXT",
    # The scale that the image's file states, where it counts; NULL: none, or read before that was kept.
    "ALTER TABLE images ADD COLUMN um_per_px REAL",
    # What teaching computes of an image, so that it is computed once. It is found by what made it (`made_by`) and the
    # bytes that it was made of; `digest` is over `numbers`. Nothing that a report says rests on it: no sum covers it.
    """
    CREATE TABLE features (
        image INTEGER NOT NULL REFERENCES images (key) ON DELETE CASCADE,
        made_by TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        numbers BLOB NOT NULL,
        digest TEXT NOT NULL,
        PRIMARY KEY (image, made_by)
    ) WITHOUT ROWID
    """,
)
_MADE_BY: dict[int, tuple[str, ...]] = {
    1: _FIRST,
    2: (*_FIRST, *_SECOND, *_TRIGGERS_OF_2),
    3: (*_FIRST, *_SECOND, *_THIRD),
    4: (*_FIRST, *_SECOND, *_THIRD, *_FOURTH),
    5: (*_FIRST, *_SECOND, *_THIRD, *_FOURTH, *_FIFTH),
    6: (*_FIRST, *_SECOND, *_THIRD, *_FOURTH, *_FIFTH, *_SIXTH),
    7: (*_FIRST, *_SECOND, *_THIRD, *_FOURTH, *_FIFTH, *_SIXTH, *_SEVENTH),
}
_TO_NEXT: dict[int, tuple[str, ...]] = {
    0: (*_FIRST, *_SECOND, *_THIRD, *_FOURTH, *_FIFTH, *_SIXTH, *_SEVENTH),
    1: (*_SECOND, *_THIRD, *_FOURTH, *_FIFTH, *_SIXTH, *_SEVENTH),
    2: (
        "DROP TRIGGER events_are_not_changed",
        "DROP TRIGGER events_are_not_removed",
        *_THIRD,
        *_FOURTH,
        *_FIFTH,
        *_SIXTH,
        *_SEVENTH,
    ),
    3: (*_FOURTH, *_FIFTH, *_SIXTH, *_SEVENTH),
    4: (*_FIFTH, *_SIXTH, *_SEVENTH),
    5: (*_SIXTH, *_SEVENTH),
    6: _SEVENTH,
    7: (),
}
_SELECT_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master"
# More than any format has, so that a file with a million of them is not read to its end.
_MOST_OBJECTS = 40


def forward_from(version: int) -> list[Statement]:
    """What makes the tables of this program's format from those of an older one; 0: from nothing."""
    return [
        *(Statement(sql) for sql in _TO_NEXT[version]),
        Statement(f"PRAGMA application_id = {APPLICATION_ID}"),
        Statement(f"PRAGMA user_version = {SCHEMA_VERSION}"),
    ]


def knows_cameras(read: Read) -> bool:
    """Whether the tables have room for a camera's bits and colour profiles: format 4 and later."""
    return any(row[1] == "camera_bits" for row in read("PRAGMA table_info(head)", ()))


def knows_decoders(read: Read) -> bool:
    """Whether the tables have room for the decoder's number: format 5 and later."""
    return any(row[1] == "decoder" for row in read("PRAGMA table_info(images)", ()))


def knows_scales(read: Read) -> bool:
    """Whether the tables have room for the scales that readers set: format 6 and later."""
    return any(row[1] == "scales" for row in read("PRAGMA table_info(head)", ()))


def knows_features(read: Read) -> bool:
    """Whether the tables have room for features: format 7 and later."""
    return bool(read("PRAGMA table_info(features)", ()))


def knows_stated_scales(read: Read) -> bool:
    """Whether the tables have room for the scales that files state: format 7 and later."""
    return any(row[1] == "um_per_px" for row in read("PRAGMA table_info(images)", ()))


def told_format(read: Read) -> int:
    """The format's number in the file, which the tables have to bear out."""
    return int(read("PRAGMA user_version", ())[0][0])


def format_of(read: Read, path: Path) -> int:
    """The format that a file's tables, indexes and triggers are; 0 for a file that holds nothing at all yet.

    Raises NoStudyError for another kind of file and a newer format, StudyError for a study that holds anything that
    the program doesn't make: a trigger or a view there would be SQL that runs when the study is read.
    """
    there = _described(read(f"{_SELECT_SCHEMA} LIMIT {_MOST_OBJECTS}", ()))
    application, told = read("PRAGMA application_id", ())[0][0], told_format(read)
    if not there and application in (0, APPLICATION_ID) and told in (0, SCHEMA_VERSION):
        return 0
    if application != APPLICATION_ID:
        raise NoStudyError(f"{path} is not a study of Bloodsmear. Choose another file.")
    if told > SCHEMA_VERSION:
        raise NoStudyError(
            f"The study {path} was written by a newer Bloodsmear (format {told}, this program "
            f"reads up to {SCHEMA_VERSION}). Install the newer program to open it."
        )
    version = next((one for one in _MADE_BY if _made(one) == there), None)
    if version is None:
        raise StudyError(
            f"The study {path} is not as Bloodsmear makes one{_first_strange(there)}. Nothing in it was read or "
            "changed. Go on with an earlier copy, or ask whoever gave it to you."
        )
    return version


def refuse_empty(version: int, path: Path) -> None:
    """Raise EmptyStudyError for a file without tables: a program was stopped while it made a study."""
    if version == 0:
        raise EmptyStudyError(
            f"The study {path} is empty: the program was stopped while it made it. Open its folder again, or delete "
            "the file."
        )


def _described(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of SQLite's own table, in order, without what says nothing: blanks."""
    return tuple(sorted((str(kind), str(name), str(of), _plain(sql)) for kind, name, of, sql in rows))


def _plain(sql: object) -> str:
    # Blanks of ASCII alone: to SQLite any other one is a letter of a name.
    return re.sub(r"[ \t\n\f\r]+", " ", str(sql)).strip(" ")


@cache
def _made(version: int) -> tuple[Row, ...]:
    return _described(rows_after(_MADE_BY[version], _SELECT_SCHEMA))


def _first_strange(there: Sequence[Row]) -> str:
    known = {row for version in _MADE_BY for row in _made(version)}
    strange = next((row for row in there if row not in known), None)
    return (
        f" (look at its {strange[0][:10]} {strange[1][:60]!r})" if strange else " (a part of it is missing)"
    )
