"""The cases of a study as one reader has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.cases import read_cases
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
IMAGES = [(f"case {case}/{number}.png", f"case {case}") for case in (1, 2) for number in (1, 2)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    """Four images in two cases; the last one cannot be read."""
    with StudyStore.open_or_create(tmp_path / "s", StudyHead(tmp_path, (tmp_path,), (MARK,))) as study:
        study.list_images(IMAGES)
        study.put(ImageRecord("case 2/2.png", "case 2", "unreadable", error="cut"))
        yield study


def test_the_figures_are_those_of_the_reader_alone(store: StudyStore) -> None:
    ada = Reviewing(store, "Ada")
    ada.decide(["case 1/1.png", "case 1/2.png"], "benign")
    ada.sign_off_case("case 1")
    Reviewing(store, "Ben").decide(["case 1/1.png"], "pre_b")

    hers, his = read_cases(store.path, "Ada"), read_cases(store.path, "Ben")

    assert [case.summary.case for case in hers.cases] == ["case 1", "case 2"]
    first = hers.cases[0].summary
    assert (dict(first.decisions), first.undecided) == ({"benign": 2}, 0)
    assert [event.entry.reader for event in first.sign_offs] == ["Ada"]
    ben = his.cases[0].summary
    assert (dict(ben.decisions), ben.undecided, ben.sign_offs) == ({"pre_b": 1}, 1, ())
    assert hers.choices == ("benign", "pre_b", "unsure", "other", "not_evaluable")


def test_an_unreadable_image_counts_as_undecided_until_it_is_acknowledged(store: StudyStore) -> None:
    ada = Reviewing(store, "Ada")
    ada.decide(["case 2/1.png"], "benign")
    assert read_cases(store.path, "Ada").cases[1].summary.undecided == 1
    ada.acknowledge(["case 2/2.png"])
    second = read_cases(store.path, "Ada").cases[1]
    assert (second.summary.undecided, second.summary.acknowledged) == (0, 1)
    assert [row.record.image for row in second.rows] == ["case 2/1.png", "case 2/2.png"]


def test_a_consensus_read_has_only_what_readers_differ_on(store: StudyStore) -> None:
    Reviewing(store, "Ada").decide(["case 1/1.png", "case 1/2.png"], "benign")
    Reviewing(store, "Ben").decide(["case 1/1.png", "case 1/2.png"], "benign")
    Reviewing(store, "Ben").decide(["case 1/2.png"], "pre_b")
    cara = Reviewing(store, "Cara")
    cara.read_for_consensus(on=True)

    read = read_cases(store.path, "Cara")

    assert read.for_consensus
    assert [[row.record.image for row in case.rows] for case in read.cases] == [["case 1/2.png"]]
