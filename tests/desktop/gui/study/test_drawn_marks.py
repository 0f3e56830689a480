"""Marks in the open study: kept as they are drawn, undone, seen by whom they may be seen, on their own bytes alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.review.marks import DrawnShape
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.reviewing import Reviewing
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps

OpenStudy = Callable[[StudyController, Path], list[Message]]
FIRST, SECOND = "case 1/smear 0.png", "case 1/smear 2.png"
BOX = DrawnShape("box", ((1.0, 2.0), (30.0, 40.0)), (64, 48), "here")
POINT = DrawnShape("point", ((5.0, 6.0),), (64, 48))


class Seen:
    """What was last said to be seen."""

    def __init__(self, controller: StudyController) -> None:
        self.image, self.marks, self.reader = "", list[tuple[str, DrawnShape]](), ""
        controller.image.original_ready.connect(lambda *_: controller.marks.tell())
        controller.marks.changed.connect(self._take)
        self.counts: dict[str, int] = {}
        controller.marks.counted.connect(lambda counts: setattr(self, "counts", counts))

    def _take(self, image: str, marks: tuple[object, ...], reader: str) -> None:
        self.image, self.reader = image, reader
        self.marks = [(mark.reader, mark.drawn) for mark in marks]  # type: ignore[attr-defined] # a signal's tuple


@pytest.fixture
def seen(controller: StudyController) -> Seen:
    return Seen(controller)


def do_as_another(controller: StudyController, reader: str, act: Callable[[Reviewing], object]) -> None:
    """Another window on the same study."""
    study = controller.study
    assert study.path is not None
    with StudyStore.open_existing(study.path) as store:
        head = store.head
    with StudyStore.open_or_create(study.path, head) as store:
        act(Reviewing(store, reader))


def draw_as_another(controller: StudyController, reader: str, image: str, drawn: DrawnShape) -> None:
    do_as_another(controller, reader, lambda reviewing: reviewing.draw(image, drawn))


def test_a_mark_is_kept_with_the_bytes_that_are_shown_and_undone_by_the_key_of_decisions(
    seen: Seen, reading: StudyController, steps: ReaderSteps
) -> None:
    steps.look_at(FIRST)
    steps.act(lambda: reading.marks.draw(FIRST, BOX, 0))
    assert (seen.image, seen.marks, seen.reader) == (FIRST, [("Ada", BOX)], "Ada")
    [event] = steps.events()
    assert (event.entry.kind, event.entry.sha256) == ("mark_drawn", reading.image.sha256)

    steps.decide("benign")
    steps.act(reading.review.undo)
    assert seen.marks == [("Ada", BOX)]
    steps.act(reading.review.undo)
    assert seen.marks == []


def test_a_mark_is_replaced_and_erased(seen: Seen, reading: StudyController, steps: ReaderSteps) -> None:
    steps.look_at(FIRST)
    steps.act(lambda: reading.marks.draw(FIRST, BOX, 0))
    steps.act(lambda: reading.marks.draw(FIRST, POINT, 1))
    assert seen.marks == [("Ada", POINT)]
    steps.act(lambda: reading.marks.erase(FIRST, 2))
    assert seen.marks == []


def test_undoing_a_mark_goes_to_its_image(
    seen: Seen, reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    steps.look_at(FIRST)
    steps.act(lambda: reading.marks.draw(FIRST, BOX, 0))
    steps.look_at(SECOND)
    assert (seen.image, seen.marks) == (SECOND, [])

    with qtbot.waitSignal(reading.review.image_wanted) as wanted:
        reading.review.undo()
    assert wanted.args == [FIRST]


def test_a_mark_of_another_reader_is_seen_but_not_in_blind_reading_before_the_decision(
    seen: Seen, reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    reading.review.set_blind(True)
    steps.look_at(SECOND)
    steps.act(lambda: reading.marks.draw(SECOND, POINT, 0))
    draw_as_another(reading, "Grace", SECOND, BOX)
    qtbot.waitUntil(lambda: reading.review.reviewed.readers == ("Ada", "Grace"), timeout=15_000)
    assert (seen.marks, seen.counts) == ([("Ada", POINT)], {SECOND: 1})

    steps.decide("benign")
    assert (seen.marks, seen.counts) == ([("Ada", POINT), ("Grace", BOX)], {SECOND: 2})
    steps.act(reading.review.undo)
    assert seen.marks == [("Ada", POINT)]
    reading.review.set_blind(False)
    assert seen.marks == [("Ada", POINT), ("Grace", BOX)]


def test_a_reader_for_consensus_sees_others_marks_once_their_decisions_are_shown_and_not_before(
    seen: Seen, reading: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    do_as_another(reading, "Grace", lambda grace: grace.decide([FIRST, SECOND], "benign"))
    for image in (FIRST, SECOND):
        draw_as_another(reading, "Grace", image, BOX)
    do_as_another(reading, "Hedy", lambda hedy: hedy.decide([SECOND], "pre_b"))
    steps.look_at(FIRST)
    qtbot.waitUntil(lambda: seen.counts == {FIRST: 1, SECOND: 1}, timeout=15_000)
    steps.act(reading.consensus.toggle)
    steps.look_at(SECOND)
    assert (seen.marks, seen.counts) == ([], {})

    # Those on which readers don't differ stay hidden: the own decision is not closed there.
    steps.decide("benign")
    assert (seen.marks, seen.counts) == ([("Grace", BOX)], {SECOND: 1})
    steps.look_at(FIRST)
    steps.decide("benign")
    assert (seen.marks, seen.counts) == ([], {SECOND: 1})
    steps.act(reading.consensus.toggle)
    assert seen.counts == {FIRST: 1, SECOND: 1}


def test_without_a_readers_name_nothing_is_drawn_and_it_is_said(
    seen: Seen, controller: StudyController, open_study: OpenStudy, steps: ReaderSteps, smear_folder: Path
) -> None:
    open_study(controller, smear_folder)
    steps.look_at(FIRST)

    sentence, _ = steps.refusal(lambda: controller.marks.draw(FIRST, BOX, 0))

    assert "reader's name" in sentence
    assert seen.marks == []
    assert steps.events() == []


def test_in_a_signed_off_case_nothing_is_drawn_and_it_is_said(
    seen: Seen, reading: StudyController, steps: ReaderSteps
) -> None:
    for image in reading.review.reviewed.images("case 1"):
        steps.look_at(image)
        steps.decide("benign")
    steps.act(lambda: reading.review.sign_off(whole_study=False))
    steps.look_at(FIRST)

    sentence, _ = steps.refusal(lambda: reading.marks.draw(FIRST, BOX, 0))

    assert "signed off the case" in sentence
    assert seen.marks == []


def test_a_file_of_other_pixels_under_the_same_name_has_no_mark(
    seen: Seen, reading: StudyController, steps: ReaderSteps, smear_folder: Path
) -> None:
    steps.look_at(FIRST)
    steps.act(lambda: reading.marks.draw(FIRST, BOX, 0))
    assert cv2.imwrite(str(smear_folder / FIRST), np.full((48, 64, 3), 99, np.uint8))
    reading.image.forget_pictures()
    steps.look_at(SECOND)

    steps.look_at(FIRST)

    assert (seen.image, seen.marks) == (FIRST, [])


def test_a_mark_for_an_image_that_is_no_longer_shown_is_not_drawn_on_the_next(
    seen: Seen, reading: StudyController, steps: ReaderSteps
) -> None:
    steps.look_at(FIRST)
    steps.look_at(SECOND)

    reading.marks.draw(FIRST, BOX, 0)
    steps.act(lambda: reading.marks.draw(SECOND, POINT, 0))

    assert [event.entry.image for event in steps.events()] == [SECOND]
