"""Readers are compared over the cells that both named, matched by their place."""

from datetime import UTC, datetime

from bloodsmear.cells.agreement import compare_cells
from bloodsmear.cells.reader_cells import box_text
from bloodsmear.images.region import Region
from bloodsmear.review.agreement_words import agreement_row
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay

IMAGES = [ListedImage(image, "case 1", "ok") for image in ("1.png", "2.png")]


def named(reader: str, image: str, place: int, name: str, off: int = 0) -> Entry:
    box = Region(100 * place + 10 + off, 10, 20, 20)
    return Entry("cell_named", reader, image, "case 1", decision=name, place=box_text(box))


def replay_of(*entries: Entry) -> Replay:
    at = datetime(2026, 11, 29, tzinfo=UTC)
    return Replay(Event(number, number, entry, at, "0.1.0", "") for number, entry in enumerate(entries, 1))


def test_kappa_is_over_cells_at_the_same_place_and_others_are_counted_as_named_by_one_alone() -> None:
    replay = replay_of(
        named("Ada", "1.png", 0, "blast"),
        named("Ada", "1.png", 1, "lymphocyte"),
        named("Ada", "2.png", 0, "blast"),
        named("Ben", "1.png", 1, "blast", off=3),
        named("Ben", "1.png", 0, "blast", off=-2),
        named("Ben", "1.png", 2, "monocyte"),
    )
    (one,) = compare_cells(replay, IMAGES)
    assert (one.reader, one.other, one.kind) == ("Ada", "Ben", "cells")
    assert (one.kappa.images, one.kappa.agreed, one.left_out) == (2, 1, 2)
    words = agreement_row(one)
    assert words[:4] == ("Ada", "Ben, names of cells", "2 cells, 2 named by one alone", "1 (50.0\u00a0%)")
    assert "cells" in words[4]


def test_three_readers_are_three_pairs_and_who_named_none_of_theirs_is_none() -> None:
    three = [named(reader, "1.png", 0, "blast") for reader in ("Ada", "Ben", "Cleo")]
    assert len(compare_cells(replay_of(*three), IMAGES)) == 3
    assert compare_cells(replay_of(*three[:1], named("Dan", "2.png", 0, "blast")), IMAGES) == ()
