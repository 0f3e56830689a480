"""How far a reader is in folders that were opened before."""

from pathlib import Path

from bloodsmear.jobs import Cancel
from bloodsmear.review.decisions import UNSURE
from bloodsmear.review.records import ImageRecord
from bloodsmear.review.sign_off import ReviewProgress
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.folder_progress import read_progress
from bloodsmear.workflows.reviewing import Reviewing

FOLDER, OTHER = Path("/smears/may"), Path("/smears/june")


def study(place: Path, name: str, *folders: Path, decided: int = 0, reader: str = "Ada") -> None:
    """A study of three images, of which the first ones are decided."""
    with StudyStore.open_or_create(place / name, StudyHead(folders[0], folders, ())) as store:
        store.list_images((f"{number}.png", "may") for number in range(3))
        if decided:
            Reviewing(store, reader).decide([f"{number}.png" for number in range(decided)], UNSURE)


def test_a_folders_progress_is_that_of_the_reader_in_its_study(tmp_path: Path) -> None:
    study(tmp_path, "a.bloodsmear", FOLDER, decided=2)
    progress = read_progress(tmp_path, [FOLDER, OTHER], "Ada", Cancel())
    assert progress == {FOLDER: ReviewProgress(3, 2)}
    assert read_progress(tmp_path, [FOLDER], "Ben", Cancel()) == {FOLDER: ReviewProgress(3, 0)}


def test_of_several_studies_the_one_worked_on_last_counts(tmp_path: Path) -> None:
    study(tmp_path, "a.bloodsmear", FOLDER, decided=1)
    study(tmp_path, "b.bloodsmear", FOLDER)
    assert read_progress(tmp_path, [FOLDER], "Ada", Cancel()) == {FOLDER: ReviewProgress(3, 1)}


def test_a_study_of_more_folders_and_what_is_not_a_study_are_passed_over(tmp_path: Path) -> None:
    study(tmp_path, "a.bloodsmear", FOLDER, OTHER, decided=1)
    (tmp_path / "b.bloodsmear").write_bytes(b"no study")
    assert read_progress(tmp_path, [FOLDER, OTHER], "Ada", Cancel()) == {}


def test_an_acknowledged_image_is_counted_beside_the_decided_ones(tmp_path: Path) -> None:
    study(tmp_path, "a.bloodsmear", FOLDER, decided=1)
    with StudyStore.open_or_create(tmp_path / "a.bloodsmear", StudyHead(FOLDER, (FOLDER,), ())) as store:
        store.put(ImageRecord("2.png", "may", "unreadable", error="cut", sha256="ee" * 32))
        Reviewing(store, "Ada").acknowledge(["2.png"])
    progress = read_progress(tmp_path, [FOLDER], "Ada", Cancel())[FOLDER]
    assert (progress, progress.done) == (ReviewProgress(3, 1, 1), 2)
    assert progress.words == "1 of 3 decided, 1 acknowledged"
