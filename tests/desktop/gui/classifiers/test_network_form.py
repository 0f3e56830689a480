"""What is asked about a network file, and about a published classifier before it is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QProgressBar
from pytestqt.qtbot import QtBot

from bloodsmear.adding.published import PUBLISHED, PUBLISHED_PREPARATION
from bloodsmear.classifiers.labels import PUBLISHED_LABELS
from desktop.gui.classifiers import ClassifiersPage
from desktop.gui.classifiers.jobs import foreign_network
from desktop.gui.classifiers.state import ClassifiersState, ClassifierWork, NetworkWish, OfferedClassifier

if TYPE_CHECKING:
    from tests.desktop.gui.classifiers.conftest import MakePage

FILE = Path("Custom_unet_model.h5")


@pytest.fixture
def asked(state: ClassifiersState) -> ClassifiersState:
    """A file was dropped that is to be described."""
    return replace(state, to_describe=FILE)


def button(page: ClassifiersPage, name: str) -> QAbstractButton:
    found = page.view().findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def text(page: ClassifiersPage, name: str) -> str:
    found = page.view().findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def write(page: ClassifiersPage, name: str, words: str) -> None:
    line = page.view().findChild(QLineEdit, name)
    assert isinstance(line, QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, words)


def choose(page: ClassifiersPage, name: str, index: int) -> None:
    box = page.view().findChild(QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(index)


def test_a_file_is_asked_about_in_place_and_nothing_can_be_added_before_its_labels_are_named(
    make_page: MakePage, asked: ClassifiersState
) -> None:
    page = make_page(asked)
    assert page.view() is page.form
    assert text(page, "form_head").startswith("Custom_unet_model.h5")
    assert "capitals before small letters" in text(page, "trap")
    assert text(page, "kept_as") == "Kept as custom-unet-model."
    assert not button(page, "add_network").isEnabled()


def test_a_network_with_one_number_is_asked_what_0_and_1_stand_for(
    make_page: MakePage, asked: ClassifiersState
) -> None:
    page = make_page(replace(asked, one_output=True))
    assert text(page, "trap").startswith("The network answers one number from 0 to 1.")
    write(page, "labels", "hem, all, other")
    assert not button(page, "add_network").isEnabled()
    write(page, "labels", "hem, all")
    assert text(page, "numbered").startswith("0 ")
    wish = page.form.wish()
    assert wish is not None
    assert wish.labels == ("hem", "all")
    # The next file is asked about as usual.
    page.show_state(replace(asked, to_describe=None))
    page.show_state(replace(asked, to_describe=Path("four.h5")))
    assert "capitals before small letters" in text(page, "trap")
    assert not text(page, "trap").startswith("The network answers one number")


def test_the_preset_of_the_published_models_is_how_they_are_published(
    make_page: MakePage, asked: ClassifiersState
) -> None:
    page = make_page(asked)
    page.form.labels.choose("published")
    wish = page.form.wish()
    assert wish is not None
    described = foreign_network(wish)
    assert described.labels == PUBLISHED_LABELS
    # The size is the file's own there, and 150 × 150 here.
    assert replace(described.preparation, size_px=(150, 150)) == PUBLISHED_PREPARATION
    assert text(page, "numbered") == "1 Benign   2 Pre-B   3 Pro-B   4 Early Pre-B"


def test_everything_that_was_typed_is_in_the_wish(
    make_page: MakePage, asked: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(replace(asked, check_on=Path("labelled")))
    write(page, "network_name", "Ours")
    write(page, "labels", "Early Pre-B, benign, Blast cell")
    choose(page, "resize", 5)
    choose(page, "range", 3)
    write(page, "scale", "1/128")
    write(page, "offset", "-1")
    write(page, "size", "96x80")
    assert text(page, "check_folder") == "labelled"
    with qtbot.waitSignal(page.form.add_wanted) as wanted:
        button(page, "add_network").click()
    # `ours` is taken.
    labels = ("early_pre_b", "benign", "blast_cell")
    wish = NetworkWish(
        FILE, "ours-2", "Ours", labels, "area", "1/128", "-1", "rgb", "96x80", Path("labelled")
    )
    assert wanted.args == [wish]


def test_typing_a_known_order_shows_which_one_it_is(make_page: MakePage, asked: ClassifiersState) -> None:
    page = make_page(asked)
    write(page, "labels", "benign,early pre-b,pre-b,pro-b")
    assert page.form.labels.keys() == ("benign", "early_pre_b", "pre_b", "pro_b")
    chosen = [one.text() for one in page.form.labels.findChildren(QAbstractButton) if one.isChecked()]
    assert chosen == ["Bloodsmear's order"]


def test_what_was_typed_stays_when_the_file_is_refused_and_the_reason_stands_below(
    make_page: MakePage, asked: ClassifiersState
) -> None:
    page = make_page(asked)
    page.form.labels.choose("published")
    page.show_state(
        replace(asked, work=ClassifierWork("Rebuilding the network…", can_stop=True, done=1, total=4))
    )
    assert not button(page, "add_network").isEnabled()
    assert not button(page, "form_back").isEnabled()
    assert button(page, "stop").isVisible()
    bar = page.form.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.maximum()) == (1, 4)
    page.show_state(replace(asked, problem="Custom_unet_model.h5 is refused: it holds a 'Lambda'."))
    assert "it holds a 'Lambda'" in text(page, "problem")
    assert page.form.labels.keys() == PUBLISHED_LABELS
    assert button(page, "add_network").isEnabled()


def test_an_order_that_fits_far_better_can_be_taken_over(
    make_page: MakePage, asked: ClassifiersState
) -> None:
    page = make_page(asked)
    page.form.labels.choose("ours")
    assert not button(page, "use_better_order").isVisible()
    page.show_state(replace(asked, problem="In the order … it would be 39.", better_order=PUBLISHED_LABELS))
    button(page, "use_better_order").click()
    assert page.form.labels.keys() == PUBLISHED_LABELS


def test_back_puts_the_file_away_and_the_next_one_is_asked_about_from_the_start(
    make_page: MakePage, state: ClassifiersState, asked: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(asked)
    page.form.labels.choose("published")
    with qtbot.waitSignal(page.form.back_wanted):
        button(page, "form_back").click()
    page.show_state(state)
    assert page.view() is page.overview
    page.show_state(asked)
    assert page.form.labels.keys() == ()


def test_a_folder_to_try_the_labels_on_is_asked_for_and_can_be_left_out(
    make_page: MakePage, asked: ClassifiersState, qtbot: QtBot
) -> None:
    page = make_page(asked)
    assert text(page, "check_folder") == "no folder"
    assert not button(page, "no_check_folder").isVisible()
    with qtbot.waitSignal(page.form.folder_wanted):
        button(page, "choose_check_folder").click()
    page.show_state(replace(asked, check_on=Path("labelled")))
    with qtbot.waitSignal(page.form.no_folder_wanted):
        button(page, "no_check_folder").click()


def test_enter_in_a_field_adds_nothing(make_page: MakePage, asked: ClassifiersState, qtbot: QtBot) -> None:
    page = make_page(asked)
    page.form.labels.choose("published")
    line = page.form.findChild(QLineEdit, "network_name")
    assert isinstance(line, QLineEdit)
    with qtbot.assertNotEmitted(page.form.add_wanted):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert page.isVisible()


def test_a_download_is_agreed_to_beside_its_terms_and_only_there(
    make_page: MakePage, state: ClassifiersState, qtbot: QtBot
) -> None:
    offer = OfferedClassifier(
        PUBLISHED[0].id, PUBLISHED[0].name, ("From Google Drive.", "Its licence is not known."), "page"
    )
    page = make_page(state)
    assert not button(page, "offers").isVisible()
    page.show_state(replace(state, offers=(offer,)))
    with qtbot.assertNotEmitted(page.offers.download_wanted):
        button(page, "offers").click()
    assert text(page, f"terms_{offer.id}") == "From Google Drive.\nIts licence is not known."
    assert "copy the files onto a stick" in text(page, "by_hand")
    with qtbot.waitSignal(page.offers.download_wanted) as wanted:
        button(page, f"download_{offer.id}").click()
    assert wanted.args == [offer]
    page.show_state(
        replace(state, offers=(offer,), work=ClassifierWork("Downloading…", True, 1_000_000, 70_000_000))
    )
    assert "1,000,000 of 70,000,000" in text(page, "working")
    assert not button(page, f"download_{offer.id}").isEnabled()
    with qtbot.waitSignal(page.offers.messages.stop_wanted):
        button(page, "stop").click()
    page.show_state(replace(state, offers=(offer,), problem="There is no internet here."))
    assert text(page, "problem") == "There is no internet here."
    button(page, "offers_back").click()
    assert page.view() is page.overview


def test_after_a_download_the_list_is_shown(make_page: MakePage, state: ClassifiersState) -> None:
    offer = OfferedClassifier("unet-published", "U-Net (published)", (), "page")
    page = make_page(replace(state, offers=(offer,)))
    button(page, "offers").click()
    page.show_state(replace(state, offers=(offer,), said="U-Net (published) was added."))
    assert page.view() is page.overview
    assert text(page, "said") == "U-Net (published) was added."
