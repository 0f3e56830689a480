"""A set is made of labelled images, read blind in the window, and scored against them."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import CompetencePage
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles


@dataclass(slots=True)
class Answers:
    """What is answered to the questions for folders."""

    labelled: Path
    target: Path
    asked: list[str] = field(default_factory=list)

    def known(self, _parent: QWidget, _start: Path) -> Path:
        self.asked.append("labelled")
        return self.labelled

    def new(self, _parent: QWidget, _start: Path) -> Path:
        self.asked.append("target")
        return self.target


@pytest.fixture
def answers(tmp_path: Path, smear_folder: Path) -> Answers:
    """The three smears of the first case as Benign, those of the second as Pre-B."""
    for case, label in (("case 1", "Benign"), ("case 2", "Pre")):
        (tmp_path / "known" / label).mkdir(parents=True)
        for path in (smear_folder / case).glob("smear *.png"):
            shutil.copy(path, tmp_path / "known" / label / path.name)
    return Answers(tmp_path / "known", tmp_path / "set")


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], answers: Answers) -> MainWindow:
    return open_smears(AskFiles(known_labels=answers.known, new_folder=answers.new))


def open_page(window: MainWindow) -> CompetencePage:
    window.actions_by_name["competence"].trigger()
    return window.findChildren(CompetencePage)[-1]


def press(page: CompetencePage, name: str) -> None:
    (found,) = page.findChildren(QPushButton, name)
    found.click()


def texts(page: CompetencePage) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_from_the_labelled_folder_to_the_score(window: MainWindow, answers: Answers, qtbot: QtBot) -> None:
    page = open_page(window)
    press(page, "make_set")
    qtbot.waitUntil(lambda: any("6 images are in" in text for text in texts(page)))
    page.close()
    window.actions_by_name["blind"].trigger()
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.open_folders([answers.target])
    qtbot.waitUntil(lambda: window.controller.review.reviewed.is_open)
    window.controller.review.name_reader("Ada")
    page = open_page(window)
    press(page, "score_reader")
    assert any("waits for the last of them" in text for text in texts(page))
    page.close()
    for image in list(window.controller.study.found):
        if image != window.gallery.selected():
            with qtbot.waitSignal(window.controller.image.record_ready):
                window.gallery.select(image)
        with qtbot.waitSignal(window.controller.review.mark_changed):
            window.controller.review.decide("benign")

    page = open_page(window)
    press(page, "score_reader")
    qtbot.waitUntil(lambda: "Reader: Ada." in " ".join(texts(page)))
    shown = texts(page)
    assert any(text.startswith("100.0\u00a0% (") for text in shown)
    assert any(text.startswith("0.0\u00a0% (") for text in shown)
    assert "Benign 3" in shown
    window.open_folders([answers.target])
    assert not any("Reader: Ada." in text or text == "Benign 3" for text in texts(page))
    page.close()


def test_without_a_reader_it_says_what_to_do(window: MainWindow, answers: Answers) -> None:
    page = open_page(window)
    press(page, "score_reader")
    assert "Nobody reads. Enter the reader's name first." in texts(page)
    assert answers.asked == []
    page.close()


def test_a_folder_that_is_not_empty_is_refused_in_place(
    window: MainWindow, answers: Answers, qtbot: QtBot
) -> None:
    answers.target.mkdir()
    (answers.target / "mine.txt").write_text("mine")
    page = open_page(window)
    press(page, "make_set")
    qtbot.waitUntil(lambda: any("is not an empty folder" in text for text in texts(page)))
    page.close()
