"""The event log in a study's file: what is appended stays, in order, and every change of it shows."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bloodsmear.errors import ReviewError, StudyError
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ClassifierMark
from bloodsmear.storage.event_chain import next_hash
from bloodsmear.storage.study_store import StudyHead, StudyStore

# The same examples on every run and no time limit: a slow machine must not fail a test.
MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
COLUMNS = (
    "number",
    "act",
    "kind",
    "reader",
    "image",
    "case",
    "sha256",
    "decision",
    "text",
    "undoes",
    "answers_hidden",
    "at",
    "app_version",
    "content",
    "place",
    "hash",
)


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,)))


def append(store: StudyStore, *entries: Entry) -> tuple[Event, ...]:
    return store.events.append(0, lambda _there: entries)


def decided(image: str, decision: str = "benign", reader: str = "Ada") -> Entry:
    return Entry("decided", reader, image, "case 1", "ab" * 32, decision, answers_hidden=True)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study with five events of two readers."""
    path = tmp_path / "s"
    with open_study(path) as store:
        append(store, decided("1.png"), decided("2.png"))
        append(store, Entry("noted", "Ada", "2.png", "case 1", "ab" * 32, text="ячейка 😀"))
        append(store, Entry("undone", "Ada", "2.png", "case 1", undoes=3))
        append(store, decided("1.png", "unsure", reader="Grace"))
    return path


