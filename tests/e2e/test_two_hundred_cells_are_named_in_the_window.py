"""A reader names the 200 cells of a case, is killed (-9) in between, undoes, starts anew: the differential is that of a
count by hand.
"""

import shutil
import subprocess
import sys
import threading
from collections import Counter
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.reports.report_kind import ReportWanted
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.cell_export import export_cells
from desktop.gui.app import build_window
from desktop.gui.cells import CellGalleryPage
from desktop.gui.main_window import MainWindow

PROGRAM = Path(__file__).with_name("naming_window.py")
# Each copy of this image has five cells.
IMAGES, CELLS = 40, 200
BEFORE_KILL = 30
GUARD_S = 120
KEYS = (("blast", Qt.Key.Key_X), ("lymphocyte", Qt.Key.Key_L), ("smudge", Qt.Key.Key_S))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with 200 cells."""
    case = tmp_path / "smears" / "case 1"
    case.mkdir(parents=True)
    for number in range(IMAGES):
        shutil.copy(paths.demo_images() / "synthetic-2" / "smear-1.jpg", case / f"smear {number}.jpg")
    return case.parent


def name_until_killed(folder: Path) -> list[tuple[int, str]]:
    """Run the window, kill it while it goes on naming, and return which names it had shown until then."""
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        # A window that names nothing would never say a line.
        guard = threading.Timer(GUARD_S, process.kill)
        guard.start()
        said = [process.stdout.readline() for _ in range(BEFORE_KILL)]
        guard.cancel()
        process.kill()
        said += process.stdout.readlines()
    shown = [line.rstrip("\n").split("\t") for line in said if line.endswith("\n")]
    return [(int(row), name) for row, name in shown]


def open_gallery(window: MainWindow, folder: Path, qtbot: QtBot) -> CellGalleryPage:
    window.controller.review.name_reader("Ada")
    window.show()
    window.open_folders([folder])
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    with qtbot.waitSignal(window.controller.cell_gallery.ended):
        window.actions_by_name["cell_gallery"].trigger()
    page = window.cells.page
    assert page is not None
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def names_in(page: CellGalleryPage) -> list[str]:
    return [page.model.cell_at(row).name for row in range(page.model.rowCount())]


def shares_in(page: CellGalleryPage, names: list[str]) -> dict[str, str]:
    return {name: page.table.figures(name)[0].text() for name in names}


def has_name(page: CellGalleryPage, row: int, name: str) -> bool:
    return page.model.cell_at(row).name == name


def is_named_by(page: CellGalleryPage, row: int, name: str, key: Qt.Key) -> bool:
    """Press the key on the cell unless it has this name by now."""
    if not has_name(page, row, name):
        page.view.setCurrentIndex(page.model.index(row))
        QTest.keyClick(page.view, key)
    return has_name(page, row, name)


def name_the_rest(window: MainWindow, page: CellGalleryPage, by_hand: dict[int, str], qtbot: QtBot) -> None:
    """A key for each cell; now and then the wrong one, which is taken back."""
    keys = cycle(KEYS)
    begun = len(by_hand)
    for row in range(begun, CELLS):
        by_hand[row], key = next(keys)
        if row == begun:
            # Until the page has heard that the study is open it takes no key, and says why.
            qtbot.waitUntil(partial(is_named_by, page, row, by_hand[row], key))
            continue
        page.view.setCurrentIndex(page.model.index(row))
        QTest.keyClick(page.view, key)
        if row % 50 == 0:
            qtbot.waitUntil(partial(has_name, page, row, by_hand[row]))
            with qtbot.waitSignal(window.controller.review.mark_changed):
                QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            qtbot.waitUntil(partial(has_name, page, row, ""))
            page.view.setCurrentIndex(page.model.index(row))
            by_hand[row] = "monocyte"
            QTest.keyClick(page.view, Qt.Key.Key_M)


def check_the_report(counted: Counter[str], target: Path) -> None:
    """The CSV tells the same shares, and the chain of events is whole."""
    (study,) = paths.studies().glob("*.bloodsmear")
    with StudyStore.open_existing(study) as store:
        assert store.events.check().whole
    white = CELLS - counted["erythroblast"] - counted["smudge"]
    export_cells(study, target, ReportWanted("differentials"))
    rows = [line.split(",") for line in target.read_text("utf-8-sig").splitlines()[1:]]
    assert {row[3]: (row[5], row[6], row[7]) for row in rows} == {
        name: (f"{count}", f"{white}", f"{100 * count / white:.1f}") for name, count in counted.items()
    }


@pytest.mark.usefixtures("tiny_classifiers")
@pytest.mark.slow
def test_two_hundred_cells_are_named_over_a_kill_undo_and_a_restart(
    folder: Path, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = name_until_killed(folder)
    assert len(shown) >= BEFORE_KILL
    by_hand: dict[int, str] = dict(shown)

    window = build_window(qapp)
    try:
        window.preferences.change("cell_names", "with_blasts")
        page = open_gallery(window, folder, qtbot)
        # What was kept and not shown any more, when it was killed, is at most the next one.
        there = names_in(page)
        assert len(there) == CELLS
        assert [(row, there[row]) for row in by_hand] == list(by_hand.items())
        by_hand = {row: name for row, name in enumerate(there) if name}
        assert len(by_hand) <= len(shown) + 1
        name_the_rest(window, page, by_hand, qtbot)

        def all_are_shown() -> None:
            # Not only that they aren't, but which.
            assert names_in(page) == [by_hand[row] for row in range(CELLS)]

        qtbot.waitUntil(all_are_shown)
    finally:
        window.close()
        window.deleteLater()

    again = build_window(qapp)
    try:
        page = open_gallery(again, folder, qtbot)
        counted = Counter(by_hand.values())
        assert names_in(page) == [by_hand[row] for row in range(CELLS)]
        assert shares_in(page, list(counted)) == {name: f"{count}" for name, count in counted.items()}
    finally:
        again.close()
        again.deleteLater()
    check_the_report(counted, tmp_path / "differentials.csv")
