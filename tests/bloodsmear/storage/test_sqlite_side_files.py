"""What lies beside a study that came from elsewhere harms nothing when the study is opened."""

import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.errors import StudyError
from bloodsmear.storage.study_store import StudyHead, StudyStore

MAGIC = bytes.fromhex("d9d505f920a163d7")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """An empty study, closed in order: nothing lies beside it."""
    path = tmp_path / "s.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(tmp_path, (tmp_path,), ())):
        pass
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    return path


def journal_of(study: Path, super_journal: str) -> bytes:
    """A rollback journal that changes nothing, and names another one of several files."""
    page_bytes = int.from_bytes(study.read_bytes()[16:18], "big")
    pages = study.stat().st_size // page_bytes
    head = (MAGIC + struct.pack(">5I", 0, 7, pages, 512, page_bytes)).ljust(512, b"\0")
    name = super_journal.encode()
    trailer = (
        struct.pack(">I", 2**30 // page_bytes + 1) + name + struct.pack(">2I", len(name), sum(name)) + MAGIC
    )
    return head + (trailer if name else b"")


def read(study: Path) -> None:
    with StudyStore.open_existing(study):
        pass


def write(study: Path) -> None:
    with StudyStore.open_or_create(study, StudyHead(study.parent, (study.parent,), ())):
        pass


@pytest.mark.parametrize("open_study", [read, write])
def test_a_journal_has_no_file_of_the_user_deleted(study: Path, open_study: Callable[[Path], None]) -> None:
    thesis = study.with_name("thesis.doc")
    thesis.write_bytes(b"years of work")
    journal = study.with_name(f"{study.name}-journal")
    journal.write_bytes(journal_of(study, str(thesis)))
    with pytest.raises(StudyError, match=r"s\.bloodsmear-journal beside it was not written by Bloodsmear"):
        open_study(study)
    assert thesis.read_bytes() == b"years of work"
    assert journal.is_file()


def test_a_link_to_a_study_is_looked_at_where_it_leads(
    study: Path, tmp_path: Path, make_link: Callable[[Path, Path], None]
) -> None:
    thesis = study.with_name("thesis.doc")
    thesis.write_bytes(b"years of work")
    study.with_name(f"{study.name}-journal").write_bytes(journal_of(study, str(thesis)))
    link = tmp_path / "link.bloodsmear"
    make_link(link, study)
    with pytest.raises(StudyError, match="was not written by Bloodsmear"):
        read(link)
    assert thesis.is_file()


@pytest.mark.parametrize("open_study", [read, write])
def test_a_journal_of_a_kill_is_rolled_back(study: Path, open_study: Callable[[Path], None]) -> None:
    journal = study.with_name(f"{study.name}-journal")
    journal.write_bytes(journal_of(study, ""))
    open_study(study)
    assert not journal.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_not_a_plain_file_beside_a_study_is_refused_and_not_waited_for(
    study: Path, ending: str, kind: str
) -> None:
    beside, other = study.with_name(study.name + ending), study.with_name("other")
    other.write_bytes(b"x" * 4096)
    if kind == "pipe":
        os.mkfifo(beside)
    elif kind == "link":
        beside.symlink_to(other)
    else:
        beside.mkdir()
    for open_study in (read, write):
        with pytest.raises(StudyError, match=f"{ending} beside it is not a plain file"):
            open_study(study)
    assert other.read_bytes() == b"x" * 4096
