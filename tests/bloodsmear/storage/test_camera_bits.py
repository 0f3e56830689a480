"""A camera's bits and an image's colour profile are kept in the study; a study of format 3 gets room for them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore

RECORD = ImageRecord(
    image="1.png",
    case="case 1",
    status="ok",
    sha256="0" * 64,
    width_px=64,
    height_px=48,
    screened_at=datetime(2026, 11, 29, tzinfo=UTC),
    colour_profile="Wide green",
)


def open_study(path: Path, camera_bits: int | None = None) -> StudyStore:
    return StudyStore.open_or_create(
        path, StudyHead(path.parent, (path.parent,), (), camera_bits=camera_bits)
    )


def of_format_4(path: Path) -> None:
    with open_study(path) as store:
        store.put(RECORD)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE images DROP COLUMN decoder")
        connection.execute("DROP TABLE features")
        connection.execute("ALTER TABLE head DROP COLUMN scales")
        connection.execute("ALTER TABLE events DROP COLUMN place")
        connection.execute("ALTER TABLE images DROP COLUMN um_per_px")
        connection.execute("PRAGMA user_version = 4")
        connection.commit()


def of_format_3(path: Path) -> None:
    with open_study(path) as store:
        store.put(replace(RECORD, colour_profile=""))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE head DROP COLUMN camera_bits")
        connection.execute("ALTER TABLE images DROP COLUMN colour_profile")
        connection.execute("ALTER TABLE images DROP COLUMN decoder")
        connection.execute("DROP TABLE features")
        connection.execute("ALTER TABLE head DROP COLUMN scales")
        connection.execute("ALTER TABLE events DROP COLUMN place")
        connection.execute("ALTER TABLE images DROP COLUMN um_per_px")
        connection.execute("PRAGMA user_version = 3")
        connection.commit()


def test_the_profile_that_was_applied_is_in_the_record(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.put(RECORD)
        assert store.record("1.png") == RECORD
        assert store.events.check().whole


def test_a_profile_that_was_changed_from_outside_shows(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.put(RECORD)
    with closing(sqlite3.connect(tmp_path / "s")) as connection:
        connection.execute("UPDATE images SET colour_profile = 'sRGB'")
        connection.commit()

    with StudyStore.open_existing(tmp_path / "s") as store:
        assert not store.events.check().whole


def test_the_bits_stay_where_nobody_says_others(tmp_path: Path) -> None:
    open_study(tmp_path / "s", camera_bits=12).close()

    with open_study(tmp_path / "s") as store:
        assert store.head.camera_bits == 12
        assert store.events.check().whole
    with pytest.raises(StudyError, match="for a camera of 12 bits, not of 14"):
        open_study(tmp_path / "s", camera_bits=14)


def test_bits_that_are_set_later_have_every_image_read_anew(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.put(RECORD)

    with open_study(tmp_path / "s", camera_bits=12) as store:
        assert store.done_record("1.png") is None
        assert store.events.check().whole


def test_bits_can_be_set_set_otherwise_and_taken_back(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        for bits in (12, 14, None):
            store.put(RECORD)
            store.set_camera_bits(bits)
            assert store.head.camera_bits == bits
            assert store.done_record("1.png") is None
            assert store.events.check().whole
    with open_study(tmp_path / "s") as store:
        assert store.head.camera_bits is None


def test_a_study_of_format_3_is_read_as_it_is_and_brought_forward_whole(tmp_path: Path) -> None:
    path = tmp_path / "s"
    of_format_3(path)
    with StudyStore.open_existing(path) as store:
        assert (store.head.camera_bits, store.events.check().whole) == (None, True)
        assert store.record("1.png") == replace(RECORD, colour_profile="")

    with open_study(path) as store:
        store.put(RECORD)
        assert store.record("1.png") == RECORD
        assert store.events.check().whole


def test_a_study_of_format_4_is_read_as_it_is_and_gets_room_for_the_decoder(tmp_path: Path) -> None:
    path = tmp_path / "s"
    of_format_4(path)
    with StudyStore.open_existing(path) as store:
        assert store.events.check().whole
        assert store.record("1.png") == RECORD

    with open_study(path) as store:
        assert store.record("1.png") == RECORD
        assert store.events.check().whole
        store.put(replace(RECORD, decoder=3))
        assert store.record("1.png") == replace(RECORD, decoder=3)
        assert store.events.check().whole


def test_a_decoder_that_was_changed_from_outside_shows(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.put(replace(RECORD, decoder=2))
    with closing(sqlite3.connect(tmp_path / "s")) as connection:
        connection.execute("UPDATE images SET decoder = 3")
        connection.commit()

    with StudyStore.open_existing(tmp_path / "s") as store:
        assert not store.events.check().whole
