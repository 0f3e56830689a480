"""Marks in the window: the keys of drawing, what is refused before anything is drawn, and one undo for all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.gui.gallery.image_list_model import ImageListModel, ImageRole
from desktop.gui.main_window import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier
FIRST = "case 1/smear 0.png"


@pytest.fixture
def window(make_window: Callable[[], MainWindow], smear_folder: Path, qtbot: QtBot) -> MainWindow:
    """A folder is open, its first image is read, and nobody has given a name."""
    made = make_window()
    made.show()
    made.controller.load_classifiers()
    with qtbot.waitSignal(made.controller.image.record_ready):
        made.open_folders([smear_folder])
    qtbot.waitUntil(lambda: made.controller.review.reviewed.is_open)
    made.viewer.comparing.ask_for("original")
    return made


def draw_box(window: MainWindow, qtbot: QtBot) -> None:
    """From (10, 10) to (40, 30) of the image."""
    QTest.keyClick(window, Qt.Key.Key_B, SHIFT)
    window.viewer.marks.begin(QPointF(10, 10), 8.0)
    window.viewer.marks.move(QPointF(40, 30))
    with qtbot.waitSignal(window.controller.marks.counted):
        window.viewer.marks.end()


def press(key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press it where the reader is typing."""
    there = QApplication.focusWidget()
    assert there is not None
    QTest.keyClick(there, getattr(Qt.Key, f"Key_{key.upper()}") if isinstance(key, str) else key, modifier)


def drawn_in_list(window: MainWindow) -> int:
    model = window.gallery.findChildren(ImageListModel)[0]
    row = model.row_of(FIRST)
    assert row is not None
    count = model.index(row).data(ImageRole.DRAWN)
    assert isinstance(count, int)
    return count


