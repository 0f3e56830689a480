"""Watch asks for the report first; the bar over the columns says that it is watched, and how many came."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.gallery.message_page import MessagePage
from desktop.gui.main_window import MainWindow
from desktop.gui.questions import AskFiles
from desktop.gui.study import ScreeningState


@pytest.fixture
def answers() -> list[Path | None]:
    return []


@pytest.fixture
def window(
    qtbot: QtBot,
    qapp: QApplication,
    fake_classifiers: ClassifierSet,
    tmp_path: Path,
    answers: list[Path | None],
) -> MainWindow:
    ask = AskFiles(watched_report=lambda _over, _suggested: answers.pop(0))
    made = build_window(
        qapp, load_classifiers=lambda: fake_classifiers, settings_file=tmp_path / "settings.json", ask=ask
    )
    qtbot.addWidget(made)
    made.controller.load_classifiers()
    return made


def test_it_begins_once_the_report_is_chosen_and_can_be_asked_for_only_with_a_folder(
    window: MainWindow, answers: list[Path | None], smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    action = window.actions_by_name["watch"]
    assert not action.isEnabled()
    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([smear_folder])
    assert action.isEnabled()

    answers += [None, tmp_path / "camera.csv"]
    action.trigger()
    assert action.isEnabled()
    action.trigger()
    assert window.controller.screening.running
    assert not action.isEnabled()
    assert window.actions_by_name["stop"].isEnabled()
    qtbot.waitUntil((tmp_path / "camera.csv").exists)
    with qtbot.waitSignal(window.controller.screening.ended):
        window.actions_by_name["stop"].trigger()
    assert window.preferences.report_folder == tmp_path


def test_a_place_where_no_report_could_be_written_is_not_offered_again(
    window: MainWindow, answers: list[Path | None], smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    before = window.preferences.report_folder
    taken = tmp_path / "taken" / "report.csv"
    taken.mkdir(parents=True)
    with qtbot.waitSignal(window.controller.file.opened):
        window.open_folders([smear_folder])

    answers.append(taken)
    with qtbot.waitSignal(window.controller.screening.troubled):
        window.actions_by_name["watch"].trigger()
    with qtbot.waitSignal(window.controller.screening.ended):
        window.actions_by_name["stop"].trigger()
    assert window.preferences.report_folder == before


def test_a_folder_that_is_empty_says_that_it_waits_while_it_is_watched(
    window: MainWindow, answers: list[Path | None], smear_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "camera"
    empty.mkdir()
    with qtbot.waitSignal(window.controller.folder.nothing_found):
        window.open_folders([empty])
    page = window.gallery.findChild(MessagePage)
    assert isinstance(page, MessagePage)
    assert page.words().startswith("No images here No image was found in")

    answers += [tmp_path / "camera.csv"] * 2
    window.actions_by_name["watch"].trigger()
    assert page.words() == "Waiting for images Each image that comes into the watched folder is shown here."
    with qtbot.waitSignal(window.controller.screening.ended):
        window.actions_by_name["stop"].trigger()
    assert page.words() == "No images here The watching ended before an image came."

    window.actions_by_name["watch"].trigger()
    (empty / "new.png").write_bytes((smear_folder / "case 1" / "smear 0.png").read_bytes())
    qtbot.waitUntil(lambda: window.gallery.count() == 1)
    assert page.isHidden()
    with qtbot.waitSignal(window.controller.screening.ended):
        window.actions_by_name["stop"].trigger()


def test_the_bar_counts_what_came_and_shows_no_end(window: MainWindow) -> None:
    window.top_bar.show_screening(ScreeningState(True, done=1, watching=True))
    assert "Watching · 1 image screened" in [label.text() for label in window.top_bar.findChildren(QLabel)]
    bar = window.top_bar.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.isHidden()


def test_bar_and_footer_say_which_file_is_waited_for(window: MainWindow) -> None:
    def said() -> str:
        return " | ".join(label.text() for label in window.findChildren(QLabel))

    window.controller.screening.changed.emit(
        ScreeningState(True, done=2, watching=True, waiting=("case 1/new.tif",))
    )
    assert "Watching · 2 images screened · waits for new.tif" in said()
    assert "Watching: 2 images · waits for new.tif" in " | ".join(
        button.text() for button in window.footer.findChildren(QPushButton)
    )
    window.controller.screening.changed.emit(ScreeningState(True, watching=True, waiting=("a.tif", "b.tif")))
    assert "waits for 2 files" in said()
