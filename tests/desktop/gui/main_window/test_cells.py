"""The key for outlines of cells, in the window: outlines and count are those of the chosen image."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from desktop.gui.main_window import MainWindow


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    made = make_window()
    made.show()
    return made


def count(window: MainWindow) -> str:
    label = window.reading.findChild(QLabel, "cell_count")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_the_key_outlines_the_cells_of_each_chosen_image_and_counts_them(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "smears"
    folder.mkdir()
    for name in ("smear-1.jpg", "smear-2.jpg"):
        shutil.copy(paths.demo_images() / "synthetic-2" / name, folder / name)
    window.open_folders([folder])
    qtbot.waitUntil(lambda: window.controller.image.image == "smear-1.jpg")
    assert count(window) == ""

    QTest.keyClick(window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: count(window) == "5 cells")
    assert window.actions_by_name["cells"].isChecked()

    QTest.keyClick(window, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: count(window) == "2 cells")

    QTest.keyClick(window, Qt.Key.Key_E)
    assert count(window) == ""
    assert not window.actions_by_name["cells"].isChecked()
