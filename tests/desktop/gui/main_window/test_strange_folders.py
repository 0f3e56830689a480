"""A study from elsewhere: its folders are shown in a question, and opened only after a yes."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from bloodsmear.jobs import Cancel
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening import ScreeningEvents, ScreeningPlan, screen
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles


@dataclass
class Reader:
    """What was asked, and what the reader answers next."""

    answers: list[bool]
    asked: list[str] = field(default_factory=list)

    def answer(self, _parent: object, sentence: str) -> bool:
        self.asked.append(sentence)
        return self.answers.pop(0)


@pytest.fixture
def reader() -> Reader:
    return Reader([False, True])


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, fake_classifiers: ClassifierSet, reader: Reader) -> MainWindow:
    made = build_window(
        qapp,
        load_classifiers=lambda: fake_classifiers,
        settings_file=paths.settings_file(),
        ask=AskFiles(strange_folders=reader.answer),
    )
    qtbot.addWidget(made)
    made.controller.load_classifiers()
    return made


@pytest.fixture
def study(smear_folder: Path, tmp_path: Path, fake_classifiers: ClassifierSet) -> Path:
    """Of a folder that this PC has forgotten."""
    path = tmp_path / "from elsewhere.bloodsmear"
    screen(ScreeningPlan((smear_folder,), path), fake_classifiers, ScreeningEvents(), Cancel())
    paths.known_folders().unlink()
    return path


def test_a_no_opens_nothing_and_a_yes_opens_the_study(
    window: MainWindow, reader: Reader, study: Path, smear_folder: Path, qtbot: QtBot
) -> None:
    window.open_folders([study])
    qtbot.waitUntil(lambda: len(reader.asked) == 1)
    assert str(smear_folder) in reader.asked[0]
    assert window.controller.study.found == {}

    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([study])
    assert len(window.controller.study.found) == 7
    assert len(reader.asked) == 2
