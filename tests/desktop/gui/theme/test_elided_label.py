"""A line that is cut where there is no room."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.gui.theme.elided_label import ElidedLabel

NAME = "a very long name of a smear that goes on and on (28).jpg"


@pytest.fixture
def label(qtbot: QtBot) -> ElidedLabel:
    label = ElidedLabel(cut=Qt.TextElideMode.ElideMiddle, widens=True)
    qtbot.addWidget(label)
    label.set_text(NAME)
    return label


def test_a_long_line_is_cut_in_the_middle_and_keeps_its_end(label: ElidedLabel) -> None:
    label.resize(150, 20)
    assert label.shown_text() != NAME
    assert label.shown_text().endswith(".jpg")
    assert label.text() == label.accessibleName() == NAME


def test_a_line_with_room_is_whole(label: ElidedLabel) -> None:
    label.resize(label.sizeHint())
    assert label.shown_text() == NAME


def test_a_long_line_widens_nothing(label: ElidedLabel) -> None:
    assert label.minimumSizeHint().width() < 40


def test_reserved_room_is_asked_for_whatever_the_line_says(label: ElidedLabel) -> None:
    label.reserve(NAME)
    wide_px = label.sizeHint().width()
    label.set_text("short")
    assert label.sizeHint().width() == wide_px
    label.reserve("")
    assert label.sizeHint().width() < wide_px


def test_a_file_name_is_not_markup(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_text("<b>.jpg")
    label.resize(300, 20)
    assert label.shown_text() == "<b>.jpg"


def test_a_name_that_breaks_its_line_or_turns_its_direction_is_one_line(label: ElidedLabel) -> None:
    label.set_text("new\nline\u202egpj.jpg")
    assert label.text() == "new\ufffdline\ufffdgpj.jpg"
    # No line breaks there, and Persian is written with it.
    label.set_text("Pre\u2011B\u00a099 \u200c")
    assert label.text() == "Pre\u2011B\u00a099 \u200c"
