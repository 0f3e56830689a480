"""An action that holds while its key is down."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.main_window.held_key import HeldKey

SPACE, NONE = Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with a button that does not have the focus."""
    window = QWidget()
    qtbot.addWidget(window)
    window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QVBoxLayout(window).addWidget(QPushButton("Open", window))
    window.show()
    window.activateWindow()
    window.setFocus()
    qtbot.waitUntil(window.hasFocus)
    return window


@pytest.fixture
def shown(window: QWidget) -> list[bool]:
    """What the held action was told, in order."""
    told: list[bool] = []
    action = QAction("The other picture", window)
    action.setShortcut(QKeySequence("Space"))
    window.addAction(action)
    HeldKey(action, told.append, window)
    return told


def test_it_is_on_while_the_key_is_down(window: QWidget, shown: list[bool], qtbot: QtBot) -> None:
    for _time in range(2):
        shown.clear()
        QTest.keyPress(window, SPACE)
        assert shown == [True]
        QTest.keyRelease(window, SPACE)
        qtbot.waitUntil(lambda: shown == [True, False])


def test_a_key_that_repeats_stays_down(window: QWidget, shown: list[bool], qtbot: QtBot) -> None:
    QTest.keyPress(window, SPACE)
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyRelease, SPACE, NONE, " ", autorep=True))
    # As X11 has it: let go and pressed anew at once.
    QTest.keyRelease(window, SPACE)
    QTest.keyPress(window, SPACE)
    qtbot.wait(100)
    assert shown == [True]
    QTest.keyRelease(window, SPACE)
    qtbot.waitUntil(lambda: shown == [True, False])


def test_it_ends_with_the_windows_focus(window: QWidget, shown: list[bool]) -> None:
    QTest.keyPress(window, SPACE)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert shown == [True, False]


def test_a_button_that_has_the_focus_keeps_the_key(window: QWidget, shown: list[bool]) -> None:
    button = window.findChildren(QPushButton)[0]
    clicked: list[str] = []
    button.clicked.connect(lambda: clicked.append(button.text()))
    button.setFocus()
    QTest.keyClick(button, SPACE)
    assert (clicked, shown) == (["Open"], [])
