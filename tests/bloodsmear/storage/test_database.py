"""The file behind a study: who reads it holds no more of it open than is needed; what is written is found again."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.storage.database import Database, Statement


def _in_a_thread_of_its_own(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted in /proc")
def test_threads_that_come_and_go_leave_no_file_open_each(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.bloodsmear")
    database.write([Statement("CREATE TABLE one (value INTEGER)")])
    database.read("SELECT * FROM one")
    open_before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a Path of each would open the folder
    # The window's lanes have a thread only while there is work: each decision comes from another one.
    for _ in range(30):
        _in_a_thread_of_its_own(lambda: database.read("SELECT * FROM one"))
    assert len(os.listdir("/proc/self/fd")) == open_before  # noqa: PTH208
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody rename or delete an open file")
@pytest.mark.parametrize("what", ["set aside", "set aside, and another in its place", "deleted"])
def test_what_would_be_written_where_nobody_looks_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.bloodsmear"
    database = Database(path)
    database.write([Statement("CREATE TABLE one (value INTEGER)"), Statement("INSERT INTO one VALUES (1)")])
    if what == "deleted":
        path.unlink()
    else:
        path.rename(tmp_path / "a until now.bloodsmear")
    if "another" in what:
        Database(path).close()

    with pytest.raises(StudyError, match="set aside, moved or deleted while it was open"):
        database.write([Statement("INSERT INTO one VALUES (2)")])

    database.close()


def test_sqlite_trusts_nothing_that_a_file_defines_and_works_within_limits(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.bloodsmear")
    try:
        assert database.read("PRAGMA trusted_schema") == [(0,)]
        assert database.read("PRAGMA cell_size_check") == [(1,)]
        assert database.read("SELECT length(zeroblob(3000000))") == [(3_000_000,)]
        refused = (
            "SELECT zeroblob(5000000)",
            "SELECT hex(zeroblob(3000000))",
            f"SELECT {'+'.join('1' * 200)}",
            f"SELECT {','.join('1' * 200)}",
            f"SELECT 1{' ' * 200_000}",
            "ATTACH ':memory:' AS other",
        )
        for sql in refused:
            with pytest.raises(StudyError):
                database.read(sql)
        for sql in refused:
            with pytest.raises(StudyError):
                database.write([Statement(sql)])
    finally:
        database.close()
