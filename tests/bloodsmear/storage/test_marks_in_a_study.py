"""Marks are events with a place: covered by the chain, looked at when they are read, and new with format 7."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.errors import NoStudyError, StudyError
from bloodsmear.review.events import Entry
from bloodsmear.review.marks import DrawnShape, drawn_in, place_text
from bloodsmear.storage import schema
from bloodsmear.storage.event_chain import first_hash, next_hash
from bloodsmear.storage.study_store import StudyHead, StudyStore

BOX = DrawnShape("box", ((10.25, 20.5), (30.0, 40.0)), (640, 480), "ячейка 😀")
PLACE = place_text(BOX)
COLUMNS = 'number, act, kind, reader, image, "case", sha256, decision, text, undoes, answers_hidden, at, app_version'


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ()))


def append(store: StudyStore, *entries: Entry) -> None:
    store.events.append(0, lambda _there: entries)


def drawn(place: str = PLACE, words: str = BOX.words) -> Entry:
    return Entry("mark_drawn", "Ada", "1.png", "", "ab" * 32, text=words, place=place)


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_mark_comes_back_as_it_was_drawn_and_the_chain_fits(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        append(store, drawn(), Entry("noted", "Ada", "1.png", text="round"))

    with StudyStore.open_existing(tmp_path / "s") as store:
        first, second = store.events.read()
        assert drawn_in(first.entry.place, first.entry.text) == BOX
        assert second.entry.place == ""
        assert store.events.check().whole


@pytest.mark.parametrize("number", [1, 2])
def test_a_place_that_was_changed_from_outside_breaks_the_chain(tmp_path: Path, number: int) -> None:
    with open_study(tmp_path / "s") as store:
        append(store, drawn(), Entry("noted", "Ada", "1.png", text="round"))
    other = place_text(DrawnShape("box", ((0, 0), (30, 40)), (640, 480)))
    edit(tmp_path / "s", f"UPDATE events SET place = '{other}' WHERE number = {number}")

    with StudyStore.open_existing(tmp_path / "s") as store:
        assert store.events.check().broken_number == number


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("", ""),
        ("nothing", ""),
        ("[]", ""),
        ("[" * 9_000, ""),
        ("{}", ""),
        (PLACE.replace("box", "star"), ""),
        (PLACE.replace('"box"', "[]"), ""),
        (PLACE.replace('"box"', '"point"'), ""),
        (PLACE.replace('"box"', '"text"'), "two places"),
        (PLACE.replace("10.25", "NaN"), ""),
        (PLACE.replace("10.25", "Infinity"), ""),
        (PLACE.replace("10.25", "1e999"), ""),
        (PLACE.replace("10.25", "-1"), ""),
        (PLACE.replace("10.25", "640.01"), ""),
        (PLACE.replace("10.25", "1" + "0" * 400), ""),
        (PLACE.replace("10.25", "true"), ""),
        (PLACE.replace("10.25", '"10"'), ""),
        (PLACE.replace("640", "640.0"), ""),
        (PLACE.replace("640", "0"), ""),
        (PLACE.replace("640", "1" + "0" * 12), ""),
        (PLACE.replace("[640, 480]", "[640]"), ""),
        (PLACE.replace("[640, 480]", '"64"'), ""),
        (PLACE[:-1] + ', "more": 1}', ""),
        (PLACE, "x" * 201),
        (PLACE, "two\nlines"),
        (json.dumps({"shape": "text", "places": [[1, 2]], "size": [640, 480]}), ""),
    ],
)
def test_a_mark_that_the_program_does_not_write_is_a_damaged_event(
    tmp_path: Path, place: str, words: str
) -> None:
    path = tmp_path / "s"
    with open_study(path) as store:
        append(store, drawn())
        assert len(store.events.read()) == 1
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE events SET place = ?, text = ?", (place, words))
        connection.commit()

    with StudyStore.open_existing(path) as store:
        with pytest.raises(StudyError, match=r"Event 1 of the study .* is damaged"):
            store.events.read()
        assert store.events.readable() == ()


def test_a_study_of_format_6_keeps_its_events_and_its_chain_when_it_is_brought_forward(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s"
    with open_study(path) as store:
        append(store, Entry("noted", "Ada", "1.png", text="round"))
    edit(
        path,
        "DROP TABLE features",
        "ALTER TABLE events DROP COLUMN place",
        "ALTER TABLE images DROP COLUMN um_per_px",
        "PRAGMA user_version = 6",
    )
    # What the program of format 6 hashed: the columns up to the sums.
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(f"SELECT {COLUMNS}, content FROM events").fetchone()
        hash_ = connection.execute("SELECT hash FROM events").fetchone()[0]
        study_id = connection.execute("SELECT study_id FROM event_head").fetchone()[0]
    before = path.read_bytes()

    with StudyStore.open_existing(path) as store:
        assert store.events.check().whole
        assert [event.entry.text for event in store.events.read()] == ["round"]
        assert next_hash(first_hash(study_id), row) == hash_
    assert path.read_bytes() == before

    with open_study(path) as store:
        append(store, drawn())
        assert store.events.check().whole
        assert [event.entry.kind for event in store.events.read()] == ["noted", "mark_drawn"]
    assert (tmp_path / "s before format 7").exists()


def test_a_program_that_knows_no_marks_refuses_the_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_study(tmp_path / "s").close()
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 6)

    with pytest.raises(
        NoStudyError, match=r"written by a newer Bloodsmear \(format 7, this program reads up to 6\)"
    ):
        StudyStore.open_existing(tmp_path / "s")
