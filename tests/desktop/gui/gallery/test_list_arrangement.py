"""Order and headings."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloodsmear.review.records import ImageRecord
from desktop.gui.gallery.known_image import KnownImage
from desktop.gui.gallery.list_arrangement import (
    ArrangedRows,
    Grouping,
    Heading,
    ListArrangement,
    Order,
)

RecordMaker = Callable[..., ImageRecord]


def _everything(_known: KnownImage) -> bool:
    return True


@pytest.fixture
def known(make_record: RecordMaker) -> list[KnownImage]:
    """Six images in two cases, of which one is unreadable and one was not read."""
    records = [
        _sure(make_record("0", "agree", "pro_b"), 0.8),
        ImageRecord("1", "", "unreadable", error="cut off"),
        _sure(make_record("2", "agree", "benign"), 0.99),
        _sure(make_record("3", "disagree", "benign"), 0.5),
        None,
        _sure(make_record("5", "agree", "benign"), 0.7),
    ]
    return [KnownImage(n, str(n), f"case {2 - n % 2}", record) for n, record in enumerate(records)]


def _sure(record: ImageRecord, confidence: float) -> ImageRecord:
    assert record.consensus is not None
    return replace(record, consensus=replace(record.consensus, confidence=confidence))


def _rows(known: list[KnownImage], order: Order, grouping: Grouping) -> list[int | str]:
    rows = ArrangedRows(known, ListArrangement(order, grouping), _everything).rows
    return [f"{row.words} {row.count}" if isinstance(row, Heading) else row for row in rows]


def test_the_folders_order_is_the_plain_one(known: list[KnownImage]) -> None:
    assert _rows(known, "name", "none") == [0, 1, 2, 3, 4, 5]


def test_the_least_certain_come_first_and_what_has_no_answer_last(known: list[KnownImage]) -> None:
    assert _rows(known, "uncertainty", "none") == [3, 5, 0, 2, 1, 4]


def test_labels_stand_in_the_order_of_reports_and_the_rest_says_why_it_has_none(
    known: list[KnownImage],
) -> None:
    assert _rows(known, "uncertainty", "label") == [
        "Benign 2",
        5,
        2,
        "Pro-B 1",
        0,
        "Disagree 1",
        3,
        "Not read yet 1",
        4,
        "Cannot be read 1",
        1,
    ]


def test_cases_stand_in_the_folders_order(known: list[KnownImage]) -> None:
    assert _rows(known, "name", "case") == ["case 2 3", 0, 2, 4, "case 1 3", 1, 3, 5]


def test_a_heading_counts_what_is_shown_and_an_empty_group_has_none(known: list[KnownImage]) -> None:
    rows = ArrangedRows(known, ListArrangement("name", "case"), lambda each: each.number in (2, 4))
    assert rows.rows == [Heading("case 2", 2), 2, 4]
    assert rows.image_count == 2


def test_the_way_to_the_next_image_leads_over_headings_and_from_hidden_images(
    known: list[KnownImage],
) -> None:
    rows = ArrangedRows(known, ListArrangement("name", "case"), lambda each: each.number != 4)
    assert rows.rows == [Heading("case 2", 2), 0, 2, Heading("case 1", 3), 1, 3, 5]
    assert rows.row_beside(known[2], 1) == 4
    assert rows.row_beside(known[1], -1) == 2
    assert (rows.row_beside(known[4], 1), rows.row_beside(known[4], -1)) == (4, 2)
    assert (rows.row_beside(known[0], -1), rows.row_beside(known[5], 1)) == (None, None)


def test_in_blind_reading_no_answer_decides_about_order_and_headings() -> None:
    assert ListArrangement("uncertainty", "label").without_classifiers() == ListArrangement()
    assert ListArrangement("uncertainty", "case").without_classifiers() == ListArrangement("name", "case")


@given(
    cases=st.lists(st.sampled_from("abc"), max_size=30),
    hidden=st.sets(st.integers(0, 29)),
    grouping=st.sampled_from(["none", "label", "case"]),
)
def test_every_image_that_fits_stands_in_exactly_one_row(
    cases: list[str], hidden: set[int], grouping: Grouping
) -> None:
    known = [KnownImage(n, f"{n}.png", case) for n, case in enumerate(cases)]
    rows = ArrangedRows(
        known, ListArrangement("uncertainty", grouping), lambda each: each.number not in hidden
    )
    shown = [row for row in rows.rows if not isinstance(row, Heading)]
    assert sorted(shown) == [each.number for each in known if each.number not in hidden]
    assert all(rows.rows[row] == number for number in shown if (row := rows.row_of(number)) is not None)
    assert sum(row.count for row in rows.rows if isinstance(row, Heading)) in (0, len(shown))
