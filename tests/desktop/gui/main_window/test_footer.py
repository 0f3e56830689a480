"""The footer shows what the window is at work on while nobody looks at its page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.main_window.footer import Footer
from desktop.gui.study import ScreeningState
from desktop.gui.training.state import DataSeen, FitSeen, Phase, TrainingState, Unfinished

FIT = FitSeen("Our lab", "an NVIDIA GPU", epoch=4, epochs=30, done=12, total=57, seconds_left=7500.0)


@pytest.fixture
def footer(qtbot: QtBot) -> Iterator[Footer]:
    stop = QAction("Stop screening")
    made = Footer(stop)
    qtbot.addWidget(made)
    made.show()
    yield made
    stop.deleteLater()


def chip(footer: Footer, name: str) -> QPushButton:
    found = footer.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_it_says_nothing_of_work_while_there_is_none(footer: Footer) -> None:
    footer.show_training(TrainingState())
    footer.show_screening(ScreeningState(running=False))
    assert not chip(footer, "footer_training").isVisible()
    assert not chip(footer, "footer_screening").isVisible()


def test_a_training_shows_its_epoch_and_the_time_left_and_leads_to_its_page(
    footer: Footer, qtbot: QtBot
) -> None:
    footer.show_training(TrainingState(phase="fitting", fit=FIT))
    shown = chip(footer, "footer_training")
    assert shown.text() == "Training “Our lab”: epoch 4 of at most 30 · 2 h 5 min left"
    with qtbot.waitSignal(footer.training_wanted):
        shown.click()


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("stopping", "stopping"),
        ("exporting", "Making and measuring “Our lab”"),
        ("finished", "“Our lab” is made: install it"),
        ("installing", "Installing “Our lab”"),
        ("failed", "not finished: see why"),
    ],
)
def test_every_step_has_its_words(footer: Footer, phase: Phase, said: str) -> None:
    footer.show_training(TrainingState(phase=phase, fit=FIT))
    assert said in chip(footer, "footer_training").text()


def test_before_the_device_is_known_it_gets_ready_and_the_images_are_counted(footer: Footer) -> None:
    footer.show_training(TrainingState(phase="fitting", fit=FitSeen("Our lab")))
    assert "getting ready" in chip(footer, "footer_training").text()
    looking = TrainingState(phase="checking", data=DataSeen(Path("labelled"), done=9, total=2633))
    footer.show_training(looking)
    assert chip(footer, "footer_training").text() == "Looking at the images: 9 of 2,633"


def test_what_an_earlier_start_left_waits_there(footer: Footer) -> None:
    left = Unfinished("Our lab", Path("run"), 2, 30)
    footer.show_training(TrainingState(unfinished=left))
    assert chip(footer, "footer_training").text() == "The training of “Our lab” waits"
    footer.show_training(TrainingState(unfinished=replace(left, stage="made")))
    assert "is made" in chip(footer, "footer_training").text()
    footer.show_training(TrainingState(unfinished=replace(left, name="", stage="images")))
    assert chip(footer, "footer_training").text() == "Images to train on wait"


def test_a_long_name_leaves_room_for_the_rest_and_an_ampersand_is_one(footer: Footer) -> None:
    footer.show_training(
        TrainingState(phase="exporting", fit=FitSeen("Haematology & Oncology, second floor, 2026"))
    )
    assert chip(footer, "footer_training").text() == "Making and measuring “Haematology && Oncolog…”"


def test_a_screening_shows_how_far_it_is_and_the_time_left(footer: Footer) -> None:
    footer.show_screening(ScreeningState(True, done=967, total=1512, seconds_left=240.0))
    shown = chip(footer, "footer_screening")
    assert shown.text() == "Screening: 967 of 1,512 · 4 min left"
    menu = shown.menu()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Stop screening"]
    footer.show_screening(ScreeningState(True, done=3, watching=True))
    assert shown.text() == "Watching: 3 images"
    footer.show_screening(ScreeningState(True, stopping=True))
    assert shown.text() == "Stopping"


def test_a_training_and_a_screening_ask_for_no_wider_window(footer: Footer) -> None:
    footer.show_training(TrainingState(phase="fitting", fit=FIT))
    footer.show_screening(ScreeningState(True, False, 967, 1512, 7500.0))
    assert footer.minimumSizeHint().width() <= 683
    footer.resize(683, 26)
    sentence = footer.findChild(QLabel, "research_use")
    assert isinstance(sentence, QLabel)
    assert sentence.width() >= sentence.sizeHint().width()
