"""One decision for many images, on a real study's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from desktop.gui.review_state import ImageMark
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps

FIRST, SECOND, TORN = "case 1/smear 0.png", "case 1/smear 2.png", "case 2/torn.png"


@pytest.mark.usefixtures("ada")
def test_many_images_are_decided_in_one_act_and_one_undo_takes_them_back(
    controller: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    controller.review.set_blind(True)
    steps.look_at(FIRST)
    steps.look_at(SECOND)
    steps.decide("other")
    steps.act(lambda: controller.review.decide_many([FIRST, SECOND], "benign"))
    assert controller.review.reviewed.marks() == {FIRST: ImageMark("benign"), SECOND: ImageMark("benign")}
    # The answers for the second one were shown once it was decided.
    together = steps.events()[1:]
    assert [(event.act, event.entry.image, event.entry.answers_hidden) for event in together] == [
        (2, FIRST, True),
        (2, SECOND, False),
    ]
    # It stands where the window said that undo takes it back.
    with qtbot.waitSignal(controller.said) as said:
        controller.review.undo()
    assert "2 images was taken back" in said.args[0].text
    assert controller.review.reviewed.marks() == {SECOND: ImageMark("other")}


def test_many_are_not_decided_while_one_has_not_been_read(
    reading: StudyController, steps: ReaderSteps
) -> None:
    sentence, image = steps.refusal(lambda: reading.review.decide_many([FIRST, SECOND], "benign"))
    assert f"1 of 2 images has not been read yet ({SECOND})" in sentence
    assert image == SECOND
    assert steps.events() == []


def test_many_are_not_decided_with_a_label_while_one_is_unreadable(
    reading: StudyController, steps: ReaderSteps
) -> None:
    steps.look_at(TORN)
    sentence, image = steps.refusal(lambda: reading.review.decide_many([FIRST, TORN], "benign"))
    assert "cannot be read" in sentence
    assert image == TORN
    steps.act(lambda: reading.review.decide_many([FIRST, TORN], "not_evaluable"))
    assert reading.review.reviewed.marks() == {
        FIRST: ImageMark("not_evaluable"),
        TORN: ImageMark("not_evaluable"),
    }


class Name(str):
    """A name that counts how often it is compared with another."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_many_unread_images_are_refused_without_comparing_each_with_each(
    reading: StudyController, steps: ReaderSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Name, "compared", 0)
    images = [Name(f"case 3/smear {number}.png") for number in range(1000)]
    sentence, image = steps.refusal(lambda: reading.review.decide_many(images, "benign"))
    assert "1,000 of 1,000 images have not been read yet" in sentence
    assert image == images[0]
    assert Name.compared < 10 * len(images)
