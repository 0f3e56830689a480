"""The table of actions: everything has a handler, a menu and keys that nothing else uses."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.actions import ACTIONS, build_actions, build_menus


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS for key in row.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_the_views_leave_the_keys_of_decisions_alone() -> None:
    decisions = {"1", "2", "3", "4", "U", "O", "X", "N", "Return", "Enter", "Ctrl+Z"}
    arrows = {"Left", "Right", "Up", "Down"}
    taken = {QKeySequence(key).toString() for row in ACTIONS if row.menu == "View" for key in row.keys}
    assert taken & (decisions | arrows) == set()


def test_every_action_calls_its_own_handler(window: QWidget) -> None:
    called: list[str] = []
    handlers = {row.name: lambda name=row.name: called.append(name) for row in ACTIONS}
    for action in build_actions(window, handlers).values():
        action.trigger()
    assert called == [row.name for row in ACTIONS]


def test_an_action_without_a_handler_is_found_when_the_window_is_built(window: QWidget) -> None:
    with pytest.raises(KeyError, match="open_folder"):
        build_actions(window, {})


def test_the_menus_hold_every_action_once_with_lines_between_groups(window: QWidget) -> None:
    actions = build_actions(window, {row.name: lambda: None for row in ACTIONS})
    menus = build_menus(window, actions)
    assert list(menus) == ["File", "Images", "Decision", "View", "Help"]
    shown = [
        action.text() for menu in menus.values() for action in menu.actions() if not action.isSeparator()
    ]
    assert shown == [row.text for row in ACTIONS]
    assert sum(action.isSeparator() for action in menus["File"].actions()) == 2
