"""The whole window, made as the program makes it, with settings of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow

MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


@pytest.fixture
def make_window(
    qtbot: QtBot, qapp: QApplication, fake_classifiers: ClassifierSet, settings_file: Path
) -> MakeWindow:
    """Make the window, as often as it is asked for; the settings stay. It is not shown."""

    def make() -> MainWindow:
        made = build_window(qapp, load_classifiers=lambda: fake_classifiers, settings_file=settings_file)
        qtbot.addWidget(made)
        return made

    return make


@pytest.fixture
def read_folder(smear_folder: Path) -> Path:
    """The folder that `open_window` opens. A file of tests may have its own."""
    return smear_folder


@pytest.fixture
def open_window(make_window: MakeWindow, read_folder: Path, qtbot: QtBot) -> MakeWindow:
    """Open the window with its study, as often as it is asked for; Ada reads."""

    def open_it() -> MainWindow:
        made = make_window()
        made.controller.review.name_reader("Ada")
        with qtbot.waitSignal(made.controller.image.record_ready):
            made.show()
            made.open_folders([read_folder])
        qtbot.waitUntil(lambda: made.controller.review.reviewed.is_open)
        return made

    return open_it


@pytest.fixture
def window(make_window: MakeWindow, settings_file: Path, smear_folder: Path, qtbot: QtBot) -> MainWindow:
    """The window on a folder, of a usual screen's size, with a reader who may decide and the keys at its beginning."""
    settings_file.write_text('{"reader": "Dr Ada"}')
    made = make_window()
    made.resize(1366, 724)
    with qtbot.waitSignal(made.controller.classifiers_ready):
        made.show()
    with qtbot.waitSignal(made.controller.image.record_ready):
        made.open_folders([smear_folder])
    qtbot.waitUntil(lambda: made.controller.review.state.can_decide)
    with qtbot.waitActive(made):
        made.activateWindow()
    return made
