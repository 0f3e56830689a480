"""Copies of images in folders by what was decided: from a reading a folder to train on."""

import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.errors import ReportError, UsageError
from bloodsmear.known_folders import remember_folders
from bloodsmear.reports.report_kind import ReportScope
from bloodsmear.review.records import Answer, ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.teaching.labelled_folder import read_labelled_folder
from bloodsmear.workflows.images_by_decision import copy_by_decision
from bloodsmear.workflows.reviewing import Reviewing

MARK = ClassifierMark("vgg16", "VGG16", "1.0+1a", "1a" * 32, ("benign", "pre_b"))
NAMES = tuple(f"case {case}/smear {number}.png" for case in (1, 2) for number in range(12))
FIRST, SECOND, THIRD = NAMES[:3]
Copy = Callable[..., tuple[int, tuple[str, ...]]]


def write_smear(path: Path, grey: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, content = cv2.imencode(".png", np.full((8, 8, 3), grey, np.uint8))
    path.write_bytes(content.tobytes())


def record_of(image: str, sha256: str) -> ImageRecord:
    answers = (Answer(MARK, Prediction((0.8, 0.2))),)
    return ImageRecord(image, image.partition("/")[0], "ok", sha256=sha256, answers=answers)


def put(store: StudyStore, image: str) -> None:
    sha256 = hashlib.sha256((store.head.root / image).read_bytes()).hexdigest()
    store.put(record_of(image, sha256))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StudyStore]:
    """24 images in two cases, read; the folder was opened here."""
    root = tmp_path / "smears"
    for number, name in enumerate(NAMES):
        write_smear(root / name, number)
    remember_folders([root])
    with StudyStore.open_or_create(tmp_path / "s", StudyHead(root, (root,), (MARK,))) as study:
        study.list_images([(name, name.partition("/")[0]) for name in NAMES])
        for name in NAMES:
            put(study, name)
        yield study


@pytest.fixture
def ada(store: StudyStore) -> Reviewing:
    return Reviewing(store, "Ada")


@pytest.fixture
def copy(store: StudyStore, tmp_path: Path) -> Copy:
    def copy_them(scope: ReportScope | None = None) -> tuple[int, tuple[str, ...]]:
        return copy_by_decision(store.path, tmp_path / "copies", scope)

    return copy_them


