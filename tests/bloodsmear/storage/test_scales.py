"""The scales that readers set: kept in the study's head, covered by its sums, and looked at when they are read."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.images.scale import SetScale
from bloodsmear.storage.study_store import StudyHead, StudyStore

WHOLE = SetScale("", 1024, 768, 0.1625, "typed")
FOLDER = SetScale("case 1/smears", 1024, 768, 0.25, "bar")


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ()))


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_scales_are_kept_and_the_sums_fit(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        assert store.head.scales == ()
        assert store.set_scale(WHOLE) == (WHOLE,)
        assert store.set_scale(FOLDER) == (WHOLE, FOLDER)
        assert store.events.check().whole

    with open_study(tmp_path / "s") as store:
        assert store.head.scales == (WHOLE, FOLDER)
        assert store.clear_scale("", (1024, 768)) == (FOLDER,)
        assert store.events.check().whole


def test_a_scale_that_another_program_set_meanwhile_is_kept(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as first, open_study(tmp_path / "s") as second:
        first.set_scale(WHOLE)

        assert second.set_scale(FOLDER) == (WHOLE, FOLDER)


def test_a_scale_that_was_changed_from_outside_shows(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.set_scale(WHOLE)
    edit(tmp_path / "s", "UPDATE head SET scales = replace(scales, '0.1625', '0.3')")

    with StudyStore.open_existing(tmp_path / "s") as store:
        assert not store.events.check().whole


def test_a_study_of_format_5_is_read_as_it_is_and_brought_forward_when_written(tmp_path: Path) -> None:
    path = tmp_path / "s"
    open_study(path).close()
    edit(
        path,
        "DROP TABLE features",
        "ALTER TABLE head DROP COLUMN scales",
        "ALTER TABLE events DROP COLUMN place",
        "ALTER TABLE images DROP COLUMN um_per_px",
        "PRAGMA user_version = 5",
    )
    before = path.read_bytes()

    with StudyStore.open_existing(path) as store:
        assert store.head.scales == ()
        assert store.events.check().whole
    assert path.read_bytes() == before

    with open_study(path) as store:
        assert store.set_scale(WHOLE) == (WHOLE,)
        assert store.events.check().whole


@pytest.mark.parametrize(
    "scales",
    [
        "nothing",
        "{}",
        "[1]",
        "[[]]",
        json.dumps([["", 1024, 768, 0.1, "guessed"]]),
        json.dumps([["", 1024, 768, 0.1, ["typed"]]]),
        json.dumps([["", 1024, 768, 1e300, "typed"]]),
        '[["", 1024, 768, NaN, "typed"]]',
        '[["", 1024, 768, true, "typed"]]',
        f'[["", 1024, 768, 1{"0" * 400}, "typed"]]',
        json.dumps([["", 0, 768, 0.1, "typed"]]),
        json.dumps([["", 10**12, 768, 0.1, "typed"]]),
        json.dumps([["../else", 1024, 768, 0.1, "typed"]]),
        json.dumps([["", 1024, 768, 0.1, "typed"]] * 1001),
        "[" * 100_000,
    ],
)
def test_a_scale_that_the_program_does_not_write_is_damage(tmp_path: Path, scales: str) -> None:
    path = tmp_path / "s"
    open_study(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE head SET scales = ?", (scales,))
        connection.commit()

    with pytest.raises(StudyError):
        StudyStore.open_existing(path)
