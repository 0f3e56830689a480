"""The page of reports in the whole window: preview, what is unfinished, saving, nothing of a classifier when blind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import ExportDialog
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """The window on the folder, its first image decided; reports go where they are suggested."""
    window = open_smears(ask=AskFiles(report=lambda _parent, suggested: tmp_path / suggested.name))
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, Qt.Key.Key_1)
    return window


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> ExportDialog:
    """The page with its first preview."""
    window.actions_by_name["reports"].trigger()
    opened = window.findChildren(ExportDialog)[-1]
    qtbot.waitUntil(lambda: bool(header(opened)))
    return opened


def header(page: ExportDialog) -> list[str]:
    table = page.findChildren(QTableWidget)[0]
    items = [table.horizontalHeaderItem(column) for column in range(table.columnCount())]
    return [item.text() for item in items if item is not None]


def sentences(page: ExportDialog) -> str:
    found = page.findChild(QLabel, "export_sentences")
    assert isinstance(found, QLabel)
    return found.text()


def press(page: ExportDialog, text: str) -> None:
    next(button for button in page.findChildren(QPushButton) if button.text() == text).click()


def test_each_kind_has_its_preview(page: ExportDialog, qtbot: QtBot) -> None:
    assert "decision" in header(page)
    assert "Unfinished: 6 images undecided." in sentences(page)
    press(page, "CSV, a row a case")
    qtbot.waitUntil(lambda: "decision_benign" in header(page))
    press(page, "HTML report")
    qtbot.waitUntil(lambda: "flagged or decided images" in sentences(page))


def test_saving_writes_the_chosen_kind_and_says_where(
    page: ExportDialog, window: MainWindow, smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    press(page, "CSV, a row a case")
    with qtbot.waitSignal(window.controller.file.exported):
        press(page, "Save as…")
    target = tmp_path / f"{smear_folder.name} cases.csv"
    assert target.exists()
    saved = page.findChild(QLabel, "export_saved")
    assert isinstance(saved, QLabel)
    assert str(target) in saved.text()


def test_blind_reading_begun_while_the_page_is_open_empties_it_of_answers(
    page: ExportDialog, window: MainWindow, qtbot: QtBot
) -> None:
    assert "vgg16_label" in header(page)
    window.actions_by_name["blind"].trigger()
    qtbot.waitUntil(lambda: "You read blind" in sentences(page))
    assert not any(name.startswith(("vgg16", "unet", "consensus", "flags")) for name in header(page))


def test_a_closed_page_is_left_alone(page: ExportDialog, window: MainWindow, qtbot: QtBot) -> None:
    page.close()
    window.actions_by_name["blind"].trigger()
    with qtbot.waitSignal(window.controller.file.exported):
        window.actions_by_name["export"].trigger()
    assert "Wrote" in window.message_bar.text
