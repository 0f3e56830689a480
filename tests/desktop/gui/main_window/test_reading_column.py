"""The right column on small screens: both classifiers and the decision are seen at once, and what asks for a look."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from bloodsmear.review.records import ClassifierMark, Consensus, ImageRecord
from desktop.gui.main_window import MainWindow
from desktop.gui.reading.classifier_card import ClassifierCard
from desktop.gui.reading.consensus_box import ConsensusBox
from desktop.gui.reading.probability_bars import ProbabilityBars
from desktop.gui.theme.elided_label import ElidedLabel
from desktop.gui.theme.toggle_switch import ToggleSwitch

IMAGE = "case 1/smear 0.png"


@pytest.fixture
def window(make_window: Callable[[], MainWindow], smear_folder: Path, qtbot: QtBot) -> MainWindow:
    """The window on a folder whose first image is read and flagged."""
    made = make_window()
    with qtbot.waitSignal(made.controller.classifiers_ready):
        made.show()
    with qtbot.waitSignal(made.controller.image.record_ready) as ready:
        made.open_folders([smear_folder])
    qtbot.waitUntil(lambda: made.controller.review.reviewed.is_open)
    record: ImageRecord = ready.args[0]
    consensus = Consensus("disagree", "benign", 0.5, ("disagreement", "low_confidence"))
    made.reading.show_record(replace(record, consensus=consensus))
    return made


def _resize(window: MainWindow, width_px: int, height_px: int, qtbot: QtBot) -> None:
    window.resize(width_px, height_px)
    # Layouts inside a scroll area follow when the loop comes round.
    qtbot.waitUntil(lambda: window.review.column.height() < height_px)
    QApplication.processEvents()


def _is_wholly_seen(window: MainWindow, part: QWidget) -> bool:
    area = window.reading.findChildren(QScrollArea)[0].viewport()
    place = QRect(part.mapTo(area, QPoint(0, 0)), part.size())
    return part.isVisible() and area.rect().contains(place)


def _flags(window: MainWindow) -> str:
    return _text(window, "flags_in_short")


def _text(window: MainWindow, name: str) -> str:
    label = window.reading.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def _button(window: MainWindow, name: str) -> QPushButton:
    found = window.review.panel.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_with_many_labels_the_column_stands_as_close_together_as_on_a_smaller_screen(
    window: MainWindow, qtbot: QtBot
) -> None:
    _resize(window, 1366, 900, qtbot)
    sign_off = next(
        each for each in window.review.panel.findChildren(QPushButton) if each.text().startswith("Sign off")
    )
    assert sign_off.isVisible()
    keys = tuple(f"kind_{place}" for place in range(30))
    own = ClassifierMark("own", "Own", "1.0+4d", "4d" * 32, keys)
    window.reading.set_classifiers((own,), ())
    window.review.panel.show_state(replace(window.controller.review.state, choices=(*keys, "unsure")))
    qtbot.waitUntil(lambda: not sign_off.isVisible())


def test_at_200_percent_both_classifiers_and_the_flags_are_seen_without_scrolling(
    window: MainWindow, qtbot: QtBot
) -> None:
    # A screen of 1920 × 1080.
    _resize(window, 960, 540, qtbot)
    cards = window.reading.findChildren(ClassifierCard)
    assert len(cards) == 2
    qtbot.waitUntil(lambda: all(_is_wholly_seen(window, card) for card in cards))
    assert _flags(window) == "disagree · low confidence"
    # Every case has an image of this name.
    assert _text(window, "folder_of_image") == "case 1"
    assert _button(window, "confirm").isVisible()
    assert not _button(window, "sign_off_case").isVisible()


def test_on_a_laptop_the_sentence_below_the_classifiers_is_seen_as_well(
    window: MainWindow, qtbot: QtBot
) -> None:
    # 1366 × 768 less the task bar and the window's own title.
    _resize(window, 1366, 698, qtbot)
    box = window.reading.findChildren(ConsensusBox)[0]
    qtbot.waitUntil(lambda: _is_wholly_seen(window, box))
    assert _flags(window) == ""
    assert _button(window, "sign_off_case").isVisible()


def test_where_the_sentence_would_not_be_seen_whole_the_flags_stand_above(
    window: MainWindow, qtbot: QtBot
) -> None:
    _resize(window, 1280, 680, qtbot)
    assert _flags(window) == "disagree · low confidence"


def test_with_room_again_everything_stands_apart_again(window: MainWindow, qtbot: QtBot) -> None:
    cards = window.reading.findChildren(ClassifierCard)
    _resize(window, 960, 540, qtbot)
    qtbot.waitUntil(lambda: all(_is_wholly_seen(window, card) for card in cards))
    closer = [card.sizeHint().height() for card in cards]
    _resize(window, 1600, 900, qtbot)
    assert all(card.sizeHint().height() > height for card, height in zip(cards, closer, strict=True))
    assert _flags(window) == ""
    assert _button(window, "sign_off_case").isVisible()


def test_read_blind_a_short_column_names_no_flag(window: MainWindow, qtbot: QtBot) -> None:
    _resize(window, 960, 540, qtbot)
    window.review.panel.blind_changed.emit(True)
    assert _flags(window) == ""


def test_on_a_small_screen_at_200_percent_name_figures_flags_and_decision_are_seen_at_once(
    window: MainWindow, qtbot: QtBot
) -> None:
    # 1366 × 768 at 200 %, less the window's own title.
    _resize(window, 683, 375, qtbot)
    cards = window.reading.findChildren(ClassifierCard)
    qtbot.waitUntil(lambda: all(_is_wholly_seen(window, card) for card in cards))
    for card in cards:
        bars = card.findChild(ProbabilityBars)
        assert isinstance(bars, ProbabilityBars)
        assert bars.isVisible()
        # One line, of the label that was given.
        assert bars.height() < 2 * bars.fontMetrics().height()
        assert len(card.bars()) == 4
    assert window.reading.findChildren(ElidedLabel)[0].text() == "smear 0.png"
    assert _flags(window) == "disagree · low confidence"
    area = window.review.column.viewport()
    confirm = _button(window, "confirm")
    assert area.rect().contains(QRect(confirm.mapTo(area, QPoint(0, 0)), confirm.size()))


def test_there_all_labels_are_one_click_away(window: MainWindow, qtbot: QtBot) -> None:
    _resize(window, 683, 375, qtbot)
    link = window.reading.findChild(QPushButton, "all_labels")
    assert isinstance(link, QPushButton)
    card = window.reading.findChildren(ClassifierCard)[0]
    low_px = card.sizeHint().height()
    link.click()
    assert card.sizeHint().height() > 2 * low_px
    _resize(window, 1366, 768, qtbot)
    assert not link.isVisible()


@pytest.mark.parametrize(("key", "field"), [("note", "Note (N)"), ("label_1", "Your name")])
def test_on_a_small_screen_the_line_that_a_key_leads_into_is_seen(
    window: MainWindow, qtbot: QtBot, key: str, field: str
) -> None:
    _resize(window, 683, 375, qtbot)
    wanted = window.reading.findChild(QPushButton, "all_labels")
    assert isinstance(wanted, QPushButton)
    wanted.click()
    column = window.review.column
    line = next(one for one in column.findChildren(QLineEdit) if one.placeholderText() == field)

    def is_seen() -> bool:
        place = QRect(line.mapTo(column.viewport(), QPoint(0, 0)), line.size())
        return line.hasFocus() and column.viewport().rect().contains(place)

    column.verticalScrollBar().setValue(0)
    assert not is_seen()
    window.actions_by_name[key].trigger()
    qtbot.waitUntil(is_seen)


def test_on_a_laptop_the_column_itself_scrolls_for_no_image(window: MainWindow, qtbot: QtBot) -> None:
    _resize(window, 1366, 698, qtbot)
    # The longest there is: an unreadable image with a reason of six lines.
    window.reading.show_unreadable(IMAGE, "It cannot be read for a reason that takes a while to tell. " * 4)
    qtbot.wait(50)
    assert not window.review.column.verticalScrollBar().isVisible()


def test_on_a_laptop_the_sentence_why_an_image_cannot_be_read_and_the_switch_below_it_are_seen_whole(
    window: MainWindow, qtbot: QtBot
) -> None:
    _resize(window, 1366, 724, qtbot)
    card = window.reading.findChildren(ClassifierCard)[0]
    four_bars_px = card.height()
    window.reading.show_unreadable(IMAGE, "It cannot be read for a reason that takes a while to tell. " * 4)
    window.review.panel.show_state(replace(window.review.panel.state, unreadable=True, decision=""))
    seen = (window.reading.findChildren(ConsensusBox)[0], window.reading.findChildren(ToggleSwitch)[0])
    qtbot.waitUntil(lambda: all(_is_wholly_seen(window, part) for part in seen))
    window.reading.show_loading(IMAGE)
    qtbot.waitUntil(lambda: card.height() == four_bars_px)
