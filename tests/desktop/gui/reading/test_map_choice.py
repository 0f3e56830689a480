"""Whose map is laid over the original: chosen by a button's menu or by a key."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.reading.map_choice import MapChoice

BOTH = (("vgg16", "VGG16"), ("unet", "U-Net"))


@pytest.fixture
def choice(qtbot: QtBot) -> MapChoice:
    made = MapChoice()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def chosen(choice: MapChoice) -> list[str]:
    """What the reader chose; two classifiers are offered."""
    choice.set_choices(BOTH)
    heard: list[str] = []
    choice.chosen.connect(heard.append)
    return heard


def test_without_classifiers_there_is_nothing_to_choose(choice: MapChoice) -> None:
    assert not choice.isEnabled()
    assert choice.text() == "Map: off"


def test_the_key_goes_from_none_to_each_classifier_and_back(choice: MapChoice, chosen: list[str]) -> None:
    for _ in range(3):
        choice.choose_next()
    assert chosen == ["vgg16", "unet", ""]


def test_the_menu_chooses_and_the_button_names_the_classifier(choice: MapChoice, chosen: list[str]) -> None:
    actions = choice.menu().actions()
    assert [action.text() for action in actions] == ["Off", "VGG16", "U-Net"]
    actions[2].trigger()
    assert chosen == ["unet"]
    assert choice.text() == "Map: U-Net"
    assert [action.isChecked() for action in actions] == [False, False, True]


def test_one_that_is_in_use_no_more_is_chosen_no_more(choice: MapChoice, chosen: list[str]) -> None:
    choice.choose_next()
    choice.set_choices((("unet", "U-Net"),))
    assert chosen == ["vgg16", ""]
    choice.choose_next()
    assert chosen[-1] == "unet"


def test_a_long_name_is_cut_on_the_button_and_whole_in_the_menu(choice: MapChoice) -> None:
    choice.set_choices((("own", "Our VGG16 of last spring"),))
    choice.choose_next()
    assert choice.text() == "Map: Our VGG16…"
    assert choice.menu().actions()[1].text() == "Our VGG16 of last spring"
