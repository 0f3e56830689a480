"""The table of actions: everything has a menu, keys that nothing else uses, and does what its words say."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QMenuBar
from pytestqt.qtbot import QtBot

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow
from desktop.gui.main_window.actions import ACTIONS, AskedWindow, show_review
from desktop.gui.review_state import ReviewState


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, fake_classifiers: ClassifierSet) -> MainWindow:
    made = build_window(qapp, load_classifiers=lambda: fake_classifiers)
    qtbot.addWidget(made)
    return made


def menus(window: MainWindow) -> dict[str, QMenu]:
    bar = window.findChild(QMenuBar)
    assert isinstance(bar, QMenuBar)
    shown = {action.text().replace("&", ""): action.menu() for action in bar.actions()}
    return {title: menu for title, menu in shown.items() if isinstance(menu, QMenu)}


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS for key in row.keys)
    assert [key for key, times in keys.items() if times > 1] == []


def test_labels_have_the_figures_as_keys_then_alt_with_them_and_no_study_shows_what_it_lacks(
    window: MainWindow,
) -> None:
    keys = {row.name: row.keys for row in ACTIONS if row.name.startswith("label_")}
    assert len(keys) == 20
    assert [keys[f"label_{number}"] for number in (9, 10, 11, 20)] == [("9",), ("0",), ("Alt+1",), ("Alt+0",)]
    actions = {name: window.findChild(QAction, name) for name in keys}

    def shown() -> int:
        return sum(action is not None and action.isVisible() for action in actions.values())

    for count, visible in ((0, 4), (2, 2), (12, 12)):
        choices = (*(f"kind_{place}" for place in range(count)), "unsure") if count else ()
        state = ReviewState(choices=choices, names={"kind_1": "Kind one"})
        show_review({name: action for name, action in actions.items() if action is not None}, state)
        assert shown() == visible
    second = actions["label_2"]
    assert second is not None
    assert second.text() == "Decide: Kind one"


def test_the_views_leave_the_keys_of_decisions_alone() -> None:
    decisions = {"1", "2", "3", "4", "U", "O", "X", "N", "Return", "Enter", "Ctrl+Z"}
    arrows = {"Left", "Right", "Up", "Down"}
    taken = {QKeySequence(key).toString() for row in ACTIONS if row.menu == "View" for key in row.keys}
    assert taken & (decisions | arrows) == set()


def test_the_menu_bar_holds_every_action_once_with_lines_between_groups(window: MainWindow) -> None:
    assert list(menus(window)) == ["File", "Images", "Decision", "Cells", "View", "Marks", "Help"]
    shown = [action for menu in menus(window).values() for action in menu.actions()]
    named = [action.objectName() for action in shown if not action.isSeparator() and action.menu() is None]
    assert named == [row.name for row in ACTIONS]
    assert sum(action.isSeparator() for action in menus(window)["File"].actions()) == 2


def test_every_menu_opens_by_a_letter_of_its_own(window: MainWindow) -> None:
    bar = window.findChild(QMenuBar)
    assert isinstance(bar, QMenuBar)
    letters = [action.text().partition("&")[2][:1] for action in bar.actions()]
    assert all(letters)
    assert len(set(letters)) == len(letters)


def test_an_action_asks_the_window_that_it_was_made_for(window: MainWindow) -> None:
    window.actions_by_name["theme_dark"].trigger()
    assert window.preferences.settings.theme == "dark"


def test_entries_carry_the_names_of_the_studys_labels(window: MainWindow) -> None:
    def action(number: int) -> QAction:
        return window.actions_by_name[f"label_{number}"]

    show_review(window.actions_by_name, ReviewState(choices=("benign", "early_pre_b", "unsure", "other")))
    assert [action(number).text() for number in (1, 2)] == ["Decide: Benign", "Decide: Early Pre-B"]
    assert [action(number).isVisible() for number in (1, 2, 3, 4)] == [True, True, False, False]
    show_review(window.actions_by_name, ReviewState())
    assert action(3).text() == "Decide: the third label"
    assert action(3).isVisible()


def test_blind_reading_has_its_tick(window: MainWindow) -> None:
    window.actions_by_name["blind"].trigger()
    assert window.actions_by_name["blind"].isChecked()
    window.review.panel.blind_changed.emit(False)
    assert not window.actions_by_name["blind"].isChecked()


def test_a_case_can_be_reopened_from_the_menu_where_a_signed_off_one_is_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    reopen = window.actions_by_name["reopen_case"]
    assert reopen in menus(window)["Decision"].actions()
    assert not reopen.isEnabled()
    decided = ReviewState("c/a.png", "c", "Ada", decision="benign")
    signed = replace(decided, locked="You signed off Case c.")
    can_be: list[bool] = []
    for state in (decided, signed, replace(signed, waiting="The study's file is being opened."), signed):
        window.controller.review.changed.emit(state)
        can_be.append(reopen.isEnabled())
    assert can_be == [False, True, False, True]
    with qtbot.waitExposed(window):
        window.show()
    with qtbot.waitSignal(window.review.panel.reopen_wanted) as asked:
        reopen.trigger()
        reason = window.focusWidget()
        assert isinstance(reason, QLineEdit)
        QTest.keyClicks(reason, "slide 1 was swapped")
        QTest.keyClick(reason, Qt.Key.Key_Return)
    assert asked.args == [False, "slide 1 was swapped"]


@pytest.mark.parametrize("asks", ["cells", "counter"])
@pytest.mark.parametrize(
    "name", ["note", "erase_mark", "confirm", "acknowledge", "unsure", "other", "not_evaluable", "label_1"]
)
def test_no_key_that_may_be_meant_for_a_cell_changes_its_image(name: str, asks: str) -> None:
    doors = {
        door: SimpleNamespace(lets_change=lambda door=door: door != asks) for door in ("cells", "counter")
    }
    (row,) = [row for row in ACTIONS if row.name == name]
    # Whatever else it asked of the window would be missing.
    row.do(cast("AskedWindow", SimpleNamespace(**doors)))
    with pytest.raises(AttributeError):
        row.do(
            cast("AskedWindow", SimpleNamespace(**doors | {asks: SimpleNamespace(lets_change=lambda: True)}))
        )
