"""The message bar and the words for progress."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.messages import Message, MessageBar, MessageKind, WayOut, progress_words, time_left_words


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    window = QWidget()
    qtbot.addWidget(window)
    yield MessageBar(window, over=window)
    assert window is not None  # keeps the bar's parent alive


def test_the_bar_is_hidden_until_something_is_said(bar: MessageBar) -> None:
    assert bar.isHidden()
    assert bar.text == ""


def test_a_later_message_replaces_the_one_before(bar: MessageBar) -> None:
    bar.say(Message("problem", "The folder is gone."))
    bar.say(Message("info", "Exported."))
    assert bar.text == "Exported."
    assert bar.property("look") == "quiet"


def test_a_problem_stays_until_it_is_closed(bar: MessageBar) -> None:
    bar.say(Message("info", "Exported."))
    bar.say(Message("problem", "The folder is gone."))
    assert not bar._timer.isActive()
    close = bar.findChild(QPushButton)
    assert close is not None
    close.click()
    assert bar.text == ""


def test_a_way_out_is_a_button_that_goes_with_its_sentence(bar: MessageBar) -> None:
    taken: list[str] = []
    button = bar.findChild(QPushButton, "message_way_out")
    assert button is not None
    bar.say(Message("problem", "The study was changed.", WayOut("Take note", lambda: taken.append("noted"))))
    assert (button.isHidden(), button.text()) == (False, "Take note")
    button.click()
    assert taken == ["noted"]
    assert bar.text == "The study was changed."

    bar.say(Message("problem", "The folder is gone."))
    assert button.isHidden()


@pytest.mark.parametrize("kind", ["info", "problem"])
def test_the_words_stand_in_one_box_not_in_two(bar: MessageBar, kind: MessageKind) -> None:
    bar.say(Message(kind, "The folder is gone."))
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    assert label.property("look") not in {"quiet", "notice", "card", "panel"}
    assert label.property("look") == ("notice_text" if kind == "problem" else "plain")


def test_markup_in_a_file_name_is_shown_as_it_is(bar: MessageBar) -> None:
    bar.say(Message("problem", "Cannot read <b>a</b>.jpg: it is empty."))
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    assert label.textFormat().name == "PlainText"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute left"),
        (59.9, "less than a minute left"),
        (60, "1 min left"),
        (245, "4 min left"),
        (3599, "60 min left"),
        (7500, "2 h 5 min left"),
    ],
)
def test_time_left_is_said_as_coarsely_as_it_is_known(seconds: float, words: str) -> None:
    assert time_left_words(seconds) == words


def test_progress_leaves_out_what_is_not_known_yet() -> None:
    assert progress_words(967, 1512, 245) == "967 of 1,512 · 4 min left"
    assert progress_words(3, 1512, None) == "3 of 1,512"
    assert progress_words(3, None, None) == "3"
