"""A case is signed off in the whole window, on the sheet that counts what it closes, and locked from then on."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.decision import SignOffSheet
from desktop.gui.main_window import MainWindow

Key = Qt.Key
FIRST, SECOND, THIRD = (f"case 1/smear {number}.png" for number in (0, 2, 4))


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """Ada has decided about the first and the third image of the case."""
    window = open_smears()
    window.controller.review.name_reader("Ada")
    decide(window, Key.Key_1, qtbot)
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(THIRD)
    decide(window, Key.Key_1, qtbot)
    return window


def decide(window: MainWindow, key: Key, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.controller.review.mark_changed):
        QTest.keyClick(window, key)


def press(window: MainWindow, name: str) -> None:
    (found,) = window.review.panel.findChildren(QPushButton, name)
    found.click()


def press_on_sheet(window: MainWindow, name: str) -> None:
    (found,) = window.findChildren(SignOffSheet)[-1].findChildren(QPushButton, name)
    found.click()
    # As a window manager does when the sheet is gone.
    window.activateWindow()


def sentence(window: MainWindow) -> str:
    (found,) = window.review.panel.findChildren(QLabel, "decision_sentence")
    return found.text()


def test_a_case_is_signed_off_when_nothing_is_missing_and_then_locked(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, "sign_off_case")
    with qtbot.waitSignal(window.controller.image.record_ready):
        press_on_sheet(window, "go_to_first")
    assert window.gallery.selected() == SECOND
    decide(window, Key.Key_O, qtbot)
    press(window, "sign_off_case")
    with qtbot.waitSignal(window.controller.review.marks_changed):
        press_on_sheet(window, "confirm_sign_off")
    assert "It is locked." in sentence(window)
    # A second click where the first one was begins nothing.
    press(window, "sign_off_case")
    assert not window.findChildren(SignOffSheet)
    (reason,) = window.review.panel.findChildren(QLineEdit, "reason")
    assert not reason.isVisible()
    with qtbot.waitSignal(window.controller.review.refused):
        QTest.keyClick(window, Key.Key_1)
    assert "Reopen the case with a reason first" in sentence(window)


def test_escape_on_the_sheet_leaves_the_case_open(window: MainWindow, qtbot: QtBot) -> None:
    press(window, "sign_off_case")
    QTest.keyClick(window.findChildren(SignOffSheet)[-1], Key.Key_Escape)
    window.activateWindow()
    assert window.controller.review.state.locked == ""
    decide(window, Key.Key_2, qtbot)


def test_what_changed_under_the_sheet_is_shown_anew_and_not_signed_off(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.controller.image.record_ready):
        window.gallery.select(SECOND)
    decide(window, Key.Key_1, qtbot)
    press(window, "sign_off_case")
    # As when another window on the study does so.
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("pro_b")
        window.controller.review.confirm()
    press_on_sheet(window, "confirm_sign_off")
    (anew,) = (sheet for sheet in window.findChildren(SignOffSheet) if sheet.isVisible())
    assert "Pro\u2011B: 1" in {label.accessibleName() for label in anew.findChildren(QLabel)}
    with qtbot.waitSignal(window.controller.review.marks_changed):
        press_on_sheet(window, "confirm_sign_off")
    assert "It is locked." in sentence(window)
