"""Marks of a review: drawn, replaced, erased, undone; of a reader, of an image's bytes, and locked with the case."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bloodsmear.errors import ReviewError
from bloodsmear.review.marks import LONGEST_WORDS, DrawnShape
from bloodsmear.review.records import ClassifierMark, ImageRecord, ListedImage
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.reviewing import Reviewing

CLASSIFIER = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
IMAGE, TORN = "case 1/1.png", "case 1/torn.png"
ARROW = DrawnShape("arrow", ((1.0, 2.0), (30.5, 40.25)), (640, 480), "nucleolus")
CIRCLE = DrawnShape("circle", ((100.0, 100.0), (140.0, 130.0)), (640, 480))


def open_study(path: Path) -> StudyStore:
    return StudyStore.open_or_create(path, StudyHead(path.parent, (path.parent,), (CLASSIFIER,)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    with open_study(tmp_path / "s") as study:
        study.list_images([(IMAGE, "case 1"), (TORN, "case 1")])
        study.put(ImageRecord(TORN, "case 1", "unreadable", error="cut"))
        yield study


@pytest.fixture
def ada(store: StudyStore) -> Reviewing:
    return Reviewing(store, "Ada")


def marks_of(reviewing: Reviewing, reader: str = "Ada", sha256: str = "") -> list[DrawnShape]:
    return [mark.drawn for mark in reviewing.replay.marks(reader, ListedImage(IMAGE, "case 1", "ok", sha256))]


def test_marks_stand_in_the_order_of_their_drawing_after_a_restart_too(tmp_path: Path) -> None:
    with open_study(tmp_path / "s") as store:
        store.list_images([(IMAGE, "case 1")])
        ada = Reviewing(store, "Ada")
        ada.draw(IMAGE, ARROW)
        ada.draw(IMAGE, CIRCLE)

    with open_study(tmp_path / "s") as store:
        assert marks_of(Reviewing(store, "Ada")) == [ARROW, CIRCLE]


def test_undo_takes_back_drawing_replacing_and_erasing_one_by_one(ada: Reviewing) -> None:
    (first,) = ada.draw(IMAGE, ARROW)
    (second,) = ada.draw(IMAGE, CIRCLE, replaces=first.number)
    ada.erase(IMAGE, second.number)

    seen = [marks_of(ada)]
    for _ in range(3):
        ada.undo()
        seen.append(marks_of(ada))

    assert seen == [[], [CIRCLE], [ARROW], []]


def test_undo_goes_through_decisions_and_marks_in_one_order(ada: Reviewing) -> None:
    ada.draw(IMAGE, ARROW)
    ada.decide([IMAGE], "benign")

    ada.undo()
    assert (ada.replay.decision("Ada", IMAGE), marks_of(ada)) == (None, [ARROW])
    ada.undo()
    assert marks_of(ada) == []


def test_a_mark_is_its_readers_alone(store: StudyStore, ada: Reviewing) -> None:
    (event,) = ada.draw(IMAGE, ARROW)
    grace = Reviewing(store, "Grace")

    with pytest.raises(ReviewError, match="Grace has no such mark"):
        grace.erase(IMAGE, event.number)
    with pytest.raises(ReviewError, match="Grace has no such mark"):
        grace.draw(IMAGE, CIRCLE, replaces=event.number)
    grace.draw(IMAGE, CIRCLE)

    assert marks_of(grace, "Ada") == [ARROW]
    assert marks_of(grace, "Grace") == [CIRCLE]


def test_a_mark_is_erased_once(ada: Reviewing) -> None:
    (event,) = ada.draw(IMAGE, ARROW)
    ada.erase(IMAGE, event.number)

    with pytest.raises(ReviewError, match="it was erased"):
        ada.erase(IMAGE, event.number)


def test_a_mark_on_other_bytes_does_not_stand(store: StudyStore, ada: Reviewing) -> None:
    store.put(ImageRecord(IMAGE, "case 1", "ok", sha256="11" * 32))
    ada.draw(IMAGE, ARROW)

    assert marks_of(ada, sha256="11" * 32) == [ARROW]
    assert marks_of(ada, sha256="22" * 32) == []


def test_a_signed_off_case_takes_no_mark_and_loses_none(ada: Reviewing) -> None:
    (event,) = ada.draw(IMAGE, ARROW)
    ada.decide([IMAGE], "benign")
    ada.acknowledge([TORN])
    ada.sign_off_case("case 1")

    with pytest.raises(ReviewError, match="signed off the case"):
        ada.draw(IMAGE, CIRCLE)
    with pytest.raises(ReviewError, match="signed off the case"):
        ada.erase(IMAGE, event.number)
    with pytest.raises(ReviewError, match="signed off the case"):
        ada.draw(IMAGE, CIRCLE, replaces=event.number)
    with pytest.raises(ReviewError, match="signed off the case"):
        ada.undo()
    assert marks_of(ada) == [ARROW]
    ada.reopen_case("case 1", "another look")
    ada.draw(IMAGE, CIRCLE)
    assert marks_of(ada) == [ARROW, CIRCLE]


def test_nothing_is_drawn_on_an_image_that_cannot_be_read(ada: Reviewing) -> None:
    with pytest.raises(ReviewError, match="nothing can be drawn on it"):
        ada.draw(TORN, ARROW)


@pytest.mark.parametrize(
    "drawn",
    [
        DrawnShape("point", ((641.0, 1.0),), (640, 480)),
        DrawnShape("point", ((float("nan"), 1.0),), (640, 480)),
        DrawnShape("box", ((1.0, 1.0),), (640, 480)),
        DrawnShape("text", ((1.0, 1.0),), (640, 480), " \n "),
        DrawnShape("point", ((1.0, 1.0),), (0, 0)),
        DrawnShape("point", ((1.0, 1.0),), (640, 480), "x" * (LONGEST_WORDS + 1)),
    ],
)
def test_what_cannot_be_a_mark_is_refused_and_nothing_is_written(
    ada: Reviewing, store: StudyStore, drawn: DrawnShape
) -> None:
    with pytest.raises(ReviewError):
        ada.draw(IMAGE, drawn)
    assert store.events.read() == ()


def test_words_are_kept_in_one_line_without_what_cannot_be_shown(ada: Reviewing, store: StudyStore) -> None:
    ada.draw(IMAGE, DrawnShape("text", ((1.0, 1.0),), (640, 480), " two\nlines \ud800\x00 "))

    assert [mark.words for mark in marks_of(ada)] == ["two lines"]
    assert store.events.check().whole


def test_more_marks_than_can_be_told_apart_are_refused(
    ada: Reviewing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bloodsmear.workflows.reviewing.MOST_MARKS", 2)
    (first,) = ada.draw(IMAGE, ARROW)
    ada.draw(IMAGE, ARROW)

    with pytest.raises(ReviewError, match="has 2 marks of Ada"):
        ada.draw(IMAGE, ARROW)
    ada.draw(IMAGE, CIRCLE, replaces=first.number)
