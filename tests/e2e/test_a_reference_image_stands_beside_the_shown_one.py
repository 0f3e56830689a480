"""An image becomes a reference image of the laboratory, and stands beside another one while that is decided."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import ReferencesPage
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.viewer.picture_pane import PicturePane

OTHER = "case 1/smear 2.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the laboratory keeps them."""
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], folder: Path) -> MainWindow:
    return open_smears(AskFiles(reference_folder=lambda _parent, _start: folder))


@pytest.fixture
def page(window: MainWindow) -> ReferencesPage:
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    page = window.findChildren(ReferencesPage)[-1]
    page.findChildren(QPushButton, "reference_folder")[0].click()
    return page


def references(page: ReferencesPage) -> list[str]:
    (found,) = page.findChildren(QListWidget)
    return [found.item(row).text() for row in range(found.count())]


def add(page: ReferencesPage, label: str) -> None:
    (button,) = page.findChildren(QPushButton, "add_reference")
    (action,) = (action for action in button.menu().actions() if action.text() == label)
    action.trigger()


def test_it_is_added_pinned_and_taken_away(
    window: MainWindow, page: ReferencesPage, folder: Path, qtbot: QtBot
) -> None:
    add(page, "Pre-B")
    qtbot.waitUntil(lambda: references(page) == ["Pre-B\nsmear 0.png"])
    assert (folder / "pre_b" / "smear 0.png").is_file()
    (listed,) = page.findChildren(QListWidget)
    qtbot.waitUntil(lambda: not listed.item(0).icon().isNull())

    with qtbot.waitSignal(window.viewer.pinned.changed):
        listed.itemClicked.emit(listed.item(0))
    assert page.isHidden(), "it would cover what was pinned"
    # As a window manager does when the page is gone.
    window.activateWindow()
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(OTHER)
    assert window.viewer.pinned.name.endswith("smear 0.png")
    assert window.actions_by_name["pin"].isChecked()
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_P)
    assert window.viewer.pinned.name == ""
    assert window.preferences.settings.reference_folder == str(folder)


def test_of_several_chosen_quickly_the_last_one_stands_there(
    window: MainWindow, page: ReferencesPage, folder: Path, qtbot: QtBot
) -> None:
    files = [folder / f"{number}.png" for number in range(3)]
    for file in files:
        cv2.imwrite(str(file), np.full((600, 800, 3), 200, np.uint8))
    for file in files:
        page.pin_wanted.emit(file, "Pre-B")
    qtbot.waitUntil(lambda: not window.controller.runner._in_lane("thumbnails"))
    assert window.viewer.pinned.name == str(files[-1])


def test_a_reference_whose_file_states_another_scale_says_how_large_its_cells_look(
    window: MainWindow, page: ReferencesPage, folder: Path, qtbot: QtBot
) -> None:
    file = folder / "stated.tif"
    tifffile.imwrite(
        file,
        np.full((600, 800, 3), 200, np.uint8),
        photometric="rgb",
        resolution=(5, 5),
        description="ImageJ=1.54f\nunit=micron\n",
    )
    with qtbot.waitSignal(window.controller.scales.changed):
        window.controller.scales.set(0.1, "typed", for_folder=False)
    with qtbot.waitSignal(window.viewer.pinned.changed):
        page.pin_wanted.emit(file, "Pre-B")
    warnings = [pane.warning() for pane in window.viewer.findChildren(PicturePane)]
    assert "Cells 0.5 × as large" in warnings


def test_what_the_reader_pins_while_it_is_read_stays(
    window: MainWindow, page: ReferencesPage, folder: Path, qtbot: QtBot
) -> None:
    file = folder / "0.png"
    cv2.imwrite(str(file), np.full((600, 800, 3), 200, np.uint8))
    page.pin_wanted.emit(file, "Pre-B")
    window.viewer.toggle_pinned()
    qtbot.waitUntil(lambda: not window.controller.runner._in_lane("thumbnails"))
    assert window.viewer.pinned.name == window.controller.image.image


def test_the_same_image_is_refused_in_place(
    window: MainWindow, page: ReferencesPage, folder: Path, qtbot: QtBot
) -> None:
    add(page, "Pre-B")
    qtbot.waitUntil(lambda: len(references(page)) == 1)
    add(page, "Benign")
    (problem,) = page.findChildren(QLabel, "references_problem")
    qtbot.waitUntil(lambda: "is a reference image of Pre-B already" in problem.text())
    assert not (folder / "benign").exists()
    page.close()
