"""A study on a network drive: one program writes it, the others are told who does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError, StudyInUseError
from bloodsmear.review.records import ClassifierMark
from bloodsmear.storage.database import Database, Statement
from bloodsmear.storage.study_store import StudyHead, StudyStore

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
HOLDING = """
import sys
from pathlib import Path
from bloodsmear.storage.open_mark import claim_study
mark = claim_study(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


def everywhere(path: Path) -> bool:
    """Every drive is a network drive."""
    return True


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,)), everywhere)


def mark_of(study: Path) -> Path:
    return study.with_name(f"{study.name}.open")


@contextmanager
def held_by_another_program(study: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process of this user that holds the study within the block, or until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(study)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_network_drive_has_a_rollback_journal_and_its_mark_goes_with_the_study(tmp_path: Path) -> None:
    study = tmp_path / "s"
    with closing(Database(study, "write", everywhere)) as database:
        database.write([Statement("CREATE TABLE t (x)"), Statement("INSERT INTO t VALUES (?)", [(1,)])])
        assert database.read("PRAGMA journal_mode") == [("delete",)]
        assert database.read("SELECT x FROM t") == [(1,)]
        assert mark_of(study).is_file()

    assert [file.name for file in tmp_path.iterdir()] == ["s"]


def test_a_study_from_a_local_disk_loses_its_write_ahead_log(tmp_path: Path) -> None:
    study = tmp_path / "s"
    with closing(Database(study)) as database:
        assert database.read("PRAGMA journal_mode") == [("wal",)]
        assert not mark_of(study).exists()

    with closing(Database(study, "write", everywhere)) as database:
        assert database.read("PRAGMA journal_mode") == [("delete",)]


def test_a_second_program_is_told_who_has_it_open_and_may_read(tmp_path: Path) -> None:
    study = tmp_path / "s"
    with open_study(study) as store:
        store.list_images([("a.png", "case")])
    with held_by_another_program(study):
        holder = json.loads(mark_of(study).read_bytes())
        with pytest.raises(StudyInUseError, match=f"open for {holder['user']} on {holder['machine']} since"):
            open_study(study)
        with StudyStore.open_existing(study) as store:
            assert [listed.image for listed in store.listed_images()] == ["a.png"]


def test_a_study_whose_program_was_killed_opens_on_the_same_pc(tmp_path: Path) -> None:
    study = tmp_path / "s"
    with held_by_another_program(study) as process:
        process.kill()
        process.wait()
        assert mark_of(study).is_file()

        with open_study(study) as store:
            store.list_images([("a.png", "case")])

    assert not mark_of(study).exists()


@pytest.mark.parametrize("field", ["user", "machine", "lock"])
def test_what_another_pc_or_user_says_is_taken_at_its_word(tmp_path: Path, field: str) -> None:
    study = tmp_path / "s"
    with open_study(study):
        told = json.loads(mark_of(study).read_bytes())
    mark_of(study).write_text(json.dumps({**told, field: "another"}), encoding="utf-8")

    with pytest.raises(StudyInUseError, match=r"delete s\.open beside the study"):
        open_study(study)

    assert json.loads(mark_of(study).read_bytes())[field] == "another"


@pytest.mark.usefixtures("half_past_five_east")
@pytest.mark.parametrize(
    ("since", "said"), [("2026-11-24 19:05 UTC", "since 2026-11-25 00:35."), ("noon", "since noon.")]
)
def test_since_when_it_is_open_is_said_by_this_pcs_clock(tmp_path: Path, since: str, said: str) -> None:
    study = tmp_path / "s"
    with open_study(study):
        told = json.loads(mark_of(study).read_bytes())
    mark_of(study).write_text(json.dumps({**told, "machine": "another", "since": since}), encoding="utf-8")

    with pytest.raises(StudyInUseError, match=said):
        open_study(study)


def test_a_mark_that_cannot_be_read_counts(tmp_path: Path) -> None:
    mark_of(tmp_path / "s").write_bytes(b"")

    with pytest.raises(StudyInUseError, match="did not say its name"):
        open_study(tmp_path / "s")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_mark_that_is_its_owners_alone_counts(tmp_path: Path) -> None:
    mark_of(tmp_path / "s").touch(mode=0)

    with pytest.raises(StudyInUseError, match="did not say its name"):
        open_study(tmp_path / "s")


def test_one_program_opens_it_twice_and_the_first_takes_the_mark_away(tmp_path: Path) -> None:
    study = tmp_path / "s"
    first = open_study(study)
    try:
        with open_study(study) as second:
            second.list_images([("a.png", "case")])
        assert mark_of(study).is_file()
        assert [listed.image for listed in first.listed_images()] == ["a.png"]
    finally:
        first.close()

    assert not mark_of(study).exists()


def test_a_study_that_is_refused_leaves_no_mark(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("not a study at all, " * 20)

    with pytest.raises(StudyError, match="not a study of Bloodsmear"):
        Database(tmp_path / "s", "write", everywhere)
    with pytest.raises(StudyError, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "s", "write", everywhere)

    assert [file.name for file in tmp_path.iterdir()] == ["s"]