def tamper(path: Path, *statements: str) -> None:
    """Write into the file as somebody would who knows SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def complaint_of(path: Path) -> tuple[int | None, str]:
    with StudyStore.open_existing(path) as store:
        check = store.events.check()
    assert check.whole == (not check.complaint)
    return check.broken_number, check.complaint


def test_events_come_back_as_they_were_appended(study: Path) -> None:
    with StudyStore.open_existing(study) as store:
        events = store.events.read()

    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.act for event in events] == [1, 1, 3, 4, 5]
    assert events[0].entry == decided("1.png")
    assert events[2].entry.text == "ячейка 😀"
    assert events[3].entry.undoes == 3
    assert complaint_of(study) == (None, "")


def test_reading_goes_on_after_a_number(study: Path) -> None:
    with StudyStore.open_existing(study) as store:
        assert [event.number for event in store.events.read(after=3)] == [4, 5]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("number", "hash")])
def test_a_change_of_any_column_is_found_at_its_event(study: Path, column: str) -> None:
    numeric = column in ("act", "undoes", "answers_hidden")
    tamper(study, f'UPDATE events SET "{column}" = {7 if numeric else repr("other")} WHERE number = 3')

    broken, complaint = complaint_of(study)

    assert broken == 3
    assert "Event 3" in complaint
    assert "was changed" in complaint


def test_a_column_of_another_type_is_found(study: Path) -> None:
    tamper(study, "UPDATE events SET decision = x'00ff' WHERE number = 2")

    assert complaint_of(study)[0] == 2


def test_a_changed_hash_is_found(study: Path) -> None:
    tamper(study, f"UPDATE events SET hash = '{'0' * 64}' WHERE number = 3")

    assert complaint_of(study)[0] == 3


def test_an_event_whose_own_hash_was_computed_anew_breaks_the_next_one(study: Path) -> None:
    with closing(sqlite3.connect(study)) as connection:
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        rows = connection.execute(f"SELECT {columns} FROM events ORDER BY number").fetchall()
    forged = [*rows[2]]
    forged[COLUMNS.index("reader")] = "Mallory"
    hash_ = next_hash(rows[1][-1], tuple(forged[:-1]))
    tamper(study, f"UPDATE events SET reader = 'Mallory', hash = '{hash_}' WHERE number = 3")

    broken, complaint = complaint_of(study)

    assert broken == 4
    assert "event 3, was changed" in complaint


def test_an_event_left_out_is_named(study: Path) -> None:
    tamper(study, "DELETE FROM events WHERE number = 2")

    assert complaint_of(study) == (2, "Event 2 is missing: the next one there is event 3.")


def test_events_moved_are_found(study: Path) -> None:
    tamper(
        study,
        "UPDATE events SET number = 9 WHERE number = 1",
        "UPDATE events SET number = 1 WHERE number = 2",
        "UPDATE events SET number = 2 WHERE number = 9",
    )

    assert complaint_of(study)[0] == 1


def test_a_tail_cut_off_is_found_and_later_events_do_not_hide_it(study: Path) -> None:
    tamper(study, "DELETE FROM events WHERE number >= 4")
    expected = (4, "Event 4 is missing: the study has written 5, and 3 are there.")
    assert complaint_of(study) == expected

    with open_study(study) as store:
        appended = store.events.append(3, lambda _there: [decided("9.png")])

    assert [event.number for event in appended] == [6]
    assert complaint_of(study) == (4, "Event 4 is missing: the next one there is event 6.")


def test_a_head_that_was_turned_back_shows_and_stops_the_log(study: Path) -> None:
    tamper(study, "UPDATE event_head SET events = 3, last_hash = (SELECT hash FROM events WHERE number = 3)")

    assert complaint_of(study)[0] == 4
    with open_study(study) as store, pytest.raises(StudyError, match="another program than Bloodsmear"):
        append(store, decided("9.png"))


def test_a_changed_head_is_found(study: Path) -> None:
    tamper(study, f"UPDATE event_head SET last_hash = '{'0' * 64}'")

    assert complaint_of(study)[0] == 5


def test_a_missing_head_is_found(study: Path) -> None:
    tamper(study, "DELETE FROM event_head")

    assert "count of its events is missing" in complaint_of(study)[1]


def test_events_of_another_study_do_not_fit(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with open_study(other) as store:
        append(store, decided("1.png"))
    tamper(other, "DELETE FROM events")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute(f"ATTACH '{study}' AS theirs")
        connection.execute("INSERT INTO events SELECT * FROM theirs.events")
        connection.commit()

    broken, complaint = complaint_of(other)

    assert broken == 1
    assert "another study" in complaint


def test_a_damaged_event_is_a_sentence_when_it_is_read(study: Path) -> None:
    tamper(study, "UPDATE events SET at = 'yesterday' WHERE number = 2")

    with (
        StudyStore.open_existing(study) as store,
        pytest.raises(StudyError, match=r"Event 2 of the study .* is damaged"),
    ):
        store.events.read()


def test_what_is_refused_leaves_nothing(study: Path) -> None:
    def refuse(there: Sequence[Event]) -> Sequence[Entry]:
        raise ReviewError("No.")

    with open_study(study) as store:
        with pytest.raises(ReviewError):
            store.events.append(0, refuse)
        assert len(store.events.read()) == 5


def test_an_act_without_an_event_changes_nothing(study: Path) -> None:
    with open_study(study) as store:
        assert append(store) == store.events.read()
        assert store.events.check().head.events == 5


def test_two_programs_make_one_chain_and_learn_what_the_other_appended(study: Path) -> None:
    with open_study(study) as one, open_study(study) as two:
        ours = one.events.append(5, lambda _there: [decided("7.png")])
        theirs = two.events.append(5, lambda there: [decided("8.png", "pre_b" if there else "benign")])

    assert [event.number for event in ours] == [6]
    assert [(event.number, event.entry.decision) for event in theirs] == [(6, "benign"), (7, "pre_b")]
    assert complaint_of(study) == (None, "")


def test_half_a_letter_in_a_note_is_kept_by_its_number(study: Path) -> None:
    with open_study(study) as store:
        appended = append(store, Entry("noted", "Ada", "1.png", "case 1", text="a\ud83d"))

    assert appended[-1].entry.text == "a\\ud83d"
    assert complaint_of(study) == (None, "")


def test_a_study_of_the_first_format_is_read_unchanged_and_brought_forward_when_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s"
    with open_study(path) as store:
        store.list_images([("1.png", "case 1")])
    with closing(sqlite3.connect(path)) as connection:
        for name in ("events", "event_head"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("ALTER TABLE head DROP COLUMN camera_bits")
        connection.execute("ALTER TABLE images DROP COLUMN colour_profile")
        connection.execute("ALTER TABLE images DROP COLUMN decoder")
        connection.execute("DROP TABLE features")
        connection.execute("ALTER TABLE head DROP COLUMN scales")
        connection.execute("ALTER TABLE images DROP COLUMN um_per_px")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    before = path.read_bytes()

    with StudyStore.open_existing(path) as store:
        assert store.events.read() == ()
        assert store.events.check().whole
        assert [listed.image for listed in store.listed_images()] == ["1.png"]
    assert path.read_bytes() == before

    with open_study(path) as store:
        append(store, decided("1.png"))
        assert [listed.image for listed in store.listed_images()] == ["1.png"]
    assert complaint_of(path) == (None, "")


ENTRIES = st.builds(
    Entry,
    kind=st.sampled_from(["decided", "noted", "acknowledged", "case_signed_off", "study_reopened"]),
    reader=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    image=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    case=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    decision=st.sampled_from(["", "benign", "unsure"]),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    undoes=st.none() | st.integers(1, 2**40),
    answers_hidden=st.booleans(),
)


@settings(max_examples=20)
@given(acts=st.lists(st.lists(ENTRIES, max_size=3), max_size=6))
def test_any_events_make_a_whole_chain_and_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory, acts: list[list[Entry]]
) -> None:
    path = tmp_path_factory.mktemp("chain") / "s"
    with open_study(path) as store:
        for entries in acts:
            append(store, *entries)

    with StudyStore.open_existing(path) as store:
        assert [event.entry for event in store.events.read()] == [entry for act in acts for entry in act]
        check = store.events.check()
    assert check.whole
    assert check.head.events == len(check.hashes) == sum(map(len, acts))
