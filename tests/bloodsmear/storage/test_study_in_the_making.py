"""A study that was being made when the program was killed, or by two programs at once."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.storage.study_store import StudyHead, StudyStore

MAKE = """
import sys
from pathlib import Path
from bloodsmear.storage.study_store import StudyHead, StudyStore
path = Path(sys.argv[1])
sys.stdin.read(1)
with StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ())) as store:
    store.list_images((f"{number}.png", "case") for number in range(20))
"""


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), ()))


@pytest.mark.parametrize("left", ["nothing", "the first page"])
def test_what_a_kill_left_of_a_study_that_was_being_made_is_an_empty_study(tmp_path: Path, left: str) -> None:
    path = tmp_path / "s.bloodsmear"
    path.touch()
    if left == "the first page":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")

    with pytest.raises(StudyError, match="is empty"):
        StudyStore.open_existing(path)
    with open_study(path) as store:
        store.list_images([("1.png", "case")])
        assert store.events.check().whole


def test_programs_that_make_one_study_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "s.bloodsmear"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(path)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go")
        program.stdin.flush()
    said = [program.communicate(timeout=120)[1] for program in programs]

    assert [(program.returncode, text) for program, text in zip(programs, said, strict=True)] == [(0, "")] * 4
    with StudyStore.open_existing(path) as store:
        assert len(store.listed_images()) == 20
        assert store.events.check().whole
