"""What events add up to."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bloodsmear.review.events import Entry, Event, EventKind
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.sign_off import open_images
from bloodsmear.review.standing import standing_decision


def events_of(*entries: Entry, acts: tuple[int, ...] | None = None) -> list[Event]:
    """The entries as events, each an act of its own unless `acts` says otherwise."""
    numbers = range(1, len(entries) + 1)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return [
        Event(number, act, entry, at, "0.1.0", "")
        for number, act, entry in zip(numbers, acts or numbers, entries, strict=True)
    ]


def entry(kind: EventKind, image: str = "", reader: str = "Ada", **changes: Any) -> Entry:
    return Entry(kind, reader, image, changes.pop("case", "case 1" if image else ""), **changes)


def decided(image: str, decision: str, reader: str = "Ada", sha256: str = "") -> Entry:
    return entry("decided", image, reader, decision=decision, sha256=sha256)


def value(replay: Replay, reader: str, image: str) -> str | None:
    decision = replay.decision(reader, image)
    return None if decision is None else decision.value


def test_the_last_decision_of_each_reader_holds() -> None:
    replay = Replay(
        events_of(decided("a", "benign"), decided("a", "pre_b"), decided("a", "unsure", reader="Grace"))
    )

    assert value(replay, "Ada", "a") == "pre_b"
    assert value(replay, "Grace", "a") == "unsure"
    assert value(replay, "Ada", "b") is None
    assert replay.readers == ("Ada", "Grace")


def test_undo_uncovers_the_decision_before_and_then_none() -> None:
    events = events_of(decided("a", "benign"), decided("a", "pre_b"))
    replay = Replay(events)
    assert [event.number for event in replay.last_act("Ada")] == [2]

    undone = events_of(*(event.entry for event in events), entry("undone", "a", undoes=2))
    replay.take(undone[-1])
    assert value(replay, "Ada", "a") == "benign"
    assert [event.number for event in replay.last_act("Ada")] == [1]

    undone = events_of(*(event.entry for event in undone), entry("undone", "a", undoes=1))
    replay.take(undone[-1])
    assert value(replay, "Ada", "a") is None
    assert replay.last_act("Ada") == ()


def test_an_act_of_many_images_is_one_undo() -> None:
    replay = Replay(
        events_of(decided("a", "benign"), decided("b", "benign"), decided("c", "benign"), acts=(1, 2, 2))
    )

    assert [event.number for event in replay.last_act("Ada")] == [2, 3]


def test_nobody_undoes_what_another_reader_did() -> None:
    replay = Replay(events_of(decided("a", "benign"), entry("undone", "a", reader="Grace", undoes=1)))

    assert value(replay, "Ada", "a") == "benign"
    assert replay.last_act("Grace") == ()


def test_notes_and_acknowledgements_are_undone_like_decisions() -> None:
    entries = [entry("noted", "a", text="one"), entry("noted", "a", text="two"), entry("acknowledged", "b")]
    replay = Replay(events_of(*entries))
    assert replay.note("Ada", "a") == "two"
    assert replay.is_acknowledged("Ada", "b", "")

    undone = [entry("undone", "b", undoes=3), entry("undone", "a", undoes=2)]
    replay = Replay(events_of(*entries, *undone))
    assert replay.note("Ada", "a") == "one"
    assert not replay.is_acknowledged("Ada", "b", "")


def test_a_decision_on_other_bytes_does_not_stand() -> None:
    replay = Replay(events_of(decided("a", "benign", sha256="11")))

    assert standing_decision(replay, "Ada", ListedImage("a", "c", "ok", "11")) is not None
    assert standing_decision(replay, "Ada", ListedImage("a", "c", "not_screened", "")) is not None
    assert standing_decision(replay, "Ada", ListedImage("a", "c", "ok", "22")) is None


def test_what_is_open_are_the_undecided_and_the_unreadable_not_acknowledged() -> None:
    replay = Replay(
        events_of(
            decided("a", "benign"),
            entry("acknowledged", "c", sha256="33"),
            decided("e", "not_evaluable"),
        )
    )
    images = [
        ListedImage("a", "x", "ok"),
        ListedImage("b", "x", "not_screened"),
        ListedImage("c", "x", "unreadable", "33"),
        ListedImage("d", "x", "unreadable"),
        ListedImage("e", "x", "unreadable"),
    ]

    lacking = open_images(replay, "Ada", images)

    assert lacking.undecided == ("b",)
    assert lacking.unreadable == ("d",)
    other_bytes = [ListedImage("c", "x", "unreadable", "44")]
    assert open_images(replay, "Ada", other_bytes).unreadable == ("c",)


def test_signing_off_locks_the_case_of_that_reader_until_it_is_reopened() -> None:
    signed = [entry("case_signed_off", case="case 1")]
    replay = Replay(events_of(*signed))
    assert replay.case_sign_off("Ada", "case 1") is not None
    assert replay.case_sign_off("Ada", "case 2") is None
    assert replay.case_sign_off("Grace", "case 1") is None

    replay = Replay(events_of(*signed, entry("case_reopened", case="case 1", text="why")))
    assert replay.case_sign_off("Ada", "case 1") is None


def test_reopening_one_case_takes_the_sign_off_of_the_study_back_and_leaves_the_other_cases_locked() -> None:
    replay = Replay(events_of(entry("study_signed_off"), entry("case_reopened", case="case 1", text="why")))

    assert replay.study_sign_off("Ada") is None
    assert replay.case_sign_off("Ada", "case 1") is None
    assert replay.case_sign_off("Ada", "case 2") is not None


def test_reopening_the_study_leaves_cases_signed_off_by_themselves_locked() -> None:
    replay = Replay(
        events_of(
            entry("case_signed_off", case="case 1"),
            entry("study_signed_off"),
            entry("study_reopened", text="why"),
        )
    )

    assert replay.study_sign_off("Ada") is None
    assert replay.case_sign_off("Ada", "case 1") is not None
    assert replay.case_sign_off("Ada", "case 2") is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["Ada", "Grace"]), st.sampled_from("ab"), st.sampled_from(["benign", "pre_b", "undo"])
    ),
    max_size=30,
)


@given(STEPS)
def test_replaying_equals_keeping_a_pile_of_decisions_for_each_reader(
    steps: list[tuple[str, str, str]],
) -> None:
    """The plain model: undo takes the reader's last decision off the pile."""
    piles: dict[str, list[tuple[int, str, str]]] = {"Ada": [], "Grace": []}
    entries: list[Entry] = []
    for reader, image, what in steps:
        if what != "undo":
            entries.append(decided(image, what, reader))
            piles[reader].append((len(entries), image, what))
        elif piles[reader]:
            number, undone, _ = piles[reader].pop()
            entries.append(entry("undone", undone, reader, undoes=number))

    replay = Replay(events_of(*entries))

    for reader, pile in piles.items():
        for image in "ab":
            mine = [what for _, name, what in pile if name == image]
            assert value(replay, reader, image) == (mine[-1] if mine else None)
        assert [event.number for event in replay.last_act(reader)] == [number for number, *_ in pile[-1:]]