def test_without_a_name_a_tool_is_refused_before_anything_is_drawn(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_B, SHIFT)

    assert window.viewer.marks.tool is None
    assert not window.actions_by_name["draw_box"].isChecked()
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_a_drawn_mark_is_chosen_counted_erased_by_del_and_brought_back_by_undo(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.controller.review.name_reader("Ada")
    draw_box(window, qtbot)
    assert drawn_in_list(window) == 1
    assert window.actions_by_name["draw_box"].isChecked()
    assert window.actions_by_name["erase_mark"].isEnabled()

    with qtbot.waitSignal(window.controller.marks.counted):
        QTest.keyClick(window, Qt.Key.Key_Delete)
    assert drawn_in_list(window) == 0
    assert not window.actions_by_name["erase_mark"].isEnabled()
    with qtbot.waitSignal(window.controller.marks.counted):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert drawn_in_list(window) == 1
    assert len(window.viewer.marks.shown) == 1


def test_what_the_ruler_measured_is_kept_as_a_mark_by_a_key(window: MainWindow, qtbot: QtBot) -> None:
    ruler = window.viewer.ruler
    QTest.keyClick(window, Qt.Key.Key_G)
    assert not window.actions_by_name["keep_length"].isEnabled()
    ruler.begin(QPointF(10, 10))
    # Beyond the picture's edge: nothing is measured there.
    ruler.move(QPointF(40, -20))
    ruler.end()
    with qtbot.waitSignal(window.controller.review.refused):
        QTest.keyClick(window, Qt.Key.Key_K, SHIFT)
    assert ruler.words() == "31.6 px"

    window.controller.review.name_reader("Ada")
    with qtbot.waitSignal(window.controller.marks.counted):
        QTest.keyClick(window, Qt.Key.Key_K, SHIFT)
    [mark] = window.viewer.marks.shown
    assert (mark.drawn.shape, mark.drawn.places) == ("length", ((10, 10), (40, 0)))
    assert ruler.words() == ""
    assert not window.actions_by_name["keep_length"].isEnabled()


def test_another_image_has_its_own_marks_and_words_typed_on_the_first_stay_its_own(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.controller.review.name_reader("Ada")
    draw_box(window, qtbot)
    window.viewer.marks.ask_for_words()
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "here")

    with qtbot.waitSignal(window.controller.image.original_ready):
        window.gallery.select_next()
    assert window.viewer.marks.shown == ()
    with qtbot.waitSignal(window.controller.image.original_ready):
        window.gallery.select_previous()

    qtbot.waitUntil(lambda: [mark.drawn.words for mark in window.viewer.marks.shown] == ["here"])


def test_in_a_signed_off_case_the_tool_is_refused_and_says_why(window: MainWindow, qtbot: QtBot) -> None:
    review = window.controller.review
    review.name_reader("Ada")
    images = review.reviewed.images("case 1")
    for image in images:
        with qtbot.waitSignal(window.controller.image.record_ready):
            window.controller.image.choose(image)
    with qtbot.waitSignal(review.many_decided):
        review.decide_many(images, "benign")
    with qtbot.waitSignal(review.changed):
        review.sign_off(whole_study=False)
    qtbot.waitUntil(lambda: bool(review.state.locked))

    with qtbot.waitSignal(review.refused) as refused:
        QTest.keyClick(window, Qt.Key.Key_C, SHIFT)

    assert refused.args is not None
    assert "It is locked." in refused.args[0]
    assert window.viewer.marks.tool is None


def test_who_types_right_after_drawing_types_words_and_decides_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.controller.review.name_reader("Ada")
    draw_box(window, qtbot)
    # A digit begins no words, u begins some: unsure and the second label otherwise.
    for key in "2uo":
        press(key)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text() == "uo"
    assert "Esc" in window.message_bar.text
    with qtbot.waitSignal(window.controller.marks.changed):
        QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [mark.drawn.words for mark in window.viewer.marks.shown] == ["uo"])
    # The mark has its words: the keys of other tools are keys again, and still nothing is decided.
    press("A", SHIFT)
    press("u")
    assert window.viewer.marks.tool == "arrow"
    assert window.controller.review.reviewed.decision(FIRST) is None

    press(Qt.Key.Key_Escape)
    press("u")
    qtbot.waitUntil(lambda: window.controller.review.reviewed.decision(FIRST) is not None)


def test_what_another_window_does_takes_no_mark_away_that_is_being_kept(
    window: MainWindow, qtbot: QtBot
) -> None:
    review, marks = window.controller.review, window.viewer.marks
    review.name_reader("Ada")
    QTest.keyClick(window, Qt.Key.Key_B, SHIFT)
    marks.begin(QPointF(10, 10), 8.0)
    marks.move(QPointF(40, 30))
    marks.end()
    # News come while it is written.
    review.changed.emit(review.state)
    for key in "uo":
        press(key)
    field = window.viewer.findChild(QLineEdit)
    qtbot.waitUntil(lambda: field is not None and field.text() == "uo")
    assert review.reviewed.decision(FIRST) is None


@pytest.mark.parametrize("word", ["Gu", "Au"])
def test_words_may_begin_with_a_capital_letter_that_is_a_key(
    window: MainWindow, word: str, qtbot: QtBot
) -> None:
    window.controller.review.name_reader("Ada")
    draw_box(window, qtbot)
    press(word[0], SHIFT)
    press(word[1])
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.text().casefold() == word.casefold()
    assert window.viewer.marks.tool == "box"


def test_letters_are_keys_again_once_the_words_were_given_up(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.review.name_reader("Ada")
    draw_box(window, qtbot)
    press("k")
    press(Qt.Key.Key_Escape)
    assert not isinstance(QApplication.focusWidget(), QLineEdit)
    with qtbot.waitSignal(window.controller.image.original_ready):
        press("j")
    assert window.viewer.marks.tool == "box"
    with qtbot.waitSignal(window.controller.image.original_ready):
        press("k")
    assert [mark.drawn.words for mark in window.viewer.marks.shown] == [""]
