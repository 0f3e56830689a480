"""Two readers decide in the window; its page of agreement compares them with each other and with the classifiers."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.gui.dialogs import AgreementDialog
from desktop.gui.main_window import MainWindow

KEYS = {"Ada": Qt.Key.Key_1, "Ben": Qt.Key.Key_2}


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on a folder of which Ada and Ben have decided the first image, each otherwise."""
    window = open_smears()
    for name, key in KEYS.items():
        window.controller.review.name_reader(name)
        with qtbot.waitSignal(window.controller.review.mark_changed):
            QTest.keyClick(window, key)
    return window


def shown(window: MainWindow, qtbot: QtBot) -> list[str]:
    window.actions_by_name["agreement"].trigger()
    page = window.findChildren(AgreementDialog)[-1]

    def texts() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "Ben" in texts())
    found = texts()
    page.close()
    return found


def test_readers_and_classifiers_stand_side_by_side(window: MainWindow, qtbot: QtBot) -> None:
    found = shown(window, qtbot)
    assert found.count("Ada") > 1
    assert "Ben" in found
    assert "U-Net" in found
    assert "0 (0.0\u00a0%)" in found


def test_nothing_of_a_classifier_while_images_are_to_be_decided_blind(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.actions_by_name["blind"].trigger()
    found = shown(window, qtbot)
    assert "Ben" in found
    assert "U-Net" not in found
    assert any("hidden while you read blind" in text for text in found)
