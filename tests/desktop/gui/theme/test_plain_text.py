"""A name that looks like markup is shown letter by letter."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from bloodsmear.review.records import ClassifierMark
from desktop.gui.reading.classifier_card import ClassifierCard, RefusedCard
from desktop.gui.theme import LIGHT
from desktop.gui.theme.plain_text import PlainLabel, plain_tooltip

NASTY = '<img src="//host/share/a.png">&amp; <b>U-Net</b>'


def shown(tooltip: str) -> str:
    """What Qt makes of a tooltip."""
    if "<" not in tooltip:
        return tooltip
    document = QTextDocument()
    document.setHtml(tooltip)
    return document.toPlainText()


@pytest.mark.parametrize(
    "text", [NASTY, "a < b & c", "&lt;b&gt;", "first\nsecond <i>line</i>", "plain\nlines", ""]
)
def test_a_tooltip_shows_the_text_as_it_is(text: str) -> None:
    assert shown(plain_tooltip(text)) == text


def test_a_long_tooltip_has_several_lines() -> None:
    said = plain_tooltip("Words that are said of a thing. " * 6)
    assert max(len(line) for line in said.splitlines()) <= 76
    assert said.split() == ("Words that are said of a thing. " * 6).split()


def test_a_classifiers_name_opens_no_file(qtbot: QtBot) -> None:
    card = ClassifierCard(
        ClassifierMark("u", NASTY, "1.0", "ab" * 32, ("benign", "<b>x</b>")), ("<b>x</b>",), LIGHT
    )
    refused = RefusedCard(NASTY, NASTY)
    for widget in (card, refused):
        qtbot.addWidget(widget)
        for label in widget.findChildren(PlainLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText
            assert "<img" not in label.toolTip()


def test_a_label_is_as_high_as_its_letters_and_not_as_a_picture(qtbot: QtBot, tmp_path: Path) -> None:
    label = PlainLabel("<h1>x</h1>")
    qtbot.addWidget(label)
    assert label.sizeHint().width() > label.fontMetrics().horizontalAdvance("h1x/h1")
