"""Before a study of an older format is brought forward, a copy of it is kept that the older program opens."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
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
        for kind, name in (
            ("TRIGGER", "events_are_not_changed"),
            ("TRIGGER", "events_are_not_removed"),
            ("TABLE", "events"),
            ("TABLE", "event_head"),
        ):
            connection.execute(f"DROP {kind} {name}")
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
