"""What leads on: the key after the check, the name of another training, and what to do with what was installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import DataSeen, FigureColumn, MadeClassifier, TrainingState

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import MakePage

DATA = DataSeen(Path("labelled"), (("benign", 504), ("pro_b", 12)))
OUTCOME = MadeClassifier("our-lab", Path("made"), (FigureColumn("Our lab", 477, {}),))


def press(page: TrainingPage, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    button.click()


def name_field(page: TrainingPage) -> QLineEdit:
    field = page.findChild(QLineEdit, "classifier_name")
    assert isinstance(field, QLineEdit)
    return field


def press_enter(page: TrainingPage) -> None:
    """As a person does: the key goes to what has the focus."""
    focus = page.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Return)


def test_once_the_images_are_checked_enter_leads_on(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(start_state)
    press(page, "choose_folder")
    page.show_state(replace(start_state, phase="checking", data=DATA))
    press_enter(page)
    assert page.step() == 0
    page.show_state(replace(start_state, phase="ready", data=DATA))
    # What is found out later moves the focus no more.
    press_enter(page)
    assert page.step() == 1


def test_a_check_that_ends_in_refusal_leads_nowhere(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="checking", data=DATA))
    asked: list[bool] = []
    page.data_step.folder_wanted.connect(lambda: asked.append(True))
    page.show_state(replace(start_state, phase="unusable", data=DATA, problem="Too few."))
    press_enter(page)
    assert (page.step(), asked) == (0, [])


def test_another_training_is_offered_a_name_that_nobody_has(
    make_page: MakePage, start_state: TrainingState
) -> None:
    ready = replace(start_state, phase="ready", data=DATA, taken_ids=frozenset({"our-lab", "our-lab-2"}))
    page = make_page(ready)
    press(page, "next")
    name_field(page).setText("Our lab")
    page.show_state(replace(ready, phase="installed", outcome=OUTCOME))
    press(page, "anew")
    page.show_state(start_state)
    page.show_state(ready)
    press(page, "next")
    assert name_field(page).text() == "Our lab (3)"
    # It is only offered: what is typed takes its place, and stays.
    QTest.keyClicks(name_field(page), "Mine")
    press(page, "back")
    press(page, "next")
    assert name_field(page).text() == "Mine"


def test_without_a_name_before_none_is_made_up(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="installed", outcome=OUTCOME))
    press(page, "anew")
    page.show_state(start_state)
    page.show_state(replace(start_state, phase="ready", data=DATA))
    press(page, "next")
    assert name_field(page).text() == ""


def test_what_is_installed_says_where_it_is_taken_into_use(
    make_page: MakePage, start_state: TrainingState
) -> None:
    page = make_page(replace(start_state, phase="installed", outcome=OUTCOME))
    said = page.findChild(QLabel, "installed")
    assert isinstance(said, QLabel)
    assert "tick it under File ▸ Classifiers" in said.text()


def test_enter_in_the_name_starts_it(make_page: MakePage, start_state: TrainingState, qtbot: QtBot) -> None:
    page = make_page(replace(start_state, phase="ready", data=DATA))
    press(page, "next")
    name = name_field(page)
    with qtbot.assertNotEmitted(page.choice_step.start_wanted):
        QTest.keyClick(name, Qt.Key.Key_Return)
    QTest.keyClicks(name, "Mine")
    with qtbot.waitSignal(page.choice_step.start_wanted) as asked:
        QTest.keyClick(name, Qt.Key.Key_Return)
    assert asked.args[0].name == "Mine"


def test_going_back_and_next_again_keeps_what_was_typed(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=DATA))
    press(page, "next")
    QTest.keyClicks(name_field(page), "Mine")
    press(page, "back")
    assert page.step() == 0
    press(page, "next")
    assert page.choice_step.wish().name == "Mine"
