"""A study opens only where its owner says: its folders are shown and asked for before anything there is touched."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.known_folders import remember_folders, unknown_folders
from bloodsmear.review.events import Entry
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.html_export import export_html
from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of

DrawImage = Callable[..., Path]


def foreign_study(tmp_path: Path, root: Path, image: str, sha256: str, *folders: Path) -> Path:
    """A study as somebody else may have written it, with a decided image that has its picture in a report."""
    path = tmp_path / "foreign.bloodsmear"
    with StudyStore.open_or_create(path, StudyHead(root, folders or (root,), ())) as store:
        store.put(ImageRecord(image, "case", "ok", sha256=sha256))
        store.events.append(0, lambda _there: [Entry("decided", "Mallory", image, "case", sha256, "unsure")])
    return path


def has_picture(study: Path, target: Path) -> bool:
    export_html(study, target)
    return b"data:image/jpeg" in target.read_bytes()


def sha256_of(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_folder_that_was_opened_is_known_with_what_lies_in_it(tmp_path: Path) -> None:
    smears = tmp_path / "smears"
    assert unknown_folders([smears]) == (smears,)
    remember_folders([smears])

    assert unknown_folders([smears, smears / "case 1"]) == ()
    assert unknown_folders([tmp_path]) == (tmp_path,)
    away = smears / ".." / "elsewhere"
    assert unknown_folders([away, Path("smears")]) == (away, Path("smears"))
    assert b"smears" not in paths.known_folders().read_bytes()


def test_of_more_folders_than_are_kept_the_oldest_is_asked_for_again(tmp_path: Path) -> None:
    for day in range(5):
        remember_folders(tmp_path / f"day {day}" / str(folder) for folder in range(10_000))
    first, last = tmp_path / "day 0" / "0", tmp_path / "day 4" / "9999"

    assert unknown_folders([first, last]) == (first,)
    remember_folders([first])
    assert unknown_folders([first, last]) == ()
    assert paths.known_folders().stat().st_size < 2_000_000


def test_a_share_of_another_pc_is_shown_as_it_stands_and_not_touched() -> None:
    sentence = strange_folders_sentence(Path("a.bloodsmear"), [Path("\\\\server\\share\x1b[2J")])

    assert "\\\\server\\share\\x1b" in sentence
    assert "\x1b" not in sentence


def test_pictures_of_strange_folders_are_not_read(tmp_path: Path, draw_image: DrawImage) -> None:
    image = draw_image(tmp_path / "private" / "1.png", seed=1)
    study = foreign_study(tmp_path, image.parent, "1.png", sha256_of(image))

    assert not has_picture(study, tmp_path / "r.html")
    assert "were not opened on this PC before" in (tmp_path / "r.html").read_text("utf-8")
    remember_folders(unknown_folders_of(study))
    assert has_picture(study, tmp_path / "r.html")


@pytest.mark.parametrize("name", ["private/1.png", "smears/../private/1.png"])
def test_pictures_come_from_the_studys_folders_alone(
    tmp_path: Path, draw_image: DrawImage, name: str
) -> None:
    image = draw_image(tmp_path / "private" / "1.png", seed=1)
    (tmp_path / "smears").mkdir()
    remember_folders([tmp_path])
    study = foreign_study(tmp_path, tmp_path, name, sha256_of(image), tmp_path / "smears")

    assert not has_picture(study, tmp_path / "r.html")


def test_no_picture_is_shown_without_the_sha256_of_what_was_read(
    tmp_path: Path, draw_image: DrawImage
) -> None:
    image = draw_image(tmp_path / "smears" / "1.png", seed=1)
    remember_folders([tmp_path])

    assert not has_picture(foreign_study(tmp_path, image.parent, "1.png", ""), tmp_path / "r.html")
