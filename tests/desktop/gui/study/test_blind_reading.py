"""What a decision says about the answers: whether they were hidden when it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

from bloodsmear.review.audit import Drawn, draw_entries
from bloodsmear.storage.study_store import StudyStore
from desktop.gui.messages import Message
from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps

OpenStudy = Callable[[StudyController, Path], list[Message]]
FIRST, SECOND, THIRD = (f"case 1/smear {number}.png" for number in (0, 2, 4))


def decided(steps: ReaderSteps) -> list[tuple[str, bool]]:
    """What was decided, and whether it says that the answers were hidden."""
    entries = [event.entry for event in steps.events()]
    return [(entry.decision, entry.answers_hidden) for entry in entries if entry.kind == "decided"]


def decide_in_turn(steps: ReaderSteps, *images: str) -> list[bool]:
    """Decide for each image; returns whether each decision says that the answers were hidden."""
    for image in images:
        steps.look_at(image)
        steps.decide("benign")
    return [hidden for _decision, hidden in decided(steps)][-len(images) :]


@pytest.mark.usefixtures("ada")
def test_a_decision_says_whether_the_answers_were_hidden(
    controller: StudyController, steps: ReaderSteps
) -> None:
    review = controller.review
    review.set_blind(True)
    steps.look_at(FIRST)
    assert review.state.answers_hidden
    assert not steps.decide("benign").answers_hidden
    # The answers were shown by now: this decision is not blind any more, not even after an undo.
    steps.decide("pro_b")
    steps.act(review.undo)
    assert steps.act(review.undo).answers_hidden
    steps.decide("other")
    assert decided(steps) == [("benign", True), ("pro_b", False), ("other", False)]


def test_answers_that_were_seen_before_blind_reading_was_switched_on_were_not_hidden(
    reading: StudyController, steps: ReaderSteps
) -> None:
    reading.review.set_blind(True)
    assert decide_in_turn(steps, FIRST, SECOND) == [False, True]


@pytest.mark.usefixtures("ada")
def test_a_glance_with_blind_reading_off_shows_every_answer_that_there_is(
    controller: StudyController, steps: ReaderSteps
) -> None:
    controller.review.set_blind(True)
    steps.look_at(FIRST)
    steps.look_at(SECOND)
    controller.review.set_blind(False)
    controller.review.set_blind(True)
    assert decide_in_turn(steps, FIRST, SECOND, THIRD) == [False, False, True]


def test_what_was_seen_is_remembered_when_the_folder_is_opened_again(
    reading: StudyController, steps: ReaderSteps, smear_folder: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(reading.file.opened):
        reading.open_folders([smear_folder])
        reading.review.set_blind(True)
    qtbot.waitUntil(lambda: reading.review.reviewed.is_open)
    assert decide_in_turn(steps, FIRST, SECOND) == [False, True]


@pytest.mark.parametrize(("named_blind", "hidden"), [(True, True), (False, False)])
def test_another_reader_has_seen_what_was_there_while_they_did_not_read_blind(
    named_blind: bool, hidden: bool, reading: StudyController, steps: ReaderSteps
) -> None:
    reading.review.set_blind(named_blind)
    reading.review.name_reader("Ben")
    reading.review.set_blind(True)
    assert decide_in_turn(steps, FIRST, SECOND) == [hidden, True]
    reading.review.name_reader("Ada")
    assert decide_in_turn(steps, FIRST) == [False]


def test_who_looks_first_and_is_named_then_has_seen_the_answers(
    controller: StudyController, open_study: OpenStudy, smear_folder: Path, steps: ReaderSteps, qtbot: QtBot
) -> None:
    open_study(controller, smear_folder)
    qtbot.waitUntil(lambda: controller.review.reviewed.is_open)
    steps.look_at(FIRST)
    controller.review.set_blind(True)
    controller.review.name_reader("Ada")
    assert decide_in_turn(steps, FIRST, SECOND) == [False, True]
    controller.review.name_reader("Ben")
    assert decide_in_turn(steps, FIRST) == [True]


@pytest.mark.usefixtures("ada")
def test_reading_is_blind_until_the_whole_audit_set_is_decided(
    controller: StudyController, steps: ReaderSteps, qtbot: QtBot
) -> None:
    review = controller.review
    for image in (FIRST, SECOND, THIRD):
        steps.look_at(image)
    assert not review.state.blind
    drawn = [Drawn(image, "case 1", controller.study.records[image].sha256) for image in (FIRST, SECOND)]
    path = controller.study.path
    assert path is not None
    # Another program, or the teaching page, draws.
    with StudyStore.open_existing(path) as store:
        head = store.head
    with StudyStore.open_or_create(path, head) as store:
        store.events.append(0, lambda _there: draw_entries("Grace", 7, drawn))
    qtbot.waitUntil(lambda: review.state.blind)
    sentence, _ = steps.refusal(lambda: review.set_blind(False))
    assert "Reading stays blind until all images of the audit set are decided" in sentence
    steps.look_at(FIRST)
    assert review.state.answers_hidden
    assert steps.decide("benign").blind
    steps.look_at(SECOND)
    assert not steps.decide("unsure").blind
