"""Several readers of one study: a slip of the pen begins no further review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.study import StudyController

if TYPE_CHECKING:
    from tests.desktop.gui.study.conftest import ReaderSteps


@pytest.fixture
def read_by_ada(reading: StudyController, steps: ReaderSteps) -> StudyController:
    """Ada has decided about the first image."""
    steps.decide("pre_b")
    return reading


def test_a_first_name_is_nobody_to_ask_about(reading: StudyController) -> None:
    reading.review.propose_reader("Grace")
    assert (reading.review.state.reader, reading.review.state.new_reader) == ("Grace", "")


def test_nothing_is_decided_under_a_new_name_before_it_is_meant(
    read_by_ada: StudyController, steps: ReaderSteps
) -> None:
    review = read_by_ada.review
    review.propose_reader("Adda")
    assert (review.state.reader, review.state.new_reader) == ("Ada", "Adda")
    sentence, _image = steps.refusal(lambda: review.decide("benign"))
    assert sentence == "Say first whether Adda is a new reader of this study."
    assert len(steps.events()) == 1

    review.name_reader("Adda")
    assert (review.state.reader, review.state.new_reader, review.state.readers) == ("Adda", "", ("Ada",))
    steps.decide("benign")
    assert [event.entry.reader for event in steps.events()] == ["Ada", "Adda"]
    # Now known, it is asked about no more.
    review.propose_reader("Ada")
    review.propose_reader("Adda")
    assert review.state.reader == "Adda"


def test_a_slip_leaves_the_reader_who_read_before(read_by_ada: StudyController, steps: ReaderSteps) -> None:
    read_by_ada.review.propose_reader("Adda")
    read_by_ada.review.keep_reader()
    state = steps.decide("benign")
    assert (state.reader, state.new_reader, state.decision) == ("Ada", "", "benign")


@pytest.mark.parametrize("typed", ["ada", " ADA  ", "Ａda", "Ada\u200b"])
def test_another_spelling_of_an_earlier_reader_is_that_one(typed: str, read_by_ada: StudyController) -> None:
    read_by_ada.review.name_reader("Grace")
    read_by_ada.review.propose_reader(typed)
    assert (read_by_ada.review.state.reader, read_by_ada.review.state.new_reader) == ("Ada", "")


def test_a_name_that_was_not_answered_for_is_left_with_the_study(read_by_ada: StudyController) -> None:
    read_by_ada.review.propose_reader("Adda")
    read_by_ada.review.forget()
    assert (read_by_ada.review.state.reader, read_by_ada.review.state.new_reader) == ("Ada", "")


def test_a_name_kept_from_another_study_is_asked_about_where_others_have_read(
    read_by_ada: StudyController, steps: ReaderSteps
) -> None:
    events, review = steps.events(), read_by_ada.review
    review.forget()
    review.name_reader("Grace")
    review.reviewed.begin(events)
    assert (review.state.reader, review.state.new_reader, review.state.readers) == ("", "Grace", ("Ada",))
    state = review.reviewed.state("case 1/smear 0.png")
    assert (state.waiting, state.can_decide) == (
        "Say first whether Grace is a new reader of this study.",
        False,
    )
    # Asked about once: the study is opened again, for other classifiers as an example.
    review.name_reader("Grace")
    review.reviewed.begin(events)
    assert (review.state.reader, review.state.new_reader) == ("Grace", "")


def test_a_kept_name_that_is_not_answered_for_reads_the_next_study(
    read_by_ada: StudyController, steps: ReaderSteps
) -> None:
    events, review = steps.events(), read_by_ada.review
    review.forget()
    review.name_reader("Grace")
    review.reviewed.begin(events)
    review.reviewed.begin([])
    assert (review.state.reader, review.state.new_reader) == ("Grace", "")


def test_another_spelling_kept_from_another_study_is_the_earlier_reader(
    read_by_ada: StudyController, steps: ReaderSteps
) -> None:
    events, review = steps.events(), read_by_ada.review
    review.forget()
    review.name_reader("ADA")
    review.reviewed.begin(events)
    assert (review.state.reader, review.state.new_reader) == ("Ada", "")
