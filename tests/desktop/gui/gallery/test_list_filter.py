"""Which images are shown."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery.known_image import KnownImage
from desktop.gui.gallery.list_filter import ListFilter
from desktop.gui.review_state import ImageMark

RecordMaker = Callable[..., ImageRecord]


@pytest.fixture
def known(make_record: RecordMaker) -> list[KnownImage]:
    """Seven images: agreed twice, disagreeing, unsure, unreadable, not read, and one with other label sets."""
    records = [
        make_record("0.png", "agree", "benign"),
        make_record("1.png", "agree", "pro_b", "exposure"),
        make_record("2.png", "disagree", "pro_b", "disagreement", "low_confidence"),
        _with_confidence(make_record("3.png", "single", "pre_b"), 0.55),
        ImageRecord("4.png", "case 4", "unreadable", error="cut off"),
        None,
        make_record("6.png", "not_comparable", None),
    ]
    return [KnownImage(n, f"{n}.png", f"case {n}", record) for n, record in enumerate(records)]


def _with_confidence(record: ImageRecord, confidence: float) -> ImageRecord:
    assert record.consensus is not None
    return replace(record, consensus=replace(record.consensus, confidence=confidence))


def _numbers(known: list[KnownImage], wanted: ListFilter) -> list[int]:
    return [each.number for each in known if wanted.fits(each)]


def test_a_filter_that_asks_nothing_shows_everything(known: list[KnownImage]) -> None:
    assert _numbers(known, ListFilter()) == [0, 1, 2, 3, 4, 5, 6]
    assert not ListFilter().is_active


@pytest.mark.parametrize("text", ["3.PNG", "cAse 3"])
def test_a_text_stands_in_name_or_case_in_any_case_of_letters(known: list[KnownImage], text: str) -> None:
    assert _numbers(known, ListFilter(text=text)) == [3]


def test_each_kind_shows_its_own(known: list[KnownImage]) -> None:
    assert _numbers(known, ListFilter(kind="disagree")) == [2]
    assert _numbers(known, ListFilter(kind="flagged")) == [1, 2]
    assert _numbers(known, ListFilter(kind="unreadable")) == [4]


def test_a_label_is_the_one_that_the_row_shows(known: list[KnownImage]) -> None:
    assert _numbers(known, ListFilter(labels=frozenset({"pro_b"}))) == [1]
    assert _numbers(known, ListFilter(labels=frozenset({"pro_b", "pre_b"}))) == [1, 3]


def test_of_several_flags_one_is_enough(known: list[KnownImage]) -> None:
    assert _numbers(known, ListFilter(flags=frozenset({"exposure"}))) == [1]
    assert _numbers(known, ListFilter(flags=frozenset({"exposure", "low_confidence"}))) == [1, 2]


def test_confidence_is_the_consensus_or_the_lowest_answer(known: list[KnownImage]) -> None:
    assert _numbers(known, ListFilter(below_percent=60)) == [3]
    # 0.9 is not below 90 %. Without labels to compare, the answers' own confidence counts.
    assert _numbers(known, ListFilter(below_percent=90)) == [3]
    assert _numbers(known, ListFilter(below_percent=95)) == [0, 1, 2, 3, 6]


def test_decisions_are_asked_for_signed_off_or_not(known: list[KnownImage]) -> None:
    known[0] = replace(known[0], mark=ImageMark("benign", signed_off=True))
    known[4] = replace(known[4], mark=ImageMark())
    assert _numbers(known, ListFilter(done=True)) == [0, 4]
    assert _numbers(known, ListFilter(done=False)) == [1, 2, 3, 5, 6]
    assert _numbers(known, ListFilter(decided_as="benign")) == [0]
    assert _numbers(known, ListFilter(decided_as="pro_b")) == []


def test_all_that_is_asked_for_must_hold_together(known: list[KnownImage]) -> None:
    wanted = ListFilter(text="case", kind="flagged", labels=frozenset({"pro_b"}), done=False)
    assert _numbers(known, wanted) == [1]
    assert _numbers(known, replace(wanted, below_percent=60)) == []


def test_in_blind_reading_nothing_is_asked_that_an_answer_decides(known: list[KnownImage]) -> None:
    wanted = ListFilter("case", "flagged", frozenset({"pro_b"}), frozenset({"exposure"}), False, "", 60)
    blind = wanted.without_classifiers()
    assert blind == ListFilter(text="case", done=False)
    readable = [each for each in known if each.record is None or each.record.status != "unreadable"]
    unread = [replace(each, record=None) for each in readable]
    assert _numbers(unread, blind) == [each.number for each in readable if blind.fits(each)]
    assert ListFilter(kind="unreadable").without_classifiers().kind == "unreadable"


def test_a_filter_says_in_words_what_hides_images() -> None:
    wanted = ListFilter(
        "snap", "disagree", frozenset({"pre_b"}), frozenset({"exposure", "low_confidence"}), True, "", 70
    )
    assert wanted.words == (
        "“snap”",
        "disagree",
        "Pre\u2011B",
        "low confidence or exposure",
        "done",
        "confidence below 70\u00a0%",
    )
    assert ListFilter(decided_as="unsure").words == ("decided as Unsure",)


def test_each_thing_that_a_filter_asks_for_can_be_taken_out_alone() -> None:
    wanted = ListFilter(
        "snap", "disagree", frozenset({"pre_b", "benign"}), frozenset({"exposure"}), None, "unsure", 70
    )
    assert {part.words: part.rest for part in wanted.menu_parts} == {
        "Benign": replace(wanted, labels=frozenset({"pre_b"})),
        "Pre-B": replace(wanted, labels=frozenset({"benign"})),
        "exposure": replace(wanted, flags=frozenset()),
        "decided as Unsure": replace(wanted, decided_as=""),
        "confidence below 70\u00a0%": replace(wanted, below_percent=0),
    }
    # These have a chip and a field of their own.
    assert ListFilter("snap", "disagree", done=False).menu_parts == ()
