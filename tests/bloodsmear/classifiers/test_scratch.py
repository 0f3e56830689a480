"""A killed `classifiers add` leaves nothing that the next start doesn't clear."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.classifiers.scratch import clear_scratch, scratch_folder
from bloodsmear.workflows.classifier_set import classifier_folders

WORK = """
import sys, time
from pathlib import Path
from bloodsmear.classifiers.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1]), ".adding-") as folder:
    (folder / "model.keras").write_bytes(bytes(1000))
    print("begun", flush=True)
    sys.stdin.read()
"""


def begin_work(place: Path) -> "subprocess.Popen[str]":
    working = subprocess.Popen(
        [sys.executable, "-c", WORK, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert working.stdout is not None
    assert working.stdout.readline() == "begun\n"
    return working


def test_what_a_killed_program_left_goes_at_the_next_start_and_what_is_in_use_stays() -> None:
    place = paths.user_classifiers()
    place.mkdir(parents=True)
    killed, working = begin_work(place), begin_work(place)
    try:
        killed.kill()
        killed.communicate(timeout=60)
        assert len(list(place.iterdir())) == 2

        assert set(classifier_folders()) >= {"vgg16", "unet"}
        [in_use] = place.iterdir()
        assert (in_use / "model.keras").is_file()
    finally:
        working.communicate("", timeout=60)
    assert list(place.iterdir()) == []


def test_a_folder_of_an_older_version_goes_once_it_is_old_and_a_link_never(tmp_path: Path) -> None:
    new, old, kept = tmp_path / ".adding-new", tmp_path / ".removed-old", tmp_path / "classifier"
    for folder in (new, old, kept):
        folder.mkdir()
    os.utime(old, (time.time() - 10_000,) * 2)
    if sys.platform != "win32":
        (tmp_path / ".adding-link").symlink_to(kept)

    clear_scratch(tmp_path)

    assert new.is_dir()
    assert not old.exists()
    assert kept.is_dir()


@pytest.mark.parametrize("prefix", [".adding-", ".exporting-"])
def test_a_classifier_that_a_killed_program_was_replacing_comes_back(tmp_path: Path, prefix: str) -> None:
    left = tmp_path / f"{prefix}1"
    for name in ("mine", "other"):
        (left / "replaced" / name).mkdir(parents=True)
        (left / "replaced" / name / "card.json").write_text("old", "utf-8")
    (left / ".in-use").write_bytes(b"1")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "card.json").write_text("new", "utf-8")

    clear_scratch(tmp_path)

    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine", "other"]
    assert (tmp_path / "mine" / "card.json").read_text("utf-8") == "old"
    assert (tmp_path / "other" / "card.json").read_text("utf-8") == "new"


def test_the_folder_is_gone_at_the_end(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, ".adding-") as folder:
        (folder / "x").touch()
        clear_scratch(tmp_path)
        assert (folder / "x").is_file()
    assert list(tmp_path.iterdir()) == []
