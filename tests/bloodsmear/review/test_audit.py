"""The audit set as the events tell it: which images it holds, and which may not be taught because of it."""

from datetime import UTC, datetime

from bloodsmear.review.audit import Drawn, draw_entries
from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay

AT = datetime(2026, 11, 29, tzinfo=UTC)
OF_CASE = Drawn("case-1/a.png", "case-1", "a" * 64)
OF_RUN = Drawn("5.png", "", "b" * 64, "2.png", "10.png")


def replay_of(*acts: list[Entry]) -> Replay:
    replay, number = Replay(), 0
    for act in acts:
        first = number + 1
        for entry in act:
            number += 1
            replay.take(Event(number, first, entry, AT, "1", ""))
    return replay


def listed(image: str, case: str = "", sha256: str = "0" * 64) -> ListedImage:
    return ListedImage(image, case, "ok", sha256)


def test_a_draw_is_read_back_from_its_events_and_makes_nobody_a_reader() -> None:
    replay = replay_of(draw_entries("Ada", 7, [OF_CASE, OF_RUN]))
    assert replay.audit is not None
    assert (replay.audit.act, replay.audit.seed) == (1, 7)
    assert replay.audit.images == (OF_CASE, OF_RUN)
    assert replay.readers == ()


def test_the_whole_case_the_whole_run_and_equal_bytes_are_kept_apart() -> None:
    audit = replay_of(draw_entries("Ada", 7, [OF_CASE, OF_RUN])).audit
    assert audit is not None
    images = [
        listed("case-1/b.png", "case-1"),
        listed("case-2/b.png", "case-2"),
        listed("2.png"),
        listed("9.png"),
        listed("11.png"),
        listed("case-2/copy.png", "case-2", "a" * 64),
    ]
    assert audit.kept_apart(images) == {"case-1/b.png", "2.png", "9.png", "case-2/copy.png"}


def test_a_new_draw_takes_the_place_of_the_old_one_and_its_looks_begin_anew() -> None:
    replay = replay_of(draw_entries("Ada", 7, [OF_CASE]), [Entry("taught", "Ada"), Entry("taught", "Ada")])
    assert replay.audit is not None
    assert replay.audit.looks == 2
    replay = replay_of(
        draw_entries("Ada", 7, [OF_CASE]), [Entry("taught", "Ada")], draw_entries("Ada", 8, [OF_RUN])
    )
    assert replay.audit is not None
    assert (replay.audit.images, replay.audit.looks) == ((OF_RUN,), 0)
    assert replay.drawn_before == {"case-1/a.png"}


def test_a_decision_counts_that_was_made_with_no_answer_in_sight() -> None:
    audit = replay_of([Entry("noted", "Ada")], draw_entries("Ada", 7, [OF_CASE])).audit
    assert audit is not None
    assert not audit.holds(None)
    assert not audit.holds(Decision("Ada", "benign", AT, 1))
    assert audit.holds(Decision("Ada", "benign", AT, 1, answers_hidden=True))
    assert audit.holds(Decision("Ada", "benign", AT, 3))


def test_a_draw_that_was_given_up_keeps_nothing_apart_and_is_not_drawn_again() -> None:
    replay = replay_of(draw_entries("Ada", 7, [OF_CASE]), [Entry("audit_drawn", "Ada")])
    assert replay.audit is None
    assert replay.drawn_before == {"case-1/a.png"}
