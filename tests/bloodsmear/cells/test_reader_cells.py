"""Cells as a reader named, added and removed them: replayed, matched by place, of an image's bytes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bloodsmear.cells.reader_cells import ReaderCell, box_in, box_text, cells_with, is_same_cell, reader_cells
from bloodsmear.errors import ReviewError
from bloodsmear.images.region import Region
from bloodsmear.review.events import Entry, Event, EventKind
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay

AT = datetime(2026, 11, 29, tzinfo=UTC)
ONE, OTHER, THIRD = Region(10, 10, 20, 20), Region(100, 10, 20, 20), Region(10, 100, 30, 20)
NEARLY_ONE = Region(12, 9, 22, 20)


def replay_of(*entries: Entry) -> Replay:
    return Replay(Event(number, number, entry, AT, "0.1.0", "") for number, entry in enumerate(entries, 1))


def entry(kind: EventKind, box: Region, name: str = "", reader: str = "Ada", sha256: str = "ab") -> Entry:
    return Entry(kind, reader, "1.png", "case 1", sha256, decision=name, place=box_text(box))


def cells(replay: Replay, reader: str = "Ada", sha256: str = "ab") -> list[tuple[Region, str, bool, bool]]:
    said = reader_cells(replay, reader, ListedImage("1.png", "case 1", "ok", sha256))
    return [(one.box, one.name, one.is_added, one.is_removed) for one in said]


def test_the_last_name_of_each_reader_counts() -> None:
    replay = replay_of(
        entry("cell_named", ONE, "lymphocyte"),
        entry("cell_named", OTHER, "monocyte"),
        entry("cell_named", ONE, "blast"),
        entry("cell_named", ONE, "smudge", reader="Ben"),
    )
    assert cells(replay) == [(ONE, "blast", False, False), (OTHER, "monocyte", False, False)]
    assert cells(replay, "Ben") == [(ONE, "smudge", False, False)]


def test_names_before_a_draw_do_not_count_for_it_and_what_was_added_and_removed_does() -> None:
    replay = replay_of(
        entry("cell_named", ONE, "lymphocyte"),
        entry("cell_added", OTHER),
        entry("cell_named", OTHER, "monocyte"),
        entry("cell_removed", THIRD),
        entry("cell_named", OTHER, "blast"),
    )
    said = reader_cells(replay, "Ada", ListedImage("1.png", "case 1", "ok", "ab"), named_since=4)
    assert [(one.box, one.name, one.is_removed) for one in said] == [
        (OTHER, "blast", False),
        (THIRD, "", True),
    ]


def test_undo_uncovers_the_name_before() -> None:
    replay = replay_of(
        entry("cell_named", ONE, "lymphocyte"),
        entry("cell_named", ONE, "blast"),
        Entry("undone", "Ada", "1.png", "case 1", undoes=2),
    )
    assert cells(replay) == [(ONE, "lymphocyte", False, False)]


def test_a_note_stands_beside_the_name_and_goes_with_an_empty_one_with_undo_and_with_the_cell() -> None:
    def note(box: Region, text: str) -> Entry:
        return replace(entry("cell_noted", box), text=text)

    noted = (entry("cell_named", ONE, "blast"), note(ONE, "Auer rod"), note(OTHER, "?"))

    def said(*more: Entry) -> list[tuple[str, str]]:
        listed = ListedImage("1.png", "case 1", "ok", "ab")
        return [(one.name, one.note) for one in reader_cells(replay_of(*noted, *more), "Ada", listed)]

    assert said() == [("blast", "Auer rod"), ("", "?")]
    assert said(entry("cell_named", ONE, "monocyte")) == [("monocyte", "Auer rod"), ("", "?")]
    assert said(note(ONE, ""), note(OTHER, "")) == [("blast", "")]
    assert said(Entry("undone", "Ada", "1.png", "case 1", undoes=2)) == [("blast", ""), ("", "?")]
    assert said(entry("cell_removed", ONE)) == [("", ""), ("", "?")]


def test_boxes_that_meet_in_their_middles_are_one_cell() -> None:
    replay = replay_of(
        entry("cell_named", ONE, "lymphocyte"),
        entry("cell_named", NEARLY_ONE, "blast"),
        entry("cell_removed", THIRD),
    )
    assert cells(replay) == [(ONE, "blast", False, False), (THIRD, "", False, True)]
    assert not is_same_cell(Region(0, 0, 10, 10), Region(0, 0, 100, 100))


def test_two_touching_nuclei_whose_boxes_overlap_by_a_third_keep_a_name_each() -> None:
    """They were found so on a frame of blasts; the second name went to the first cell, and the second had none."""
    above, below = Region(61, 131, 36, 49), Region(58, 152, 28, 33)
    replay = replay_of(entry("cell_named", above, "lymphocyte"), entry("cell_named", below, "blast"))
    assert cells(replay) == [(above, "lymphocyte", False, False), (below, "blast", False, False)]


def test_what_was_said_of_other_bytes_does_not_count() -> None:
    replay = replay_of(entry("cell_named", ONE, "lymphocyte", sha256="cd"))
    assert cells(replay) == []
    assert cells(replay, sha256="") == [(ONE, "lymphocyte", False, False)]


def test_a_cell_that_was_added_and_removed_is_gone_and_one_that_is_named_again_is_back() -> None:
    replay = replay_of(
        entry("cell_added", ONE),
        entry("cell_removed", ONE),
        entry("cell_removed", OTHER),
        entry("cell_named", OTHER, "lymphocyte"),
    )
    assert cells(replay) == [(OTHER, "lymphocyte", False, False)]


def test_a_reader_sees_the_cells_found_less_those_removed_and_those_added() -> None:
    said = [
        ReaderCell(NEARLY_ONE, "lymphocyte"),
        ReaderCell(OTHER, is_removed=True),
        ReaderCell(THIRD, "blast", is_added=True),
        ReaderCell(Region(500, 500, 9, 9), is_removed=True),
    ]
    fourth = Region(200, 200, 9, 9)
    shown = cells_with([ONE, OTHER, fourth], said)
    assert [(one.box, one.name) for one in shown] == [(ONE, "lymphocyte"), (fourth, ""), (THIRD, "blast")]


@pytest.mark.parametrize(
    "place",
    ["", "[]", "{}", '{"box": [1, 2, 3]}', '{"box": [1, 2, 3, 0]}', '{"box": [1, 2, 3, 4.5]}', '{"box": [-1, 2, 3, 4]}',
     '{"box": [1, 2, 3, true]}', '{"box": [1, 2, 3, 1000001]}', '{"box": [1, 2, 3, 4], "a": 1}', "[" * 100_000],
)  # fmt: skip
def test_a_place_that_the_program_never_writes_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        box_in(place)
    assert box_in(box_text(ONE)) == ONE


def test_a_cell_without_room_cannot_be_kept() -> None:
    with pytest.raises(ReviewError, match="cannot be kept"):
        box_text(Region(0, 0, 0, 5))
