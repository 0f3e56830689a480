"""What is typed beside the decision, and the image that it is about."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.gui.main_window import MainWindow
from desktop.gui.theme.typing_line import TypingLine


def test_a_note_that_is_being_typed_stays_with_its_image_when_another_one_is_led_to(
    window: MainWindow, qtbot: QtBot
) -> None:
    first, second = list(window.controller.study.found)[:2]
    note = window.review.panel.findChild(TypingLine, "note")
    assert note is not None
    QTest.keyClick(window, Qt.Key.Key_N)
    QTest.keyClicks(note, "Auer rods")
    reviewed = window.controller.review.reviewed
    # As the teaching page does once its head is fitted, or an undo that takes long.
    with qtbot.waitSignal(window.controller.review.mark_changed):
        window.gallery.select(second)
    qtbot.waitUntil(lambda: reviewed.state(first).note == "Auer rods")
    assert (reviewed.state(second).note, note.text()) == ("", "")
