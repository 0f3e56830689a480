"""A set of images with known labels, and a reader's score on it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.errors import DataSetError, ReportError
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.competence import Competence, make_set, score_reader
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b", "pro_b", "early_pre_b"))


def write_smear(path: Path, grey: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, content = cv2.imencode(".png", np.full((8, 8, 3), grey, np.uint8))
    path.write_bytes(content.tobytes())


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Four images of Benign and four of Pre-B."""
    for number in range(4):
        write_smear(tmp_path / "known" / "Benign" / f"benign {number}.png", 10 + number)
        write_smear(tmp_path / "known" / "Pre" / f"pre {number}.png", 100 + number)
    return tmp_path / "known"


@pytest.fixture
def study(tmp_path: Path, labelled: Path) -> Iterator[StudyStore]:
    """The set made of them, listed and read by nobody yet, and one image from elsewhere."""
    target = tmp_path / "set"
    make_set(labelled, target)
    write_smear(target / "other.png", 250)
    with StudyStore.open_or_create(tmp_path / "s", StudyHead(target, (target,), (MARK,))) as store:
        names = sorted(path.name for path in target.iterdir())
        store.list_images([(name, "set") for name in names])
        for name in names:
            sha256 = hashlib.sha256((target / name).read_bytes()).hexdigest()
            store.put(ImageRecord(name, "set", "ok", sha256=sha256))
        yield store


def label_of(store: StudyStore, image: str) -> str:
    picture = cv2.imread(str(store.head.root / image))
    assert picture is not None
    grey = int(picture[0, 0, 0])
    return "benign" if grey < 100 else "pre_b"


def images(store: StudyStore) -> list[str]:
    return [one.image for one in store.listed_images() if one.image != "other.png"]


def scored(store: StudyStore, labelled: Path) -> Competence:
    return score_reader(store.path, labelled, "Ada")


def test_a_set_holds_every_image_once_under_a_name_that_tells_nothing(labelled: Path, tmp_path: Path) -> None:
    write_smear(labelled / "Pre" / "again.png", 100)
    target = tmp_path / "set"

    assert make_set(labelled, target) == 8

    names = sorted(path.name for path in target.iterdir())
    assert names == [f"image {number:04}.png" for number in range(1, 9)]
    assert len({(target / name).read_bytes() for name in names}) == 8
    assert len(list(labelled.rglob("*.png"))) == 9


def test_a_folder_with_something_in_it_is_left_as_it_is(labelled: Path, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "mine.txt").write_text("mine")
    with pytest.raises(ReportError, match="is not an empty folder"):
        make_set(labelled, tmp_path / "set")
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["mine.txt"]


def test_each_label_has_its_share_with_an_interval(study: StudyStore, labelled: Path) -> None:
    ada = Reviewing(study, "Ada")
    for image in images(study):
        ada.decide([image], label_of(study, image), answers_hidden=True)
    wrong = next(image for image in images(study) if label_of(study, image) == "pre_b")
    ada.decide([wrong], "unsure", answers_hidden=True)

    found = scored(study, labelled)

    by_label = {one.label: one for one in found.scores}
    assert (by_label["benign"].images, by_label["benign"].decided) == (4, 4)
    right = by_label["pre_b"].right
    assert right is not None
    assert right.value == 0.75
    assert right.low is not None
    assert right.high is not None
    assert right.low < 0.75 < right.high
    assert dict(by_label["pre_b"].named) == {"pre_b": 3, "unsure": 1}
    assert found.right is not None
    assert (found.right.value, found.kappa.images, found.unknown) == (0.875, 8, 1)


def test_labels_come_in_the_order_in_which_the_study_lists_them(study: StudyStore, labelled: Path) -> None:
    write_smear(labelled / "Early" / "other.png", 250)
    assert [one.label for one in scored(study, labelled).scores] == ["benign", "early_pre_b", "pre_b"]


def test_what_was_decided_with_an_answer_in_sight_does_not_count(study: StudyStore, labelled: Path) -> None:
    ada = Reviewing(study, "Ada")
    first, second, *_ = images(study)
    ada.decide([first], label_of(study, first), answers_hidden=True)
    ada.decide([second], label_of(study, second), answers_hidden=False)

    found = scored(study, labelled)

    assert (found.seen, found.undecided, found.kappa.images) == (1, 6, 1)


def test_an_image_that_lies_under_two_labels_counts_for_none(study: StudyStore, labelled: Path) -> None:
    write_smear(labelled / "Benign" / "the same.png", 100)
    found = scored(study, labelled)
    assert (found.ambiguous, sum(one.images for one in found.scores)) == (1, 7)


def test_another_folder_is_refused(study: StudyStore, tmp_path: Path) -> None:
    write_smear(tmp_path / "else" / "Benign" / "a.png", 1)
    write_smear(tmp_path / "else" / "Pre" / "b.png", 2)
    with pytest.raises(DataSetError, match="Give the folder that the set was made of"):
        scored(study, tmp_path / "else")
