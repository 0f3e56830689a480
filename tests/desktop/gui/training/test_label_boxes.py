"""Labels of the reader's own in step 1 of the training page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui.theme.drop_down import DropDown
from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import OUR_LABELS, DataSeen, TrainingState

MakePage = Callable[[TrainingState], TrainingPage]
DATA = DataSeen(Path("labelled"), (("benign", 504), ("pro_b", 12)))


def press(page: TrainingPage, name: str) -> None:
    """Press the page's button of that name."""
    pressed = page.findChild(QAbstractButton, name)
    assert isinstance(pressed, QAbstractButton)
    pressed.click()


OWN = replace(
    DATA,
    counts=(("hem", 12), ("all", 30)),
    names=(("hem", "Hematogones"), ("all", "ALL")),
    folders=("all", "HEM", "old"),
    labels=(("old", "ignore"),),
)


def _names(page: TrainingPage) -> list[tuple[str, str]]:
    """The fields of the reader's own labels, from the first line on."""
    fields = [each for each in page.data_step.findChildren(QLineEdit) if each.isVisible()]
    fields.sort(key=lambda each: each.mapToGlobal(each.pos()).y())
    return [(each.accessibleName().removeprefix("The label of "), each.text()) for each in fields]


def test_labels_of_ones_own_are_named_and_put_in_order_in_step_1(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=OWN))
    assert _names(page) == [("HEM", "Hematogones"), ("all", "ALL"), ("old", "")]
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "The label of HEM")
    field.setText("Häm")
    press(page, "move_0_1")
    assert [folder for folder, _ in _names(page)] == ["all", "HEM", "old"]
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "look_again")
    pairs, own, _ = asked.args
    assert dict(pairs) == {"all": "all", "HEM": "ham", "old": "ignore"}
    assert own == (("all", "ALL"), ("ham", "Häm"))


def test_two_folders_with_one_name_are_one_label_and_any_letters_have_a_key(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=OWN))
    for each in page.findChildren(QLineEdit):
        if each.accessibleName() in ("The label of HEM", "The label of old"):
            each.setText("Гемо")
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "look_again")
    pairs, own, _ = asked.args
    assert dict(pairs) == {"all": "all", "HEM": "label", "old": "label"}
    assert dict(own) == {"label": "Гемо", "all": "ALL"}


def test_folders_that_are_asked_about_can_be_labels_of_ones_own_and_the_other_way_round(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    asked_about = replace(
        DATA, errors=("b is not a known label.",), folders=("Pre", "blast"), wants_labels=True
    )
    page = make_page(replace(start_state, phase="unusable", data=asked_about))
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "other_labels")
    assert asked.args == [(("Pre", "pre"), ("blast", "blast")), (("pre", "Pre"), ("blast", "blast")), ""]
    page.show_state(replace(start_state, phase="ready", data=OWN))
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "other_labels")
    assert asked.args == [(), OUR_LABELS, ""]


def test_the_label_whose_mistakes_matter_most_is_chosen_and_stays_so_under_another_name_and_place(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=replace(OWN, matters_first="all")))
    choice = page.findChild(DropDown, "matters_first")
    assert choice is not None
    assert [choice.itemText(row) for row in range(choice.count())] == [
        "None",
        "Hematogones",
        "ALL",
    ]
    assert choice.currentText() == "ALL"
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "The label of all")
    for _ in "ALL":
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert choice.currentText() == "None"
    QTest.keyClicks(field, "Blast")
    press(page, "move_1_-1")
    assert choice.currentText() == "Blast"
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "next")
    assert asked.args[1:] == [(("blast", "Blast"), ("hem", "Hematogones")), "blast"]


def test_next_hands_in_what_was_written_first_and_then_leads_on(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=OWN))
    field = next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == "The label of all")
    field.setText("Blast")
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "next")
    assert page.step() == 0
    own = asked.args[1]
    assert own == (("hem", "Hematogones"), ("blast", "Blast"))
    names = (("hem", "Hematogones"), ("blast", "Blast"))
    labels = (("HEM", "hem"), ("all", "blast"), ("old", "ignore"))
    page.show_state(
        replace(start_state, phase="ready", data=replace(OWN, own=own, names=names, labels=labels))
    )
    press(page, "next")
    assert page.step() == 1


def test_a_study_can_be_chosen_and_has_no_folders_to_name(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(start_state)
    with qtbot.waitSignal(page.data_step.study_wanted):
        press(page, "choose_study")
    page.show_state(replace(start_state, phase="ready", data=replace(OWN, folders=())))
    assert _names(page) == []
    with qtbot.waitSignal(page.data_step.study_wanted):
        press(page, "other_study")
