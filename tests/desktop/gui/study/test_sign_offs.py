"""Signing off and reopening without a window, on a real study's file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from pytestqt.qtbot import QtBot

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.review_state import ImageMark
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps


class Newer:
    """The same classifier in a newer version."""

    def __init__(self, older: Classifier) -> None:
        self.card = msgspec.structs.replace(older.card, version="1.7")
        self.predict = older.predict


FIRST, SECOND = "case 1/smear 0.png", "case 1/smear 2.png"


def test_sign_off_is_refused_with_the_first_image_that_is_in_the_way(
    reading: StudyController, steps: ReaderSteps
) -> None:
    steps.decide("benign")
    sentence, image = steps.refusal(lambda: reading.review.sign_off(whole_study=False))
    assert "2 images are undecided" in sentence
    assert image == SECOND


def test_a_signed_off_case_is_locked_until_it_is_reopened_with_a_reason(
    reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    for image in (FIRST, SECOND, "case 1/smear 4.png"):
        steps.look_at(image)
        steps.decide("benign")
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.review.sign_off(whole_study=False)
    assert marks.args[0][FIRST] == ImageMark("benign", signed_off=True)
    assert "You signed off case 1 on" in reading.review.state.locked
    sentence, _image = steps.refusal(lambda: reading.review.decide("pro_b"))
    assert "Reopen" in sentence
    sentence, _image = steps.refusal(lambda: reading.review.reopen(False, " "))
    assert "why" in sentence
    with qtbot.waitSignal(reading.review.marks_changed) as marks:
        reading.review.reopen(False, "a second look")
    assert marks.args[0][FIRST] == ImageMark("benign")
    assert reading.review.state.can_decide


def test_what_a_sign_off_would_close_is_counted(reading: StudyController, steps: ReaderSteps) -> None:
    steps.decide("benign")
    steps.look_at(SECOND)
    steps.decide("unsure")
    counts = reading.review.sign_off_counts(whole_study=False)
    assert counts is not None
    assert (counts.what, counts.reader, counts.images) == ("case 1", "Ada", 3)
    assert {value: number for value, number in counts.decided if number} == {"benign": 1, "unsure": 1}
    assert [value for value, _number in counts.decided][-3:] == ["unsure", "other", "not_evaluable"]
    assert (counts.undecided, counts.to_acknowledge, counts.complete) == (("case 1/smear 4.png",), (), False)
    assert counts.last_hash == steps.events()[-1].hash

    steps.look_at("case 2/torn.png")
    study = reading.review.sign_off_counts(whole_study=True)
    assert study is not None
    assert (study.what, study.images, study.acknowledged) == ("the study", 7, 0)
    assert study.to_acknowledge == ("case 2/torn.png",)
    steps.act(reading.review.acknowledge)
    after = reading.review.sign_off_counts(whole_study=True)
    assert after is not None
    assert (after.acknowledged, after.to_acknowledge) == (1, ())


def test_what_was_signed_off_says_that_another_version_answers_now(
    make_controller: Callable[..., StudyController],
    reading: StudyController,
    steps: ReaderSteps,
    fake_classifiers: ClassifierSet,
    qtbot: QtBot,
) -> None:
    for image in (FIRST, SECOND, "case 1/smear 4.png"):
        steps.look_at(image)
        steps.decide("benign")
    with qtbot.waitSignal(reading.review.marks_changed):
        reading.review.sign_off(whole_study=False)
    assert reading.review.state.signed_with == ""
    folders = reading.study.folders
    assert reading.close()

    vgg16, unet = fake_classifiers.classifiers
    again = make_controller(lambda: ClassifierSet((Newer(vgg16), unet)))
    again.review.name_reader("Ada")
    again.load_classifiers()
    with qtbot.waitSignal(again.file.opened):
        again.open_folders(folders)
    qtbot.waitUntil(lambda: again.review.reviewed.is_open)
    with qtbot.waitSignal(again.image.record_ready):
        again.image.choose(FIRST)
    sentence = again.review.state.signed_with
    assert sentence == "Signed off with VGG16 1.0. The answers shown are of VGG16 1.7."
    with qtbot.waitSignal(again.image.record_ready):
        again.image.choose("case 2/smear 1.png")
    assert again.review.state.signed_with == ""


def test_without_a_reader_there_is_nothing_to_confirm(reading: StudyController) -> None:
    reading.review.reviewed.reader = ""
    assert reading.review.sign_off_counts(whole_study=False) is None
