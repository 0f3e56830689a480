"""A reader who is marked for it settles what others decided differently, after a decision of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bloodsmear.errors import ReviewError, SignOffError
from bloodsmear.review.records import ClassifierMark, ImageRecord, ListedImage
from bloodsmear.review.reported import ReportedDecision, reported_decision
from bloodsmear.review.standing import readers_differ, settled_decision
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
DISPUTED, AGREED = "case 1/1.png", "case 1/2.png"
LISTED = ListedImage(DISPUTED, "case 1", "not_screened")


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    """Ada and Ben differ on the first of two images."""
    with open_study(tmp_path / "s") as study:
        study.list_images([(DISPUTED, "case 1"), (AGREED, "case 1")])
        for reader, value in (("Ada", "benign"), ("Ben", "pre_b")):
            Reviewing(study, reader).decide([DISPUTED], value)
            Reviewing(study, reader).decide([AGREED], "benign")
        yield study


@pytest.fixture
def cara(store: StudyStore) -> Reviewing:
    """Cara reads for consensus."""
    reviewing = Reviewing(store, "Cara")
    reviewing.read_for_consensus(on=True)
    return reviewing


def reported(reviewing: Reviewing) -> ReportedDecision:
    return reported_decision(reviewing.replay, LISTED)


def own_value(reviewing: Reviewing) -> str:
    own = reviewing.replay.decision("Cara", DISPUTED)
    return "" if own is None else own.value


def test_what_is_settled_comes_after_an_own_decision_and_stands_in_the_report(cara: Reviewing) -> None:
    with pytest.raises(ReviewError, match="before you see what the others decided"):
        cara.settle(DISPUTED, "pre_b")
    cara.decide([DISPUTED], "benign", answers_hidden=True)
    assert not reported(cara).is_settled

    (event,) = cara.settle(DISPUTED, "pre_b")

    assert (event.entry.kind, event.entry.decision, event.entry.case) == ("settled", "pre_b", "case 1")
    told = reported(cara)
    assert told.decision is not None
    assert (told.decision.reader, told.decision.value, told.is_settled) == ("Cara", "pre_b", True)
    assert [other.reader for other in told.others] == ["Ada", "Ben"]
    own = cara.replay.decision("Cara", DISPUTED)
    assert own is not None
    assert own.value == "benign"


def test_it_is_named_before_what_others_signed_off(cara: Reviewing, store: StudyStore) -> None:
    Reviewing(store, "Ada").sign_off_case("case 1")
    cara.decide([DISPUTED], "pre_b")
    cara.settle(DISPUTED, "pre_b")

    told = reported(cara)
    assert (told.decision is not None and told.decision.reader, told.sign_off) == ("Cara", None)


def test_what_was_decided_alone_is_neither_changed_nor_undone_once_the_others_were_seen(
    cara: Reviewing,
) -> None:
    cara.decide([DISPUTED], "benign")
    with pytest.raises(ReviewError, match=r"it can only be settled\..* for this image alone"):
        cara.decide([DISPUTED, AGREED], "pre_b")
    with pytest.raises(ReviewError, match=f"what the others decided for {DISPUTED}.*it can only be settled"):
        cara.undo()

    assert cara.replay.decision("Cara", AGREED) is None
    assert own_value(cara) == "benign"


def test_it_stays_after_the_mark_was_taken_away_and_after_reopening(
    cara: Reviewing, store: StudyStore
) -> None:
    cara.decide([DISPUTED], "benign")
    cara.read_for_consensus(on=False)
    for reviewing in (cara, Reviewing(store, "Cara")):
        with pytest.raises(ReviewError, match="Read for consensus again"):
            reviewing.decide([DISPUTED], "pre_b")
        with pytest.raises(ReviewError, match="Read for consensus again"):
            reviewing.undo()
    cara.read_for_consensus(on=True)
    cara.settle(DISPUTED, "pre_b")
    assert own_value(Reviewing(store, "Cara")) == "benign"


def test_one_of_the_two_who_is_marked_has_seen_the_others_from_then_on(store: StudyStore) -> None:
    ben = Reviewing(store, "Ben")
    ben.decide([DISPUTED], "pre_b")
    ben.read_for_consensus(on=True)
    ben.read_for_consensus(on=False)
    with pytest.raises(ReviewError, match="it can only be settled"):
        ben.decide([DISPUTED], "benign")
    ben.decide([AGREED], "pre_b")


def test_it_stays_where_the_others_decide_alike_afterwards(cara: Reviewing, store: StudyStore) -> None:
    cara.decide([DISPUTED], "benign")
    Reviewing(store, "Ben").decide([DISPUTED], "benign")
    with pytest.raises(ReviewError, match="All readers decide alike now"):
        cara.undo()


def test_another_who_decides_otherwise_later_is_seen_then(cara: Reviewing, store: StudyStore) -> None:
    cara.decide([AGREED], "benign")
    cara.undo()
    cara.decide([AGREED], "benign")
    Reviewing(store, "Ada").decide([AGREED], "pre_b")
    with pytest.raises(ReviewError, match="it can only be settled"):
        cara.undo()


def test_another_whose_undo_uncovers_a_difference_is_seen_then(cara: Reviewing, store: StudyStore) -> None:
    ben = Reviewing(store, "Ben")
    ben.decide([DISPUTED], "benign")
    cara.decide([DISPUTED], "benign")
    ben.undo()
    with pytest.raises(ReviewError, match="it can only be settled"):
        cara.undo()


def test_an_act_on_many_stays_whole_where_one_of_its_images_was_seen(cara: Reviewing) -> None:
    cara.decide([DISPUTED, AGREED], "benign")
    with pytest.raises(ReviewError, match=f"for {DISPUTED}"):
        cara.undo()
    cara.decide([AGREED], "pre_b")


def test_other_bytes_are_decided_alone_anew(cara: Reviewing, store: StudyStore) -> None:
    for reader, value in (("Ada", "benign"), ("Ben", "pre_b")):
        store.put(ImageRecord(DISPUTED, "case 1", "not_screened", sha256="aa" * 32))
        Reviewing(store, reader).decide([DISPUTED], value)
    cara.decide([DISPUTED], "benign")
    store.put(ImageRecord(DISPUTED, "case 1", "not_screened", sha256="bb" * 32))
    cara.decide([DISPUTED], "pre_b")
    cara.undo()


def test_undo_takes_it_back_and_leaves_the_own_decision(cara: Reviewing) -> None:
    cara.decide([DISPUTED], "benign")
    cara.settle(DISPUTED, "pre_b")
    cara.undo()

    assert settled_decision(cara.replay, LISTED) is None
    assert cara.replay.decision("Cara", DISPUTED) is not None


def test_nothing_is_settled_where_all_decided_alike(cara: Reviewing) -> None:
    cara.decide([AGREED], "benign")
    with pytest.raises(ReviewError, match="decided alike"):
        cara.settle(AGREED, "benign")


def test_who_is_not_marked_settles_nothing(store: StudyStore) -> None:
    with pytest.raises(ReviewError, match="does not read for consensus"):
        Reviewing(store, "Ada").settle(DISPUTED, "pre_b")


def test_the_mark_is_taken_back_once_and_set_once(cara: Reviewing) -> None:
    with pytest.raises(ReviewError, match="reads for consensus in this study already"):
        cara.read_for_consensus(on=True)
    cara.read_for_consensus(on=False)
    assert not cara.replay.reads_for_consensus("Cara")


def test_a_sign_off_of_the_consensus_read_asks_for_what_readers_differ_on_alone(cara: Reviewing) -> None:
    with pytest.raises(SignOffError, match=r"1 image is undecided \(case 1/1.png\)"):
        cara.sign_off_case("case 1")
    cara.decide([DISPUTED], "benign")
    with pytest.raises(SignOffError):
        cara.sign_off_case("case 1")
    cara.settle(DISPUTED, "benign")
    cara.sign_off_case("case 1")

    told = reported(cara)
    assert told.sign_off is not None
    assert told.sign_off.entry.reader == "Cara"
    with pytest.raises(ReviewError, match="Reopen the case"):
        cara.settle(DISPUTED, "pre_b")


def test_where_nobody_differs_there_is_nothing_to_sign_off(cara: Reviewing, store: StudyStore) -> None:
    Reviewing(store, "Ben").decide([DISPUTED], "benign")
    with pytest.raises(SignOffError, match="case 1: readers differ on no image"):
        cara.sign_off_case("case 1")


def test_what_was_settled_for_other_bytes_does_not_stand(cara: Reviewing, store: StudyStore) -> None:
    store.put(ImageRecord(DISPUTED, "case 1", "unreadable", sha256="aa" * 32))
    listed = ListedImage(DISPUTED, "case 1", "ok", "bb" * 32)
    cara.decide([DISPUTED], "not_evaluable")
    assert readers_differ(cara.replay, LISTED)
    cara.settle(DISPUTED, "not_evaluable")

    assert settled_decision(cara.replay, listed) is None
