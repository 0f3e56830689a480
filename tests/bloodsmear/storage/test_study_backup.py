"""Before a study of an older format is brought forward, a copy of it is kept that the older program opens."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.review.events import Entry
from bloodsmear.storage.schema import SCHEMA_VERSION
from bloodsmear.storage.study_store import StudyHead, StudyStore

BACKUP = f"night before format {SCHEMA_VERSION}.bloodsmear"


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ()))


def format_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A study of the first format, with one image."""
    path = tmp_path / "night.bloodsmear"
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
    return path


def test_the_copy_is_whole_and_of_the_older_format(older: Path) -> None:
    with open_study(older) as store:
        assert [listed.image for listed in store.listed_images()] == ["1.png"]

    backup = older.with_name(BACKUP)
    assert (format_of(backup), format_of(older)) == (1, SCHEMA_VERSION)
    with StudyStore.open_existing(backup) as kept:
        assert [listed.image for listed in kept.listed_images()] == ["1.png"]
    assert sorted(file.name for file in older.parent.iterdir()) == sorted([BACKUP, older.name])


def test_it_is_made_once_and_never_for_a_study_of_this_program(older: Path, tmp_path: Path) -> None:
    open_study(older).close()
    first = older.with_name(BACKUP).read_bytes()
    with open_study(older) as store:
        store.list_images([("2.png", "case 1")])
    open_study(older).close()
    assert older.with_name(BACKUP).read_bytes() == first

    new = tmp_path / "new.bloodsmear"
    open_study(new).close()
    open_study(new).close()
    assert not list(tmp_path.glob("new before*"))


def test_reading_alone_copies_nothing(older: Path) -> None:
    StudyStore.open_existing(older).close()
    assert [file.name for file in older.parent.iterdir()] == [older.name]


def test_without_a_copy_the_study_is_not_changed(older: Path) -> None:
    # A folder stands where the copy is written first: on any system it can be neither removed as a file nor written.
    older.with_name(f"{BACKUP}.part").mkdir()
    before = older.read_bytes()
    with pytest.raises(StudyError, match="until then it is not changed"):
        open_study(older)
    assert older.read_bytes() == before


def test_a_study_of_the_second_format_keeps_its_events_and_gets_its_sums(tmp_path: Path) -> None:
    path = tmp_path / "study.bloodsmear"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            (Path(__file__).parent / "study_of_format_2.sql").read_text(encoding="utf-8")
        )
    with StudyStore.open_existing(path) as store:
        head, before, records = store.head, store.events.read(), list(store.records())
        check = store.events.check()
        assert check.whole
        assert any("outside of its chain" in remark for remark in check.remarks)
    assert [event.entry.reader for event in before] == ["Ada", "Grace"]
    assert [record.status for record in records] == ["ok", "not_screened"]

    with StudyStore.open_or_create(path, head) as store:
        store.events.append(2, lambda _there: [Entry("decided", "Ada", "2.png", "case", "", "benign")])
        assert store.events.read()[:2] == before
        assert list(store.records()) == records
        assert store.events.check().whole

    backup = path.with_name(f"study before format {SCHEMA_VERSION}.bloodsmear")
    assert (format_of(backup), format_of(path)) == (2, SCHEMA_VERSION)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE images SET listed = 0")
        connection.commit()
    with StudyStore.open_existing(path) as store:
        assert not store.events.check().whole
