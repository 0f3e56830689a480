"""A study's file came from anywhere: it is data, never SQL, and what was changed in it is said."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import NoStudyError, StudyError
from bloodsmear.review.consensus import consensus_of
from bloodsmear.review.events import Entry
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.event_chain import ChainCheck, first_hash
from bloodsmear.storage.schema import SCHEMA_VERSION
from bloodsmear.storage.study_store import StudyHead, StudyStore

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,)))


def record_of(image: str) -> ImageRecord:
    answers = (Answer(MARK, Prediction((0.25, 0.75), 3.5)),)
    return ImageRecord(
        image, "case", "ok", sha256="ab" * 32, answers=answers, consensus=consensus_of(answers, None)
    )


def decide(store: StudyStore, image: str) -> None:
    entry = Entry("decided", "Ada", image, "case", "ab" * 32, "pre_b")
    store.events.append(0, lambda _there: [entry])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of three images, two of them read and decided."""
    path = tmp_path / "study.bloodsmear"
    with open_study(path) as store:
        store.list_images((image, "case") for image in ("1.png", "2.png", "3.png"))
        for image in ("1.png", "2.png"):
            store.put(record_of(image))
            decide(store, image)
    return path


def tamper(path: Path, *statements: str) -> None:
    """Write into the file as somebody would who knows SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for statement in statements:
            connection.executescript(statement)
        connection.commit()


def check_of(path: Path) -> ChainCheck:
    with StudyStore.open_existing(path) as store:
        return store.events.check()


TRAP = "BEGIN UPDATE classifiers SET name = 'trapped'; END"


@pytest.mark.parametrize(
    "planted",
    [
        f"CREATE TRIGGER trap AFTER INSERT ON events {TRAP}",
        "CREATE TRIGGER trap BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
        "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "CREATE TABLE more (x)",
        "CREATE INDEX fast ON images (listed)",
        "CREATE UNIQUE INDEX once ON events (hash)",
        "ALTER TABLE images ADD COLUMN made AS (upper(image))",
        "ALTER TABLE images RENAME COLUMN error TO reason",
        "DROP TABLE predictions",
        # To SQLite such a blank is a letter: the column has another name, and no constraint.
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'error TEXT', 'error\u00a0TEXT')",
    ],
)
def test_a_file_with_anything_but_the_programs_own_tables_is_refused_unread_and_unchanged(
    study: Path, planted: str
) -> None:
    tamper(study, planted)
    before = study.read_bytes()

    for opening in (StudyStore.open_existing, open_study):
        with pytest.raises(StudyError, match="not as Bloodsmear makes"):
            opening(study)
    assert study.read_bytes() == before


def test_a_view_in_the_place_of_a_table_is_refused(study: Path) -> None:
    tamper(study, "ALTER TABLE head RENAME TO kept", "CREATE VIEW head AS SELECT * FROM kept")

    with pytest.raises(StudyError, match="not as Bloodsmear makes"):
        StudyStore.open_existing(study)


@pytest.mark.parametrize("bit", range(32))
def test_no_changed_bit_of_the_formats_number_hides_a_decision(study: Path, bit: int) -> None:
    content = bytearray(study.read_bytes())
    content[60 + bit // 8] ^= 1 << (bit % 8)
    study.write_bytes(content)

    if int.from_bytes(content[60:64], signed=True) > SCHEMA_VERSION:
        with pytest.raises(NoStudyError, match="newer Bloodsmear"):
            StudyStore.open_existing(study)
    else:
        with StudyStore.open_existing(study) as store:
            assert len(store.events.read()) == 2
            assert "number of the study's format" in store.events.check().complaint
    before = study.read_bytes()
    with pytest.raises(StudyError):
        open_study(study)
    assert study.read_bytes() == before


def test_events_that_were_all_deleted_are_missed(study: Path) -> None:
    tamper(study, "DELETE FROM events", "UPDATE event_head SET events = 0")

    assert not check_of(study).whole


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE images SET listed = 0 WHERE image = '1.png'", "images"),
        ("UPDATE images SET image = '9.png' WHERE image = '3.png'", "images"),
        (f"UPDATE images SET sha256 = '{'cd' * 32}' WHERE image = '1.png'", "images"),
        ("UPDATE images SET \"case\" = 'other' WHERE image = '3.png'", "images"),
        ("DELETE FROM images WHERE image = '3.png'", "images"),
        ("UPDATE predictions SET probabilities = '[0.75, 0.25]'", "answered"),
        ('UPDATE classifiers SET label_keys = \'["pre_b", "benign"]\'', "classifiers"),
        ("UPDATE head SET folders = '[\"/elsewhere\"]'", "folders"),
    ],
)
def test_what_the_study_lists_and_what_answered_is_covered(study: Path, statement: str, told: str) -> None:
    assert check_of(study).whole
    tamper(study, statement)

    assert told in check_of(study).complaint


def test_a_change_from_outside_still_shows_after_the_program_has_gone_on(study: Path) -> None:
    tamper(study, "UPDATE predictions SET probabilities = '[0.75, 0.25]'")
    with open_study(study) as store:
        store.list_images((image, "case") for image in ("1.png", "2.png", "3.png", "4.png"))
        store.put(record_of("3.png"))

    assert "answered" in check_of(study).complaint


def test_events_tell_what_the_study_held_when_they_were_appended(study: Path) -> None:
    check = check_of(study)
    assert check.whole
    assert check.remarks == ()

    with open_study(study) as store:
        store.put(record_of("3.png"))

    assert any("since its last event" in remark for remark in check_of(study).remarks)


def test_time_that_runs_backwards_is_said(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bloodsmear.storage import event_log

    monkeypatch.setattr(event_log, "_now", lambda: "2001-01-01T00:00:00Z")
    with open_study(study) as store:
        store.events.append(0, lambda _there: [Entry("decided", "Ada", "3.png", "case", "", "pre_b")])

    check = check_of(study)
    assert check.whole
    assert any("Event 3" in remark and "before event 2" in remark for remark in check.remarks)


def test_a_head_whose_hash_begins_anew_is_what_the_anchor_is_for(study: Path) -> None:
    noted = check_of(study).head.last_hash
    with closing(sqlite3.connect(study)) as connection:
        study_id = connection.execute("SELECT study_id FROM event_head").fetchone()[0]
    tamper(
        study,
        "DELETE FROM events",
        f"UPDATE event_head SET events = 0, last_hash = '{first_hash(study_id)}'",
    )

    assert noted not in check_of(study).hashes


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE images SET status = 'fine' WHERE image = '1.png'", "damaged"),
        ("UPDATE images SET width_px = -3 WHERE image = '1.png'", "damaged"),
        ("UPDATE images SET sharpness = 'sharp' WHERE image = '1.png'", "damaged"),
        ("UPDATE images SET sha256 = x'00' WHERE image = '1.png'", "damaged"),
        ("UPDATE images SET screened_at = 'yesterday' WHERE image = '1.png'", "damaged"),
        ("UPDATE predictions SET probabilities = '[' WHERE image = 1", "damaged"),
        ("UPDATE predictions SET probabilities = '[0.1, 0.2, 0.7]' WHERE image = 1", "damaged"),
        ("UPDATE predictions SET probabilities = '[NaN, 0.2]' WHERE image = 1", "damaged"),
        ("UPDATE predictions SET probabilities = '[7, -6]' WHERE image = 1", "damaged"),
        ("UPDATE predictions SET feature_distance = 'far' WHERE image = 1", "damaged"),
    ],
)
def test_a_damaged_row_costs_that_row_and_is_read_anew(study: Path, statement: str, reason: str) -> None:
    tamper(study, statement)

    with StudyStore.open_existing(study) as store:
        damaged, well, waiting = store.records()
        assert store.done_record("1.png") is None
        assert len(store.listed_images()) == 3
    assert (damaged.image, damaged.status) == ("1.png", "not_screened")
    assert reason in damaged.error
    assert well == record_of("2.png")
    assert waiting == ImageRecord("3.png", "case", "not_screened")


@pytest.mark.parametrize("name", ["../1.png", "/etc/passwd", "a/../../b.png", "a\0b", "", "9" * 5000])
def test_an_image_outside_of_the_folders_is_a_damaged_row(study: Path, name: str) -> None:
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("UPDATE images SET image = ? WHERE image = '3.png'", (name,))
        connection.commit()

    with StudyStore.open_existing(study) as store:
        assert [one.status for one in store.records()].count("not_screened") == 1
        shown = next(one for one in store.records() if one.status == "not_screened")
        assert "damaged" in shown.error
        assert len(store.listed_images()) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE head SET folders = '['",
        "UPDATE head SET folders = '[1]'",
        "UPDATE head SET root = x'ff'",
        "UPDATE head SET root = '\"a\\u0000b\"'",
        f"UPDATE head SET folders = '{'[' * 100_000}'",
        "UPDATE classifiers SET label_keys = '{\"benign\": 7}'",
        'UPDATE classifiers SET label_keys = \'["benign", "benign"]\'',
        "UPDATE classifiers SET id = '../up'",
        "DELETE FROM head",
    ],
)
def test_a_damaged_head_is_a_sentence(study: Path, statement: str) -> None:
    tamper(study, statement)

    for opening in (StudyStore.open_existing, open_study):
        with pytest.raises(StudyError, match="damaged"):
            opening(study)


def test_rows_that_share_one_long_text_end_in_a_sentence_and_not_in_the_memory(study: Path) -> None:
    rows, letters = 40, 2_000_000
    with closing(sqlite3.connect(study)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.executemany(
            "INSERT INTO images (image, 'case', listed, status, error, sha256) VALUES (?, '', 1, 'unreadable', ?, '')",
            ((f"{number}.jpg", "x" * letters) for number in range(rows)),
        )
        connection.commit()

    with StudyStore.open_existing(study) as store, pytest.raises(StudyError, match="is damaged"):
        list(store.records())


def test_a_text_that_is_not_unicode_is_shown_by_its_bytes(study: Path) -> None:
    tamper(study, "UPDATE images SET error = CAST(x'61ff' AS TEXT) WHERE image = '3.png'")

    with StudyStore.open_existing(study) as store:
        assert len(list(store.records())) == 3


def test_a_study_in_a_folder_that_may_not_be_entered_is_a_sentence(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, *_options: object, **_more: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)

    with pytest.raises(StudyError, match="Permission denied"):
        StudyStore.open_existing(study)
