"""The way from the menu to the training page and back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.settings import read_settings
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.training.page import TrainingPage

ROOT = Path(__file__).resolve().parents[4]


def choose_nothing(_parent: QWidget, _start: Path) -> None:
    return None


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def window(
    qapp: QApplication, fake_classifiers: ClassifierSet, settings_file: Path, tmp_path: Path
) -> Iterator[MainWindow]:
    ask = AskFiles(
        training_folder=choose_nothing,
        python=lambda _parent, _start: tmp_path / "gpu" / "python",
        start_file=lambda _parent, _start: tmp_path / "no.zip",
        open_file=lambda _page: False,
    )
    made = build_window(qapp, load_classifiers=lambda: fake_classifiers, settings_file=settings_file, ask=ask)
    yield made
    made.close()
    made.deleteLater()


def opened(window: MainWindow, qtbot: QtBot) -> TrainingPage:
    window.actions_by_name["train"].trigger()
    page = window.training.page
    assert page is not None
    qtbot.waitUntil(lambda: bool(window.training.controller.state.starts))
    return page


def press(page: TrainingPage, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    found.click()


def test_the_menu_opens_the_page_beside_the_window_and_always_the_same_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(window, qtbot)
    assert page.isVisible()
    assert not page.isModal()
    page.close()
    assert opened(window, qtbot) is page


def test_from_scratch_is_offered_before_the_classifiers_of_this_pc(window: MainWindow, qtbot: QtBot) -> None:
    opened(window, qtbot)
    keys = [start.key for start in window.training.controller.state.starts]
    assert keys[:2] == ["unet", "vgg16"]


def test_a_reader_who_chooses_no_folder_is_left_where_they_were(window: MainWindow, qtbot: QtBot) -> None:
    press(opened(window, qtbot), "choose_folder")
    assert window.training.controller.state.phase == "empty"


def test_an_evaluation_page_that_the_system_cannot_show_is_said_to_lie_where_it_lies(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = opened(window, qtbot)
    page.outcome_step.page_wanted.emit(Path("run") / "evaluation.html")
    assert str(Path("run") / "evaluation.html") in window.training.controller.state.problem


def test_another_python_is_kept_for_the_next_start_and_can_be_given_up(
    window: MainWindow, qtbot: QtBot, settings_file: Path, tmp_path: Path
) -> None:
    page = opened(window, qtbot)
    press(page, "other_python")
    chosen = str(tmp_path / "gpu" / "python")
    assert read_settings(settings_file).settings.training_python == chosen
    assert window.training.controller.state.python == chosen
    press(page, "own_program")
    assert read_settings(settings_file).settings.training_python == ""


def test_a_file_that_cannot_be_started_from_is_said_to_be_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(window, qtbot)
    page.choice_step.file_wanted.emit()
    state = window.training.controller
    qtbot.waitUntil(lambda: "no.zip" in state.state.problem)


def test_the_page_changes_its_look_with_the_window(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, qtbot)
    window.actions_by_name["theme_dark"].trigger()
    legend = next(
        label.text() for label in page.fit_step.findChildren(QLabel) if "validation" in label.text()
    )
    assert "#7DB8F2" in legend


def test_closing_the_window_closes_the_page(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, qtbot)
    window.close()
    assert not page.isVisible()


def test_the_window_starts_without_what_only_the_page_needs() -> None:
    """pyqtgraph takes 0.4 s to import (docs/adr/0004)."""
    words = "import sys, desktop.gui.app, desktop.gui.main_window; sys.exit('pyqtgraph' in sys.modules)"
    outcome = subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False)
    assert outcome.returncode == 0
