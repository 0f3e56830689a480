"""Two readers decide in the window; its page of agreement compares them with each other and with the classifiers.

Who still reads alone learns nothing of another from any page that counts.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow

KEYS = {"Ada": Qt.Key.Key_1, "Ben": Qt.Key.Key_2}


@pytest.fixture
def window(open_smears: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """The window on a folder of which Ada and Ben have decided the first image, each otherwise."""
    window = open_smears()
    for name, key in KEYS.items():
        window.controller.review.name_reader(name)
        with qtbot.waitSignal(window.controller.review.mark_changed):
            QTest.keyClick(window, key)
    return window


def texts(page: QDialog) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def open_page(window: MainWindow, action: str) -> QDialog:
    window.actions_by_name[action].trigger()
    (page,) = (page for page in window.findChildren(QDialog) if page.isVisible())
    return page


def waited_for(page: QDialog, words: str, qtbot: QtBot) -> list[str]:
    """What can be read on the page once these words are."""
    qtbot.waitUntil(lambda: any(words in text for text in texts(page)))
    return texts(page)


def test_readers_and_classifiers_stand_side_by_side(window: MainWindow, qtbot: QtBot) -> None:
    found = waited_for(open_page(window, "agreement"), "Ben", qtbot)
    assert found.count("Ada") > 1
    assert "Ben" in found
    assert "U-Net" in found
    assert "0 (0.0\u00a0%)" in found


def test_who_reads_blind_sees_no_figure_of_another_reader_or_a_classifier(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = open_page(window, "agreement")
    waited_for(page, "U-Net", qtbot)
    window.actions_by_name["blind"].trigger()
    assert not {"Ada", "Ben", "U-Net"} & set(texts(page))
    found = waited_for(page, "Agreement is hidden", qtbot)
    assert not {"Ada", "Ben", "U-Net"} & set(found)


def test_who_reads_for_consensus_sees_of_agreement_the_own_one_with_the_classifiers_alone(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = open_page(window, "agreement")
    window.controller.review.name_reader("Cara")
    waited_for(page, "Ada", qtbot)
    window.actions_by_name["consensus"].trigger()
    qtbot.waitUntil(lambda: "Ada" not in texts(page))
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("benign")
    found = waited_for(page, "Cara", qtbot)
    assert "U-Net" in found
    assert not {"Ada", "Ben"} & set(found)
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.controller.review.decide("early_pre_b")
    waited_for(page, "Ada", qtbot)


def test_who_reads_blind_is_told_of_own_decisions_alone_where_a_classifier_is_taught(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = open_page(window, "teach")
    # Of one image they differ: both decisions can be told from that.
    waited_for(page, "their decisions are not the same", qtbot)
    window.actions_by_name["blind"].trigger()
    assert not any("not the same" in text for text in texts(page))
    found = waited_for(page, "your own decisions alone", qtbot)
    qtbot.waitUntil(lambda: "Early Pre-B" in texts(page))
    assert not any("not the same" in text or "Benign" in text for text in found)
    teach = page.findChild(QPushButton, "teach")
    assert teach is not None
    assert not teach.isEnabled()
