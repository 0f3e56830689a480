"""The window is killed (-9) between two decisions: what it showed as decided is decided after the next start."""

import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.app import build_window

PROGRAM = Path(__file__).with_name("deciding_window.py")
IMAGES = 4
GUARD_S = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case of four images; with three keys in turn, each round decides each of them anew."""
    case = tmp_path / "smears" / "case 1"
    case.mkdir(parents=True)
    for number in range(IMAGES):
        pixels = np.full((48, 64, 3), 200, np.uint8)
        cv2.circle(pixels, (10 + 8 * number, 24), 8, (140, 40 + 20 * number, 110), -1)
        _, content = cv2.imencode(".png", pixels)
        (case / f"smear {number}.png").write_bytes(content.tobytes())
    return case.parent


def kill_after(folder: Path, lines: int) -> list[tuple[str, str]]:
    """Run the window, kill it while it goes on deciding, and return what it had shown as decided until then."""
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        # A window that decides nothing would never say a line.
        guard = threading.Timer(GUARD_S, process.kill)
        guard.start()
        said = [process.stdout.readline() for _ in range(lines)]
        guard.cancel()
        process.kill()
        said += process.stdout.readlines()
    shown = [line.rstrip("\n").split("\t") for line in said if line.endswith("\n")]
    return [(image, mark) for image, mark in shown]


@pytest.mark.usefixtures("tiny_classifiers")
def test_what_the_killed_window_showed_as_decided_is_there_and_can_be_undone(
    folder: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    shown = [one for lines in (1, 6) for one in kill_after(folder, lines)]
    assert len(shown) >= 7

    (study,) = paths.studies().glob("*.bloodsmear")
    with StudyStore.open_existing(study) as store:
        assert store.events.check().whole
        decided = [(event.entry.image, event.entry.decision) for event in store.events.read()]
    assert [one for one in shown if one not in decided] == []
    window = build_window(qapp)
    try:
        window.controller.review.name_reader("Ada")
        with qtbot.waitSignal(window.controller.review.marks_changed, check_params_cb=bool):
            window.show()
            window.open_folders([folder])
        marks = window.controller.review.reviewed.marks()
        assert {image: mark.decision for image, mark in marks.items()} == dict(decided)
        with qtbot.waitSignal(window.controller.review.mark_changed) as changed:
            QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert changed.args[0] == decided[-1][0]
        mark = changed.args[1]
        assert mark is None or mark.decision != decided[-1][1]
    finally:
        window.close()
        window.deleteLater()
