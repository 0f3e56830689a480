"""The window shows where the real classifiers looked, and hides it in blind reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from bloodsmear import paths
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.viewer.map_line import MapLine
from desktop.gui.viewer.picture_view import PictureView


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, converted: None, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window on a demo case, its first image read by both classifiers."""
    made = build_window(qapp, settings_file=tmp_path / "settings.json")
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.controller.image.record_ready, timeout=60_000):
        made.controller.load_classifiers()
        made.open_folders([paths.demo_images() / "synthetic-1"])
    yield made
    made.close()


def line(window: MainWindow) -> str:
    return window.findChildren(MapLine)[0].sentence()


def original(window: MainWindow) -> PictureView:
    view = window.viewer.findChildren(QGraphicsView)[0]
    assert isinstance(view, PictureView)
    return view


def test_each_classifier_in_turn_and_off_again(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("VGG16", "U-Net"):
        with qtbot.waitSignal(window.controller.looking.ready, timeout=60_000):
            window.actions_by_name["map"].trigger()
        assert line(window).startswith(f"{name}. Where, not why: ")
        assert original(window).has_overlay()
    window.actions_by_name["map"].trigger()
    assert line(window) == ""
    assert not original(window).has_overlay()


def test_in_blind_reading_it_shows_only_after_the_decision(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.looking.ready, timeout=60_000):
        window.actions_by_name["map"].trigger()
    qtbot.waitUntil(
        lambda: window.controller.review.state.can_decide or not window.controller.review.state.reader
    )
    window.actions_by_name["blind"].trigger()
    qtbot.waitUntil(lambda: line(window).startswith("Hidden until you have decided"))
    assert not original(window).has_overlay()


def test_another_folder_takes_the_map_away(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.looking.ready, timeout=60_000):
        window.actions_by_name["map"].trigger()
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(window.controller.folder.nothing_found):
        window.open_folders([tmp_path / "empty"])
    assert line(window) == ""
    assert not original(window).has_overlay()