def files(tmp_path: Path) -> list[str]:
    folder = tmp_path / "copies"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def provenance(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "copies" / "provenance.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_each_label_has_a_folder_with_a_folder_for_each_case(
    ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    ada.decide([FIRST], "benign")
    ada.decide([SECOND, "case 2/smear 0.png"], "pre_b")

    count, sentences = copy()

    assert count == 3
    assert files(tmp_path) == [
        "benign/case 1/smear 0.png",
        "pre_b/case 1/smear 1.png",
        "pre_b/case 2/smear 0.png",
        "provenance.csv",
    ]
    assert sentences == (
        "21 images are left out, for nobody decided (case 1/smear 2.png, case 1/smear 3.png, case 1/smear 4.png …).",
    )
    assert all((tmp_path / "smears" / name).is_file() for name in NAMES)


def test_the_provenance_says_where_each_comes_from_and_who_decided(
    ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    ada.decide([FIRST], "benign")
    copy()
    (row,) = provenance(tmp_path)
    content = (tmp_path / "smears" / FIRST).read_bytes()
    assert (row["file"], row["image"], row["case"]) == ("benign/case 1/smear 0.png", FIRST, "case 1")
    assert (row["decision"], row["reader"], row["signed_off_by"]) == ("benign", "Ada", "")
    assert row["sha256"] == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "copies" / row["file"]).read_bytes() == content
    assert row["intended_use"] == RESEARCH_USE


def test_what_was_copied_can_be_taught_from_with_its_cases(
    ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    ada.decide([name for number, name in enumerate(NAMES) if number % 2], "benign")
    ada.decide([name for number, name in enumerate(NAMES) if not number % 2], "pre_b")
    copy()
    read = read_labelled_folder(tmp_path / "copies")
    assert [label.key for label in read.labels] == ["benign", "pre_b"]
    assert set(read.cases) == {"case 1", "case 2"}


def test_what_is_not_a_label_is_left_out_and_said(ada: Reviewing, copy: Copy, tmp_path: Path) -> None:
    ada.decide([FIRST], "unsure")
    ada.decide([SECOND], "benign")
    _, sentences = copy()
    assert "1 image is left out, for what was decided is not a label (case 1/smear 0.png)." in sentences
    assert files(tmp_path) == ["benign/case 1/smear 1.png", "provenance.csv"]


def test_the_same_bytes_go_once_and_nowhere_where_they_were_decided_differently(
    store: StudyStore, ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    for image, grey in ((SECOND, 0), ("case 2/smear 1.png", 100), ("case 2/smear 2.png", 100)):
        write_smear(store.head.root / image, grey)
        put(store, image)
    ada.decide([FIRST, SECOND, "case 2/smear 1.png"], "benign")
    ada.decide(["case 2/smear 2.png"], "pre_b")

    count, sentences = copy()

    assert count == 1
    told = " ".join(sentences)
    assert "for the same bytes are there already (case 1/smear 1.png)" in told
    assert "for the same bytes were decided differently (case 2/smear 1.png, case 2/smear 2.png)" in told


def test_a_folder_with_something_in_it_is_left_as_it_is(ada: Reviewing, copy: Copy, tmp_path: Path) -> None:
    ada.decide([FIRST], "benign")
    copy()
    before = files(tmp_path)
    with pytest.raises(ReportError, match="nothing in it is written over"):
        copy()
    assert files(tmp_path) == before


def test_a_file_that_changed_since_it_was_read_is_named_and_the_others_are_copied(
    store: StudyStore, ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    ada.decide([FIRST, SECOND], "benign")
    write_smear(store.head.root / FIRST, 200)
    count, sentences = copy()
    assert count == 1
    assert "case 1/smear 0.png (it has changed since it was read)" in sentences[-1]
    assert [row["image"] for row in provenance(tmp_path)] == [SECOND]


def test_a_file_with_several_pictures_goes_where_all_of_them_are_decided_alike(
    store: StudyStore, ada: Reviewing, copy: Copy, tmp_path: Path
) -> None:
    pages = ["case 1/smear 0.png", "case 1/smear 0.png [2]"]
    store.list_images([(name, name.partition("/")[0]) for name in (*NAMES, pages[1])])
    sha256 = hashlib.sha256((store.head.root / FIRST).read_bytes()).hexdigest()
    store.put(record_of(pages[1], sha256))
    ada.decide([pages[0], SECOND], "benign")
    count, sentences = copy()
    assert count == 1
    assert any("other pictures of the file were not decided alike" in sentence for sentence in sentences)


def test_a_part_of_the_study_is_said_to_be_one(ada: Reviewing, copy: Copy, tmp_path: Path) -> None:
    ada.decide([FIRST, SECOND], "benign")
    count, sentences = copy(ReportScope("those marked in the list", frozenset({FIRST, THIRD})))
    assert count == 1
    part = "This is a selection: 2 of the study's 24 images, those marked in the list."
    assert sentences[0] == part
    assert part in (tmp_path / "copies" / "provenance.csv").read_text(encoding="utf-8-sig")


def test_without_a_label_nothing_is_made(copy: Copy, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="No image was decided as a label"):
        copy()
    assert not (tmp_path / "copies").exists()


def test_a_study_from_elsewhere_gives_nothing_before_its_folders_were_opened(
    ada: Reviewing, copy: Copy, home_of_its_own: Path
) -> None:
    ada.decide([FIRST], "benign")
    for path in home_of_its_own.rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(UsageError, match="were not opened on this PC"):
        copy()
