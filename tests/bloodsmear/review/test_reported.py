"""Whose decision a report names."""

from datetime import UTC, datetime

from bloodsmear.review.events import Entry, Event
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.reported import reported_decision

IMAGE = ListedImage("a.png", "case 1", "ok", "11")


def replay_of(*entries: Entry) -> Replay:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Replay(Event(number, number, entry, at, "", "") for number, entry in enumerate(entries, 1))


def decided(reader: str, value: str, sha256: str = "11") -> Entry:
    return Entry("decided", reader, "a.png", "case 1", sha256, value)


def noted(reader: str, text: str) -> Entry:
    return Entry("noted", reader, "a.png", "case 1", "11", text=text)


def signed(reader: str, case: str = "case 1") -> Entry:
    return Entry("case_signed_off", reader, case=case)


def named(replay: Replay) -> tuple[str, list[str]]:
    """The reader whose decision is named, and the others with theirs."""
    reported = reported_decision(replay, IMAGE)
    first = reported.decision.reader if reported.decision else ""
    return first, [f"{other.reader}={other.value}" for other in reported.others]


def test_without_a_sign_off_the_last_decision_is_named() -> None:
    assert named(replay_of()) == ("", [])
    assert named(replay_of(decided("Ada", "benign"), decided("Grace", "pre_b"))) == ("Grace", ["Ada=benign"])
    again = replay_of(decided("Ada", "benign"), decided("Grace", "pre_b"), decided("Ada", "pro_b"))
    assert named(again) == ("Ada", ["Grace=pre_b"])


def test_the_reader_who_signed_off_is_named_whoever_decided_later() -> None:
    replay = replay_of(decided("Ada", "benign"), signed("Ada"), decided("Grace", "pre_b"))

    reported = reported_decision(replay, IMAGE)

    assert named(replay) == ("Ada", ["Grace=pre_b"])
    assert reported.sign_off is not None
    assert reported.sign_off.number == 2


def test_of_two_who_signed_off_the_last_is_named() -> None:
    replay = replay_of(
        decided("Ada", "benign"),
        decided("Grace", "pre_b"),
        signed("Grace"),
        Entry("study_signed_off", "Ada"),
        signed("Eve"),
    )

    assert named(replay) == ("Ada", ["Grace=pre_b"])


def test_a_sign_off_of_another_case_or_on_other_bytes_does_not_count() -> None:
    assert named(replay_of(decided("Ada", "benign"), signed("Ada", "case 2"), decided("Eve", "other")))[
        0
    ] == ("Eve")
    replay = replay_of(decided("Ada", "benign", sha256="22"), signed("Ada"), decided("Eve", "other"))
    assert named(replay) == ("Eve", [])


def test_the_note_is_that_of_the_reader_who_is_named_or_the_last_one() -> None:
    notes = (noted("Ada", "mine"), noted("Grace", "hers"))

    assert reported_decision(replay_of(*notes), IMAGE).note == "hers"
    assert reported_decision(replay_of(*notes, decided("Ada", "benign")), IMAGE).note == "mine"
    assert reported_decision(replay_of(*notes, decided("Eve", "benign")), IMAGE).note == ""
    assert reported_decision(replay_of(*notes), IMAGE).notes == (("Ada", "mine"), ("Grace", "hers"))
