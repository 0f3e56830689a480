"""A reader decides in the whole window and writes each kind of report; the files are read back."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import RESEARCH_USE
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles

FIRST = "case 1/smear 0.png"


@pytest.fixture
def window(
    qapp: QApplication, tmp_path: Path, smear_folder: Path, fake_classifiers: ClassifierSet, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window on the folder, its first image decided as benign; reports go where they are suggested."""
    reports = tmp_path / "reports"
    reports.mkdir()
    window = build_window(
        qapp,
        load_classifiers=lambda: fake_classifiers,
        settings_file=tmp_path / "settings.json",
        ask=AskFiles(report=lambda _parent, suggested: reports / suggested.name),
    )
    with qtbot.waitSignal(window.controller.classifiers_ready):
        window.show()
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.open_folders([smear_folder])
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, Qt.Key.Key_1)
    yield window
    window.close()
    window.deleteLater()


def written(window: MainWindow, action: str, file: Path, qtbot: QtBot) -> Path:
    with qtbot.waitSignal(window.controller.file.exported) as said:
        window.actions_by_name[action].trigger()
    assert str(file) in said.args[0]
    return file


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


def test_the_csv_has_the_decision_in_the_row_of_its_image(
    window: MainWindow, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    file = written(window, "export", tmp_path / "reports" / f"{smear_folder.name}.csv", qtbot)
    decided = {row["image"]: (row["decision"], row["reviewer"]) for row in read_rows(file) if row["decision"]}
    assert decided == {FIRST: ("benign", "Ada")}


def test_the_csv_of_the_cases_counts_the_decision(
    window: MainWindow, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    file = written(window, "export_cases", tmp_path / "reports" / f"{smear_folder.name} cases.csv", qtbot)
    assert {row["case"]: row["decision_benign"] for row in read_rows(file)}["case 1"] == "1"


def test_the_html_report_shows_the_decided_image_and_the_research_use_sentence(
    window: MainWindow, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    file = written(window, "export_html", tmp_path / "reports" / f"{smear_folder.name}.html", qtbot)
    html = file.read_text(encoding="utf-8")
    assert RESEARCH_USE in html
    assert FIRST in html
    assert "data:image/jpeg;base64," in html


def test_a_place_that_is_not_a_file_is_refused_in_a_line(
    window: MainWindow, tmp_path: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    (tmp_path / "reports" / f"{smear_folder.name}.html").mkdir()
    with qtbot.waitSignal(window.controller.file.failed):
        window.actions_by_name["export_html"].trigger()
    assert "it is a folder" in window.message_bar.text
