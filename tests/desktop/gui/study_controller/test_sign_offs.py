"""Signing off and reopening without a window, on a real study's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

from desktop.gui.review_state import ImageMark
from desktop.gui.study_controller import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study_controller.conftest import ReaderSteps

FIRST, SECOND = "case 1/smear 0.png", "case 1/smear 2.png"


def test_sign_off_is_refused_with_the_first_image_that_is_in_the_way(
    reading: StudyController, steps: ReaderSteps
) -> None:
    steps.decide("benign")
    sentence, image = steps.refusal(lambda: reading.sign_offs.sign_off(whole_study=False))
    assert "2 images are undecided" in sentence
    assert image == SECOND


def test_a_signed_off_case_is_locked_until_it_is_reopened_with_a_reason(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    for image in (FIRST, SECOND, "case 1/smear 4.png"):
        steps.look_at(image)
        steps.decide("benign")
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.sign_offs.sign_off(whole_study=False)
    assert marks.args[0][FIRST] == ImageMark("benign", signed_off=True)
    assert "You signed off case 1 on" in reading.review.state.locked
    sentence, _image = steps.refusal(lambda: reading.review.decide("pro_b"))
    assert "Reopen" in sentence
    sentence, _image = steps.refusal(lambda: reading.sign_offs.reopen(False, " "))
    assert "why" in sentence
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.sign_offs.reopen(False, "a second look")
    assert marks.args[0][FIRST] == ImageMark("benign")
    assert reading.review.state.can_decide
