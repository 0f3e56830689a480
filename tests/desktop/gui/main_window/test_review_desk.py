"""What is typed beside the decision, and the image that it is about."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.gui.decision.sign_off_row import SignOffRow
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


def test_marks_and_what_is_typed_stay_when_other_classifiers_have_the_study_opened_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    gallery, controller = window.gallery, window.controller

    def open_again() -> None:
        with qtbot.waitSignal(controller.file.opened):
            controller.load_classifiers()

    gallery.marked.mark_all()
    marked = gallery.marked.images()
    assert len(marked) > 1
    open_again()
    assert gallery.marked.images() == marked
    gallery.marked.unmark()
    note = window.review.panel.findChild(TypingLine, "note")
    assert note is not None
    qtbot.waitUntil(note.isEnabled)
    note.setFocus()
    note.insert("clumped")
    open_again()
    qtbot.waitUntil(lambda: controller.review.state.note == "clumped")
    assert note.hasFocus()


def test_a_case_is_not_opened_again_for_a_reason_that_was_typed_for_another_one(
    window: MainWindow,
) -> None:
    found = list(window.controller.study.found.values())
    other = next(one for one in found if one.case != found[0].case)
    row = window.review.panel.findChild(SignOffRow)
    reason = window.review.panel.findChild(TypingLine, "reason")
    assert row is not None
    assert reason is not None
    locked = replace(window.controller.review.state, locked="Signed off.")
    row.show_state(locked)
    row.ask_why(whole=False)
    QTest.keyClicks(reason, "slide 1 was swapped")
    row.show_state(replace(locked, image=other.image, case=other.case))
    assert not reason.isVisible()
    assert not reason.hasFocus()
