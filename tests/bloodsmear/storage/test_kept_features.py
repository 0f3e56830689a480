"""Features in a study's file: kept by what made them and of which bytes, and made anew where they do not fit."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bloodsmear.storage.kept_features import FeatureRow
from bloodsmear.storage.schema import SCHEMA_VERSION
from bloodsmear.storage.study_store import StudyHead, StudyStore


def open_study(path: Path) -> StudyStore:
    store = StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ()))
    store.list_images([("a.png", ""), ("b.png", "")])
    return store


def made(net: str, **numbers: bytes) -> dict[str, FeatureRow]:
    """Rows of `a.png` or `b.png`; their bytes' sha256 is all `a`, all `b`."""
    return {f"{name}.png": FeatureRow(net, name * 64, one) for name, one in numbers.items()}


def edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


A, B, C = (("a" * 64, 0), ("b" * 64, 0), ("c" * 64, 0))


def test_features_are_read_back_by_what_made_them(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.features.keep(made("net-1", a=b"\0\1", b=b"\2"))
        store.features.keep({"a.png": FeatureRow("net-1", "c" * 64, b"\3")})
        assert store.features.read("net-1", [A, B, C]) == {C: b"\3", B: b"\2"}
        assert store.features.read("net-1", [B]) == {B: b"\2"}
        assert store.features.read("net-2", [A, B, C]) == {}
        assert store.events.check().whole


def test_another_network_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.features.keep(made("net-1", a=b"1", b=b"2"))
        store.features.keep(made("net-2", a=b"3"))
        assert store.features.read("net-1", [A, B]) == {B: b"2"}


def test_the_pages_of_a_file_have_their_own_although_its_bytes_are_the_same(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.list_images([("a.tif", ""), ("a.tif [2]", "")])
        first, second = FeatureRow("net-1", "a" * 64, b"1"), FeatureRow("net-1", "a" * 64, b"2")
        store.features.keep({"a.tif": first, "a.tif [2]": second})
        there = {("a" * 64, 0): b"1", ("a" * 64, 1): b"2"}
        assert store.features.read("net-1", list(there)) == there


def test_features_that_were_changed_are_not_read(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.features.keep(made("net-1", a=b"1", b=b"2"))
    edit(tmp_path / "s", "UPDATE features SET numbers = x'ff' WHERE sha256 LIKE 'a%'")
    with StudyStore.open_existing(tmp_path / "s") as store:
        assert store.features.read("net-1", [A, B]) == {B: b"2"}


def test_a_study_of_format_6_is_read_as_it_is_and_brought_forward_when_written(tmp_path: Path) -> None:
    path = tmp_path / "s"
    open_study(path).close()
    edit(
        path,
        "DROP TABLE features",
        "ALTER TABLE events DROP COLUMN place",
        "ALTER TABLE images DROP COLUMN um_per_px",
        "PRAGMA user_version = 6",
    )
    with StudyStore.open_existing(path) as store:
        assert store.features.read("net-1", [A]) == {}
        assert store.events.check().whole
    with open_study(path) as store:
        store.features.keep(made("net-1", a=b"1"))
        assert store.features.read("net-1", [A]) == {A: b"1"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
