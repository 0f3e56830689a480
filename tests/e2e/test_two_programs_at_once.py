"""Two programs on one folder at the same time: windows show each other's decisions, screenings do nothing twice."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from desktop.gui.app import build_window

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
PROGRAM = Path(__file__).with_name("deciding_window.py")
GUARD_S = 120


@pytest.mark.usefixtures("tiny_classifiers")
def test_what_is_decided_in_another_window_stands_in_the_list_of_this_one(
    smear_folder: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = build_window(qapp)
    review = window.controller.review
    marks: list[tuple[str, str]] = []
    try:
        review.name_reader("Ada")
        window.show()
        window.open_folders([smear_folder])
        qtbot.waitUntil(lambda: review.reviewed.is_open, timeout=60_000)
        review.mark_changed.connect(
            lambda image, mark: marks.append((image, mark.decision)) if mark else None
        )
        with subprocess.Popen(
            [sys.executable, str(PROGRAM), str(smear_folder)],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as other:
            guard = threading.Timer(GUARD_S, other.kill)
            guard.start()
            try:
                qtbot.waitUntil(lambda: len(marks) > 2, timeout=1000 * GUARD_S)
            finally:
                guard.cancel()
                other.kill()
            assert other.stdout is not None
            told = [tuple(line.rstrip("\n").split("\t")) for line in other.stdout if line.endswith("\n")]
        # The last one may have been kept in the moment of the kill, before it could be said.
        assert [one for one in marks[:-1] if one not in told] == []
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.usefixtures("tiny_classifiers")
def test_a_second_screening_of_a_folder_ends_with_a_sentence_until_the_first_one_is_gone(
    start: Start, bloodsmear: Bloodsmear, smear_folder: Path, tmp_path: Path
) -> None:
    report = tmp_path / "second.csv"
    with start("screen", "--watch", smear_folder, "-o", tmp_path / "first.csv") as first:
        until = time.monotonic() + GUARD_S
        while not (tmp_path / "first.csv").exists():
            assert first.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        second = bloodsmear("screen", smear_folder, "-o", report)
        first.kill()
        first.communicate()
    assert second.returncode == 2
    assert f"{smear_folder} is being screened already" in second.stderr
    assert not report.exists()
    (study,) = paths.studies().glob("*.bloodsmear")
    third = bloodsmear("screen", smear_folder, "-o", report)
    assert third.returncode == 1  # one file is damaged
    assert str(study) in third.stdout
