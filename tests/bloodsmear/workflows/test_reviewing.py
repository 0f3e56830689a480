"""A reader's work on a study: what is kept, what is refused, and what another program sees."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bloodsmear.errors import ReviewError, SignOffError
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))
IMAGES = [(f"case {case}/{number}.png", f"case {case}") for case in (1, 2) for number in (1, 2, 10)]
TORN = "case 2/10.png"


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (MARK,)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    """Six images in two cases; the last one cannot be read."""
    with open_study(tmp_path / "s") as study:
        study.list_images(IMAGES)
        study.put(ImageRecord(TORN, "case 2", "unreadable", error="cut", sha256="ee" * 32))
        yield study


@pytest.fixture
def ada(store: StudyStore) -> Reviewing:
    return Reviewing(store, "Ada")


def value(reviewing: Reviewing, image: str, reader: str = "Ada") -> str | None:
    decision = reviewing.replay.decision(reader, image)
    return None if decision is None else decision.value


def test_nothing_is_decided_before_the_reader_decides(ada: Reviewing) -> None:
    assert [value(ada, image) for image, _ in IMAGES] == [None] * 6
    assert ada.refresh() == ()


def test_a_decision_is_an_event_with_all_that_a_report_needs(ada: Reviewing) -> None:
    (event,) = ada.decide(["case 1/1.png"], "pre_b", answers_hidden=True)

    assert (event.entry.kind, event.entry.reader, event.entry.case) == ("decided", "Ada", "case 1")
    assert (event.entry.decision, event.entry.answers_hidden) == ("pre_b", True)
    assert value(ada, "case 1/1.png") == "pre_b"


def test_undo_works_after_a_restart_and_takes_an_act_of_many_at_once(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.list_images(IMAGES)
        first = Reviewing(store, "Ada")
        first.decide(["case 1/1.png"], "benign")
        first.decide([image for image, _ in IMAGES], "pre_b")

    with open_study(tmp_path / "s") as store:
        again = Reviewing(store, "Ada")
        assert value(again, "case 1/1.png") == "pre_b"
        assert len(again.undo()) == 6
        assert (value(again, "case 1/1.png"), value(again, "case 1/2.png")) == ("benign", None)
        again.undo()
        with pytest.raises(ReviewError, match="nothing to undo"):
            again.undo()
        assert [event.entry.kind for event in store.events.read()] == ["decided"] * 7 + ["undone"] * 7
        assert store.events.check().whole


def test_a_word_that_is_not_a_decision_of_the_study_is_refused(ada: Reviewing) -> None:
    with pytest.raises(ReviewError, match="benign, early_pre_b, pre_b, pro_b, unsure, other, not_evaluable"):
        ada.decide(["case 1/1.png"], "malignant")


def test_an_image_that_the_study_does_not_list_is_refused_and_the_others_are_not_decided(
    ada: Reviewing, store: StudyStore
) -> None:
    with pytest.raises(ReviewError, match=r"no image nowhere\.png"):
        ada.decide(["case 1/1.png", "nowhere.png"], "benign")
    with pytest.raises(ReviewError, match="No image is chosen"):
        ada.decide([], "benign")

    assert store.events.read() == ()


def test_an_unreadable_image_takes_no_label_and_a_readable_one_no_acknowledgement(ada: Reviewing) -> None:
    with pytest.raises(ReviewError, match="cannot be read"):
        ada.decide(["case 2/1.png", TORN], "benign")
    with pytest.raises(ReviewError, match="is not unreadable"):
        ada.acknowledge(["case 2/1.png"])

    ada.decide([TORN], "not_evaluable")
    assert value(ada, TORN) == "not_evaluable"


def test_a_note_replaces_the_older_one_and_an_empty_one_takes_it_away(ada: Reviewing) -> None:
    ada.note("case 1/1.png", " two nucleoli ")
    assert ada.replay.note("Ada", "case 1/1.png") == "two nucleoli"
    ada.note("case 1/1.png", "")
    assert ada.replay.note("Ada", "case 1/1.png") == ""
    with pytest.raises(ReviewError, match="4,001 characters"):
        ada.note("case 1/1.png", "a" * 4001)


def test_sign_off_is_refused_and_says_which_images_are_open(ada: Reviewing, store: StudyStore) -> None:
    ada.decide(["case 1/2.png"], "benign")

    with pytest.raises(SignOffError) as refused:
        ada.sign_off_case("case 1")
    assert refused.value.undecided == ("case 1/1.png", "case 1/10.png")
    assert "2 images are undecided (case 1/1.png, case 1/10.png)" in str(refused.value)

    with pytest.raises(SignOffError) as refused:
        ada.sign_off_study()
    assert refused.value.undecided == ("case 1/1.png", "case 1/10.png", "case 2/1.png", "case 2/2.png")
    assert refused.value.unreadable == (TORN,)
    assert f"1 image cannot be read and was not acknowledged ({TORN})" in str(refused.value)
    assert [event.entry.kind for event in store.events.read()] == ["decided"]


def test_a_long_list_of_open_images_is_counted(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.list_images((f"{number}.png", "c") for number in range(1, 1300))

        with pytest.raises(SignOffError, match=r"1,299 images .*5\.png and 1,294 more") as refused:
            Reviewing(store, "Ada").sign_off_study()

    assert len(refused.value.undecided) == 1299


def test_a_case_without_images_cannot_be_signed_off(ada: Reviewing) -> None:
    with pytest.raises(SignOffError, match=r"^case 9 has no image"):
        ada.sign_off_case("case 9")


def test_a_signed_off_case_is_locked_until_it_is_reopened_with_a_reason(ada: Reviewing) -> None:
    ada.decide([image for image, case in IMAGES if case == "case 1"], "benign")
    (event,) = ada.sign_off_case("case 1")
    assert (event.entry.kind, event.entry.text) == ("case_signed_off", '[["vgg16", "1.0+1a"]]')

    changes: list[Callable[[], object]] = [
        lambda: ada.decide(["case 2/1.png", "case 1/1.png"], "pre_b"),
        lambda: ada.note("case 1/1.png", "late"),
        ada.undo,
        lambda: ada.sign_off_case("case 1"),
    ]
    for refused in changes:
        with pytest.raises(
            ReviewError, match=r"signed off the case on .*, so nothing in case 1 can be changed\."
        ):
            refused()
    assert value(ada, "case 2/1.png") is None

    with pytest.raises(ReviewError, match="Say why"):
        ada.reopen_case("case 1", "  ")
    (event,) = ada.reopen_case("case 1", "slide 1 was swapped")
    assert event.entry.text == "slide 1 was swapped"
    ada.decide(["case 1/1.png"], "pre_b")
    assert value(ada, "case 1/1.png") == "pre_b"
    with pytest.raises(ReviewError, match="has not signed off case 1; it is open"):
        ada.reopen_case("case 1", "again")


def test_a_signed_off_study_locks_every_case_and_reopening_one_takes_it_back(ada: Reviewing) -> None:
    ada.decide([image for image, _ in IMAGES if image != TORN], "benign")
    ada.acknowledge([TORN])
    ada.sign_off_study()

    with pytest.raises(ReviewError, match="signed off the study"):
        ada.decide(["case 1/1.png"], "pre_b")
    with pytest.raises(ReviewError, match="already"):
        ada.sign_off_study()

    ada.reopen_case("case 1", "why")
    ada.decide(["case 1/1.png"], "pre_b")
    with pytest.raises(ReviewError, match="signed off the study"):
        ada.decide(["case 2/1.png"], "pre_b")
    with pytest.raises(ReviewError, match="it is open"):
        ada.reopen_study("why")

    ada.sign_off_study()
    ada.reopen_study("everything once more")
    ada.decide(["case 2/1.png"], "pre_b")


def test_a_second_reader_decides_for_himself_and_is_not_locked_by_the_first(store: StudyStore) -> None:
    ada, grace = Reviewing(store, "Ada"), Reviewing(store, "Grace")
    ada.decide([image for image, case in IMAGES if case == "case 1"], "benign")
    ada.sign_off_case("case 1")

    news = grace.decide(["case 1/1.png"], "pre_b")

    assert [event.entry.reader for event in news] == ["Ada"] * 4 + ["Grace"]
    assert (value(grace, "case 1/1.png"), value(grace, "case 1/1.png", "Grace")) == ("benign", "pre_b")
    with pytest.raises(ReviewError, match="has not signed off"):
        grace.reopen_case("case 1", "not mine")
    grace.undo()
    assert value(grace, "case 1/1.png", "Grace") is None
    assert [event.entry.kind for event in ada.refresh()] == ["decided", "undone"]


def test_two_windows_of_one_reader_on_one_file_obey_the_sign_off_of_each_other(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as here, open_study(tmp_path / "s") as there:
        here.list_images([("a.png", "c"), ("b.png", "c")])
        one, two = Reviewing(here, "Ada"), Reviewing(there, "Ada")
        one.decide(["a.png", "b.png"], "benign")
        two.sign_off_case("c")

        with pytest.raises(ReviewError, match="so nothing in Case c can be changed"):
            one.decide(["a.png"], "pre_b")

        # What it learned while it was refused is told with the next call.
        assert [event.entry.kind for event in one.refresh()] == ["case_signed_off"]
        assert here.events.check().whole


def test_other_bytes_under_the_name_must_be_decided_anew(ada: Reviewing, store: StudyStore) -> None:
    store.put(ImageRecord("case 1/1.png", "case 1", "unreadable", error="cut", sha256="11" * 32))
    ada.acknowledge(["case 1/1.png"])
    ada.decide(["case 1/2.png", "case 1/10.png"], "benign")
    store.put(ImageRecord("case 1/1.png", "case 1", "unreadable", error="cut", sha256="22" * 32))

    with pytest.raises(SignOffError) as refused:
        ada.sign_off_case("case 1")

    assert refused.value.unreadable == ("case 1/1.png",)
