"""What the program keeps is its user's alone, and its side files follow no link."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear import atomic_file, paths
from bloodsmear.private_file import create_plain, open_plain, read_plain
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reading_marks import ReadingMarks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows closes a user's folders itself")

LIVE = """
import os, sys
os.umask(0o022)
from pathlib import Path
from bloodsmear import atomic_file, paths
paths.keep_to_user()
from bloodsmear.crash_report import CrashWatch
from bloodsmear.logs import LogFile
from bloodsmear.settings import Settings, write_settings
from bloodsmear.storage.open_mark import claim_study
from bloodsmear.storage.study_store import StudyHead, StudyStore
root = Path(sys.argv[1])
CrashWatch(), LogFile()
write_settings(paths.settings_file(), Settings())
paths.studies().mkdir(parents=True)
stores = [StudyStore.open_or_create(place / "s.bloodsmear", StudyHead(root, (root,), ()))
          for place in (paths.studies(), root)]
mark = claim_study(root / "s.bloodsmear")
for store in stores:
    store.list_images([("1.png", "case")])
atomic_file.write(root / "report.csv", b"x")
for place in (paths.user_data(), paths.cache(), paths.logs(), root):
    for path in (place, *place.rglob("*")) if place.exists() else ():
        print(oct(path.stat().st_mode & 0o777), path)
os._exit(0)
"""


def test_folders_are_0700_and_files_0600_but_for_what_is_meant_for_others(tmp_path: Path) -> None:
    shared = tmp_path / "ward"
    shared.mkdir()
    shared.chmod(0o755)
    home = tmp_path / "home"
    # As an older version left them.
    (home / "data").mkdir(parents=True)
    (home / "data").chmod(0o755)
    printed = subprocess.run(
        [sys.executable, "-c", LIVE, str(shared)],
        env={**os.environ, "BLOODSMEAR_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout

    modes = {Path(line.split(" ", 1)[1]): line.split(" ", 1)[0] for line in printed.splitlines()}
    own = {path: mode for path, mode in modes.items() if path.is_relative_to(home)}
    assert {path.name for path in own} >= {
        "s.bloodsmear",
        "s.bloodsmear-wal",
        "settings.json",
        "bloodsmear.log",
    }
    assert set(own.values()) == {"0o700", "0o600"}
    # A study on a ward's drive, who has it open and a report are read by others.
    meant_for_others = {modes[shared / name] for name in ("report.csv", "s.bloodsmear", "s.bloodsmear.open")}
    assert meant_for_others == {"0o644"}


def test_a_side_file_follows_no_link(tmp_path: Path) -> None:
    treasure = tmp_path / "treasure"
    treasure.write_text("mine")
    for beside in ("s.reading", "s.open", "s.part"):
        (tmp_path / beside).symlink_to(treasure)
    for mode in ("rb", "wb", "ab"):
        with pytest.raises(OSError):  # noqa: PT011 - the system's own words
            open_plain(tmp_path / "s.part", mode)
    with pytest.raises(FileExistsError):
        create_plain(tmp_path / "s.part")

    marks = ReadingMarks(tmp_path / "s")
    marks.begin("1.png")

    assert treasure.read_text() == "mine"


def test_a_pipe_beside_a_study_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "s.reading")

    assert ReadingMarks(tmp_path / "s").suspects == frozenset()
    with pytest.raises(OSError, match="not a plain file"):
        read_plain(tmp_path / "s.reading", 100)


def test_a_copy_before_a_newer_format_follows_no_link(tmp_path: Path) -> None:
    treasure = tmp_path / "treasure"
    treasure.write_text("mine")
    (tmp_path / "copy.part").symlink_to(treasure)
    with StudyStore.open_or_create(tmp_path / "s", StudyHead(tmp_path, (tmp_path,), ())) as store:
        store._database.copy_to(tmp_path / "copy")

    assert treasure.read_text() == "mine"
    assert (tmp_path / "copy").is_file()


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    report = tmp_path / "r.csv"
    report.write_text("old")
    report.chmod(0o640)
    atomic_file.write(report, b"new")

    assert report.stat().st_mode & 0o777 == 0o640
    assert paths.user_data() != tmp_path


def test_a_training_closes_the_folders_of_data_and_leaves_its_outputs_to_others(tmp_path: Path) -> None:
    code = (
        "import os; os.umask(0o022); from training.program import main\n"
        "from bloodsmear import paths\n"
        "try: main([])\n"
        "except SystemExit: pass\n"
        "print([oct(one.stat().st_mode & 0o777) for one in (paths.user_data(), paths.cache(), paths.logs())])\n"
        "print(oct(os.umask(0)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "BLOODSMEAR_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout

    assert printed.splitlines() == ["['0o700', '0o700', '0o700']", "0o22"]


CHILDREN = """
import multiprocessing, os, sys
from pathlib import Path
from bloodsmear import paths
from bloodsmear.classifiers.graph_cache import run_program
from bloodsmear.images.memory_room import ROOM_BYTES, memory_room

def work(place):
    place.mkdir()
    (place / "file").touch()

if __name__ == "__main__":
    os.umask(0o022)
    paths.keep_to_user()
    place = paths.cache()
    run_program(Path(sys.argv[1]), Path("model.keras"), [str(place / "converter")], 60.0)
    child = multiprocessing.get_context("spawn").Process(target=work, args=(place / "lone decoder",))
    child.start()
    child.join()
    with memory_room().held(ROOM_BYTES):
        pass
    for path in place.rglob("*"):
        print(oct(path.stat().st_mode & 0o777), path)
"""


def test_what_child_processes_write_is_the_users_alone(tmp_path: Path) -> None:
    converter, script = tmp_path / "bloodsmear-convert", tmp_path / "children.py"
    converter.write_text('#!/bin/sh\nmkdir "$1" && touch "$1/graph.xml"\n')
    converter.chmod(0o755)
    script.write_text(CHILDREN)
    printed = subprocess.run(
        [sys.executable, str(script), str(converter)],
        env={**os.environ, "BLOODSMEAR_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout

    modes = {Path(line.split(" ", 1)[1]).name: line.split(" ", 1)[0] for line in printed.splitlines()}
    assert {"converter", "graph.xml", "lone decoder", "file", "door", "slot-0"} <= modes.keys()
    assert set(modes.values()) == {"0o700", "0o600"}


def test_a_worker_of_a_cluster_closes_the_folders_of_data(tmp_path: Path) -> None:
    code = (
        "import os; os.umask(0o022)\n"
        "from bloodsmear import paths\n"
        "from bloodsmear.review.records import ClassifierMark\n"
        "from bloodsmear.workflows.cluster_worker import read_on_worker\n"
        "from bloodsmear.workflows.cluster_answers import RemoteRead, encode\n"
        "mark = ClassifierMark('nobodys', '', '', '', ('benign', 'pre_b'))\n"
        "read_on_worker(encode(RemoteRead('/x.png', 'x.png', '', False, (mark,))))\n"
        "print([oct(one.stat().st_mode & 0o777) for one in (paths.user_data(), paths.cache(), paths.logs())])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "BLOODSMEAR_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout

    assert printed.strip() == "['0o700', '0o700', '0o700']"
