"""What the page shows in each state of a training, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QProgressBar
from pytestqt.qtbot import QtBot

from bloodsmear.jobs.training_files import EpochFigures
from desktop.gui.theme import DARK
from desktop.gui.theme.drop_down import DropDown
from desktop.gui.training.page import TrainingPage
from desktop.gui.training.state import (
    DataSeen,
    FigureColumn,
    FitSeen,
    MadeClassifier,
    StartingPoint,
    TrainingState,
    TrainingWish,
    Unfinished,
)

if TYPE_CHECKING:
    from tests.desktop.gui.training.conftest import MakePage

DATA = DataSeen(Path("labelled"), (("benign", 504), ("pro_b", 12)), (), ("Few images of Pro-B.",))
EPOCHS = (
    EpochFigures(1, 1.2, 0.4, 1.0, 0.55),
    EpochFigures(2, 0.9, 0.6, 0.7, 0.75),
    EpochFigures(3, 0.8, 0.7, 0.9, 0.65),
)
FIT = FitSeen("Our lab", "an NVIDIA GPU with PyTorch", "", 4, 30, 12, 57, 7500.0, EPOCHS)


def column(accuracy: float, low: float, baseline: float) -> FigureColumn:
    figures = {"accuracy": (accuracy, low, 0.99), "accuracy_colour_only_baseline": (baseline, None, None)}
    return FigureColumn("Our lab", 477, figures)


def button(page: TrainingPage, name: str) -> QAbstractButton:
    found = page.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def text(page: TrainingPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def name_field(page: TrainingPage) -> QLineEdit:
    found = page.findChild(QLineEdit, "classifier_name")
    assert isinstance(found, QLineEdit)
    return found


def press(page: TrainingPage, name: str) -> None:
    button(page, name).click()


def test_an_empty_page_asks_for_a_folder_and_for_nothing_else(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(start_state)
    with qtbot.waitSignal(page.data_step.folder_wanted):
        press(page, "choose_folder")
    assert not button(page, "next").isVisible()
    assert not button(page, "go_on").isVisible()


def test_the_first_key_presses_no_button(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    assert not isinstance(page.focusWidget(), QAbstractButton)


def test_when_the_pressed_button_is_off_the_next_key_presses_no_other(
    make_page: MakePage, start_state: TrainingState
) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    button(page, "stop_training").setFocus()
    page.show_state(replace(start_state, phase="stopping", fit=FIT))
    assert not isinstance(page.focusWidget(), QAbstractButton)
    # Who goes to a button then stays there.
    button(page, "close_page").setFocus()
    page.show_state(replace(start_state, phase="exporting", fit=FIT))
    assert page.focusWidget() is button(page, "close_page")


def test_it_is_closed_with_a_button(make_page: MakePage, start_state: TrainingState, qtbot: QtBot) -> None:
    page = make_page(start_state)
    with qtbot.waitSignal(page.finished):
        press(page, "close_page")
    assert not page.isVisible()


def test_an_unfinished_training_is_offered(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, unfinished=Unfinished("Our lab", Path("run"), 3, 30)))
    assert "“Our lab” is not finished: 3 of at most 30 epochs" in text(page, "unfinished")
    with qtbot.waitSignal(page.data_step.go_on_wanted):
        press(page, "go_on")
    with qtbot.waitSignal(page.data_step.put_away_wanted):
        press(page, "put_away")


def test_while_it_looks_the_page_shows_how_many_images_it_has_seen(
    make_page: MakePage, start_state: TrainingState
) -> None:
    looking = DataSeen(Path("labelled"), text="reading", done=967, total=2633)
    page = make_page(replace(start_state, phase="checking", data=looking))
    assert "967 of 2,633" in text(page, "data_words")
    assert not button(page, "next").isEnabled()
    assert button(page, "other_folder").isEnabled()


def test_what_is_wrong_with_the_images_stands_beside_their_counts_and_stops_there(
    make_page: MakePage, start_state: TrainingState
) -> None:
    wrong = replace(DATA, errors=tuple(f"File {number} cannot be read." for number in range(9)))
    page = make_page(replace(start_state, phase="unusable", data=wrong))
    assert "516 images of 2 labels" in text(page, "data_words")
    assert text(page, "errors").splitlines()[-2:] == ["•  File 5 cannot be read.", "And 3 more."]
    assert text(page, "warnings") == "Few images of Pro-B."
    assert not button(page, "next").isEnabled()


def test_a_folder_whose_name_says_nothing_can_be_given_a_label(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    wrong = replace(
        DATA, errors=("The folder b is no known label.",), folders=("a", "b"), labels=(("a", "ignore"),)
    )
    page = make_page(replace(start_state, phase="unusable", data=wrong))
    choice = next(one for one in page.findChildren(DropDown) if one.accessibleName() == "b")
    choice.setCurrentIndex(choice.findData("pre_b"))
    with qtbot.waitSignal(page.data_step.labels_wanted) as asked:
        press(page, "look_again")
    assert asked.args == [(("a", "ignore"), ("b", "pre_b")), (), ""]


def test_a_label_that_is_chosen_but_not_handed_in_outlives_what_else_the_page_shows(
    make_page: MakePage, start_state: TrainingState
) -> None:
    ready = replace(
        start_state, phase="ready", data=replace(DATA, folders=("a", "b"), labels=(("a", "ignore"),))
    )
    page = make_page(ready)
    choice = next(one for one in page.findChildren(DropDown) if one.accessibleName() == "b")
    choice.setCurrentIndex(choice.findData("pre_b"))
    page.show_state(replace(ready, gpu="NVIDIA RTX 4090"))
    assert choice.currentData() == "pre_b"
    page.show_state(replace(ready, data=replace(DATA, folders=("a", "b"), labels=(("b", "pro_b"),))))
    assert choice.currentData() == "pro_b"


def test_nothing_starts_without_a_name_and_a_taken_id_gets_a_number(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="ready", data=DATA))
    press(page, "next")
    assert page.step() == 1
    assert not button(page, "start").isEnabled()
    name = name_field(page)
    assert page.focusWidget() is name
    QTest.keyClicks(name, "Our Lab")
    assert text(page, "kept_as") == "Kept as our-lab-2."
    with qtbot.waitSignal(page.choice_step.start_wanted) as asked:
        press(page, "start")
    assert asked.args == [TrainingWish("unet", "tiny", "Our Lab")]


def start_list(page: TrainingPage) -> DropDown:
    found = page.findChild(DropDown, "start_from")
    assert isinstance(found, DropDown)
    return found


def test_a_file_to_start_from_is_asked_for_and_chosen_when_it_comes(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    ready = replace(start_state, phase="ready", data=DATA)
    page = make_page(ready)
    press(page, "next")
    with qtbot.waitSignal(page.choice_step.file_wanted):
        press(page, "start_file")
    page.show_state(
        replace(ready, file_start=StartingPoint("file:a.h5", "VGG16 with ImageNet's weights", "vgg16"))
    )
    assert page.choice_step.wish().start == "file:a.h5"
    start_list(page).setCurrentIndex(0)
    page.show_state(replace(ready, gpu="", file_start=StartingPoint("file:a.h5", "VGG16", "vgg16")))
    assert page.choice_step.wish().start == "file:a.h5"


def test_images_can_be_kept_only_where_a_classifier_learned_from_some(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    ready = replace(start_state, phase="ready", data=DATA)
    page = make_page(ready)
    press(page, "next")
    assert not button(page, "keep").isVisible()
    start_list(page).setCurrentIndex(start_list(page).findData("classifier:vgg16"))
    with qtbot.waitSignal(page.choice_step.keep_wanted):
        press(page, "keep")
    assert not button(page, "keep_nothing").isVisible()
    page.show_state(replace(ready, keep=Path("old images")))
    assert text(page, "keep_folder") == "old images"
    with qtbot.waitSignal(page.choice_step.keep_nothing_wanted):
        press(page, "keep_nothing")


def test_a_thorough_training_is_said_to_take_longer(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="ready", data=replace(DATA, counts=(("benign", 2633),))))
    press(page, "next")
    quick = text(page, "estimate")
    next(each for each in page.choice_step.findChildren(QAbstractButton) if each.text() == "Large").click()
    assert quick != text(page, "estimate")


OLD = "Its driver is too old."


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "Looking for a GPU…"),
        ({"gpu": ""}, "No GPU was found. The processor"),
        # Whoever chose an environment of its own wants to know why.
        ({"gpu": "", "why_no_gpu": OLD}, "No GPU was found. The processor"),
        ({"gpu": "", "why_no_gpu": OLD, "python": "/packs/gpu"}, f"No GPU was found. {OLD} The processor"),
        ({"gpu": "NVIDIA RTX 4090"}, "NVIDIA RTX 4090 will do the work."),
    ],
)
def test_the_device_is_told_before_anything_starts(
    make_page: MakePage, start_state: TrainingState, known: dict[str, Any], words: str
) -> None:
    page = make_page(replace(start_state, phase="ready", data=DATA, **known))
    press(page, "next")
    assert text(page, "estimate").startswith(words)


def test_a_training_under_way_shows_epoch_batches_time_left_and_device(
    make_page: MakePage, start_state: TrainingState
) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    assert text(page, "fit_head") == "Our lab: epoch 4 of at most 30"
    assert text(page, "fit_words") == "Batch 12 of 57 · 2 h 5 min left"
    assert text(page, "device") == "Runs on an NVIDIA GPU with PyTorch."
    bar = page.fit_step.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.maximum()) == (12, 57)


def test_the_curves_follow_the_finished_epochs(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    loss, accuracy = page.fit_step.curves()
    assert loss.values() == ([1.2, 0.9, 0.8], [1.0, 0.7, 0.9])
    assert accuracy.values()[1] == pytest.approx([55, 75, 65])
    # How far it is stands in the picture: the axis goes to the last epoch that there can be.
    assert (loss.last_epoch(), accuracy.last_epoch()) == (FIT.epochs, FIT.epochs)
    assert text(page, "best").startswith("Best so far: epoch 2, with 75.0\u00a0%")


def test_stop_can_be_asked_for_once(make_page: MakePage, start_state: TrainingState, qtbot: QtBot) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    with qtbot.waitSignal(page.fit_step.stop_wanted):
        press(page, "stop_training")
    page.show_state(replace(start_state, phase="stopping", fit=FIT))
    assert text(page, "fit_head") == "Our lab: stopping"
    assert not button(page, "stop_training").isEnabled()


def test_a_failure_says_why_and_offers_to_go_on(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="failed", fit=FIT, problem="The memory ran out."))
    assert text(page, "fit_problem") == "The memory ran out."
    assert not button(page, "stop_training").isVisible()
    assert not button(page, "keep_best").isVisible()
    assert not button(page, "way_out").isVisible()
    with qtbot.waitSignal(page.fit_step.go_on_wanted):
        press(page, "go_on_again")
    with qtbot.waitSignal(page.fit_step.anew_wanted):
        press(page, "leave")


def test_after_a_failure_another_way_and_the_best_epoch_are_offered(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    failed = replace(
        start_state,
        phase="failed",
        fit=FIT,
        problem="The memory ran out.",
        way_out="Go on with 16 images at a time",
        unfinished=Unfinished("Our lab", Path("run"), 3, 30),
    )
    page = make_page(failed)
    assert button(page, "way_out").text() == "Go on with 16 images at a time"
    with qtbot.waitSignal(page.fit_step.way_out_wanted):
        press(page, "way_out")
    with qtbot.waitSignal(page.fit_step.best_wanted):
        press(page, "keep_best")


def test_other_settings_lead_back_to_the_choice_with_what_was_typed(
    make_page: MakePage, start_state: TrainingState
) -> None:
    ready = replace(start_state, phase="ready", data=DATA)
    page = make_page(ready)
    press(page, "next")
    QTest.keyClicks(name_field(page), "Mine")
    page.show_state(replace(ready, phase="failed", fit=FIT, problem="It did not learn."))
    page.choice_wanted.connect(lambda: page.show_state(ready))
    press(page, "choose_again")
    assert page.step() == 1
    assert page.choice_step.wish().name == "Mine"


def test_the_new_figures_stand_beside_those_in_use(make_page: MakePage, start_state: TrainingState) -> None:
    in_use = FigureColumn("VGG16 1.0", 300, {"accuracy": (0.8721, 0.8407, 0.8994)}, same_images=False)
    outcome = MadeClassifier("our-lab", Path("made"), (column(0.97, 0.96, 0.9), in_use))
    page = make_page(replace(start_state, phase="finished", fit=FIT, outcome=outcome))
    assert text(page, "accuracy_1") == "97.0\u00a0%  (96.0–99.0)"
    assert text(page, "accuracy_2") == "87.2\u00a0%  (84.1–89.9)"
    assert text(page, "macro_f1_2") == "–"
    assert "its own held-out images" in text(page, "compared")
    assert text(page, "judgement") == ""


@pytest.mark.parametrize(
    ("accuracy", "low", "words"),
    [
        (0.85, 0.8, "fewer images right than colour alone"),
        (0.93, 0.88, "not shown to be better than colour alone."),
    ],
)
def test_a_classifier_no_better_than_colour_alone_is_said_to_be_so(
    make_page: MakePage, start_state: TrainingState, accuracy: float, low: float, words: str
) -> None:
    outcome = MadeClassifier("our-lab", Path("made"), (column(accuracy, low, 0.9),))
    page = make_page(replace(start_state, phase="finished", fit=FIT, outcome=outcome))
    assert words in text(page, "judgement")


def test_install_is_asked_for_once_and_said_to_be_done(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    outcome = MadeClassifier("our-lab", Path("made"), (column(0.97, 0.96, 0.9),), Path("page.html"))
    finished = replace(start_state, phase="finished", fit=FIT, outcome=outcome)
    page = make_page(finished)
    with qtbot.waitSignal(page.outcome_step.page_wanted) as asked:
        press(page, "open_page")
    assert asked.args == [Path("page.html")]
    with qtbot.waitSignal(page.outcome_step.install_wanted):
        press(page, "install")
    page.show_state(replace(finished, phase="installing"))
    assert not button(page, "install").isEnabled()
    page.show_state(replace(finished, phase="installed"))
    assert "our-lab" in text(page, "installed")


def test_the_evaluation_page_is_offered_only_where_there_is_one(
    make_page: MakePage, start_state: TrainingState
) -> None:
    outcome = MadeClassifier("our-lab", Path("made"), (column(0.97, 0.96, 0.9),))
    page = make_page(replace(start_state, phase="finished", fit=FIT, outcome=outcome))
    assert not button(page, "open_page").isVisible()


def test_escape_hides_the_page_and_it_comes_back_as_it_was(
    make_page: MakePage, start_state: TrainingState, qtbot: QtBot
) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    page.show()
    assert text(page, "fit_head") == "Our lab: epoch 4 of at most 30"


def test_the_page_can_be_painted_in_the_dark(make_page: MakePage, start_state: TrainingState) -> None:
    page = make_page(replace(start_state, phase="fitting", fit=FIT))
    page.set_tokens(DARK)
    loss, _ = page.fit_step.curves()
    middle = loss.grab().toImage().pixelColor(loss.width() - 20, 60)
    assert middle.lightness() < 60
