"""What a decision says about the answers: whether they were hidden when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.study_controller import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study_controller.conftest import ReaderSteps


def test_a_decision_says_whether_the_answers_were_hidden(
    reading: StudyController, steps: ReaderSteps
) -> None:
    reading.review.set_blind(True)
    assert reading.review.state.answers_hidden
    state = steps.decide("benign")
    assert not state.answers_hidden
    # The answers were shown by now: this one is no blind decision any more, not even after an undo.
    steps.decide("pro_b")
    steps.act(reading.review.undo)
    state = steps.act(reading.review.undo)
    assert state.answers_hidden
    steps.decide("other")
    decided = [event.entry for event in steps.events() if event.entry.kind == "decided"]
    assert [(each.decision, each.answers_hidden) for each in decided] == [
        ("benign", True),
        ("pro_b", False),
        ("other", False),
    ]
