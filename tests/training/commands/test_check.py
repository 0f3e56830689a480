"""`bloodsmear-train check`, from a folder of pictures made on the fly to sentences and an exit status."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

import bloodsmear.images.scan as scan_module
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.jobs.training_messages import BACKENDS, DataChecked, Note, TrainingMessage, decode_message
from training.commands.check import CheckOptions, check
from training.data.folder_labels import AS_SPELLED, FolderLabels
from training.program import main

Folder = Callable[[int], Path]


class Listener:
    """Keeps what was said."""

    def __init__(self) -> None:
        self.messages: list[TrainingMessage] = []

    def say(self, message: TrainingMessage) -> None:
        self.messages.append(message)

    def report(self, progress: Progress) -> None:
        pass

    @property
    def checked(self) -> DataChecked:
        (message,) = [message for message in self.messages if isinstance(message, DataChecked)]
        return message

    @property
    def notes(self) -> list[str]:
        return [message.text for message in self.messages if isinstance(message, Note)]


def check_of(root: Path, labels: FolderLabels = AS_SPELLED) -> tuple[bool, Listener]:
    listener = Listener()
    return check(CheckOptions(root, labels), listener, Cancel()), listener


@pytest.fixture
def without_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python as `dev.py run` makes it: for Python, what stands as None in its modules is not installed."""
    for name in BACKENDS:
        monkeypatch.setitem(sys.modules, name, None)


def rewrite(source: Path, target: Path, change: Callable[[np.ndarray], np.ndarray], *settings: int) -> None:
    picture = cv2.imread(str(source))
    assert picture is not None
    cv2.imwrite(str(target), np.ascontiguousarray(change(picture)), settings)


def cells() -> np.ndarray:
    """A picture that survives JPEG, unlike the noise of the others."""
    picture = np.full((36, 48, 3), 225, np.uint8)
    for x, y, radius in ((10, 9, 6), (30, 20, 8), (40, 6, 4)):
        cv2.circle(picture, (x, y), radius, (150, 60, 120), -1)
    return picture


def test_labels_of_ones_own_are_said_with_their_names(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    for folder, name in zip(
        ("Benign", "Early", "Pre", "Pro"), ("NK cell", "mono", "blast", "band"), strict=True
    ):
        (root / folder).rename(root / name)
    may_start, said = check_of(root)
    assert may_start
    assert said.checked.counts == {"band": 12, "blast": 12, "mono": 12, "nk_cell": 12}
    assert list(said.checked.names.items()) == [
        ("band", "band"),
        ("blast", "blast"),
        ("mono", "mono"),
        ("nk_cell", "NK cell"),
    ]
    assert "The 4 labels are your own: band, blast, mono, NK cell." in said.notes


def test_a_sound_folder_may_be_fitted_and_its_counts_sizes_and_split_are_said(
    labelled_folder: Folder,
) -> None:
    may_start, said = check_of(labelled_folder(12))
    assert may_start
    assert said.checked == DataChecked(
        {"benign": 12, "early_pre_b": 12, "pre_b": 12, "pro_b": 12}, errors=(), warnings=()
    )
    assert said.notes[0] == "All images have 48×36 px."
    assert said.notes[1].startswith("A fit would train on ")


@pytest.mark.usefixtures("without_backend")
def test_where_nothing_can_be_fitted_yet_the_check_warns_with_the_command(labelled_folder: Folder) -> None:
    """Only warns: another Python may fit, which the window asks for after this."""
    may_start, said = check_of(labelled_folder(12))
    (warning,) = said.checked.warnings
    assert may_start
    assert warning.endswith(f'"{Path(__file__).parents[3] / "build_scripts" / "dev.py"}" setup')


def test_images_of_several_sizes_are_counted_by_size(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    first = root / "Pre" / "smear (0).png"
    rewrite(first, first, lambda picture: cv2.resize(picture, (96, 72)))
    assert check_of(root)[1].notes[0].endswith("which a fit brings to one: 47 of 48×36; 1 of 96×72.")


def test_every_unreadable_file_is_named_and_forbids_a_fit(labelled_folder: Folder) -> None:
    root = labelled_folder(13)
    torn, empty = root / "Pro" / "smear (3).png", root / "Early" / "smear (5).png"
    torn.write_bytes(torn.read_bytes()[:900])
    empty.write_bytes(b"")
    may_start, said = check_of(root)
    assert not may_start
    assert said.checked.counts == {"benign": 13, "early_pre_b": 12, "pre_b": 13, "pro_b": 12}
    assert [str(empty) in said.checked.errors[0], str(torn) in said.checked.errors[1]] == [True, True]
    assert all(error.endswith("Or take it out of the folder.") for error in said.checked.errors)


def test_a_folder_that_cannot_be_opened_is_named(
    labelled_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = labelled_folder(12)
    listing = scan_module._listing

    def refuse_pro(folder: Path) -> list[tuple[str, bool]]:
        if folder.name == "Pro":
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    monkeypatch.setattr(scan_module, "_listing", refuse_pro)
    may_start, said = check_of(root)
    assert not may_start
    assert said.checked.errors[0].startswith(f"The folder {root / 'Pro'} cannot be opened.")
    assert "has no images of Pro-B" in said.checked.errors[1]


def test_unknown_folders_are_errors_until_the_user_says_what_they_are(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    (root / "Benign").rename(root / "Haematogones")
    (root / "thrown away").mkdir()
    may_start, said = check_of(root)
    assert not may_start
    assert [error.split(".")[0] for error in said.checked.errors[:2]] == [
        f"The folder {root / name} is not a known label" for name in ("Haematogones", "thrown away")
    ]
    labels = FolderLabels((("Haematogones", "benign"), ("thrown away", "ignore")))
    may_start, said = check_of(root, labels)
    assert may_start
    assert said.checked.warnings == (f"The folder {root / 'thrown away'} is ignored, as you said.",)


def test_a_missing_label_and_one_with_nine_images_are_errors(labelled_folder: Folder) -> None:
    root = labelled_folder(10)
    shutil.rmtree(root / "Pre")
    (root / "Pro" / "smear (9).png").unlink()
    may_start, said = check_of(root)
    assert not may_start
    missing, few = said.checked.errors
    assert "has no images of Pre-B. Add a folder with images for each label" in missing
    assert "has 9 images of Pro-B; at least 10 of each label are needed" in few


def test_an_empty_folder_is_not_a_traceback(tmp_path: Path) -> None:
    may_start, said = check_of(tmp_path)
    assert not may_start
    assert said.checked.counts == {"benign": 0, "early_pre_b": 0, "pre_b": 0, "pro_b": 0}
    assert "has no images of Benign, Early Pre-B, Pre-B, Pro-B" in said.checked.errors[0]


def test_copies_are_named_whatever_their_file_format(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    rewrite(root / "Pre" / "smear (2).png", root / "Pre" / "copy.bmp", lambda picture: picture)
    may_start, said = check_of(root)
    assert may_start
    assert "The same picture more than once counts double" in said.checked.warnings[0]
    assert "Pre/copy.bmp = Pre/smear (2).png" in said.checked.warnings[0]


@pytest.mark.parametrize(
    "change",
    [np.rot90, np.flipud, np.fliplr, lambda picture: np.rot90(picture, 3)[:, ::-1]],
    ids=["turned", "upside down", "mirrored", "turned and mirrored"],
)
def test_near_duplicates_are_named_turned_and_mirrored_ones_too(
    labelled_folder: Folder, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    root = labelled_folder(12)
    rewrite(root / "Early" / "smear (4).png", root / "Early" / "smear (77).png", change)
    may_start, said = check_of(root)
    assert may_start
    (warning,) = said.checked.warnings
    assert warning.startswith("Near duplicates (2 images), of which")
    assert "Early/smear (4).png and Early/smear (77).png" in warning


@pytest.mark.parametrize("settings", [(), (cv2.IMWRITE_JPEG_QUALITY, 60)], ids=["same bytes", "saved again"])
def test_the_same_picture_under_two_labels_is_an_error_that_names_both(
    labelled_folder: Folder, settings: tuple[int, ...]
) -> None:
    root = labelled_folder(12)
    copy = root / "Pro" / ("again.jpg" if settings else "again.png")
    cv2.imwrite(str(root / "Pre" / "smear (1).png"), cells())
    rewrite(root / "Pre" / "smear (1).png", copy, np.rot90 if settings else np.asarray, *settings)
    may_start, said = check_of(root)
    assert not may_start
    (error,) = said.checked.errors
    assert error.startswith(f"Pre/smear (1).png and Pro/{copy.name} are the same picture")
    assert error.endswith("once as Pre-B and once as Pro-B. Keep it under the right label only.")


def test_a_picture_of_one_colour_under_two_labels_is_found_by_its_bytes(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    for name in ("Benign/blank.png", "Pro/blank.png"):
        cv2.imwrite(str(root / name), np.full((36, 48, 3), 240, np.uint8))
    (error,) = check_of(root)[1].checked.errors
    assert error.startswith("Benign/blank.png and Pro/blank.png are the same picture")


def test_a_label_of_copies_only_leaves_nothing_to_measure_and_is_an_error(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    for number in range(1, 12):
        shutil.copy(root / "Pro" / "smear (0).png", root / "Pro" / f"smear ({number}).png")
    may_start, said = check_of(root)
    assert not may_start
    assert "No image of Pro-B" in said.checked.errors[0]


def test_images_beside_the_label_folders_are_warned_of(labelled_folder: Folder) -> None:
    root = labelled_folder(12)
    (root / "Pre" / "smear (11).png").rename(root / "smear (11).png")
    may_start, said = check_of(root)
    assert may_start
    assert "beside the label folders, are not used (1)" in said.checked.warnings[0]


def test_with_case_folders_the_check_says_that_whole_cases_are_held_out(labelled_folder: Folder) -> None:
    root = labelled_folder(15)
    for label in ("Benign", "Early", "Pre", "Pro"):
        for number in range(15):
            case = root / label / f"{label} {number % 5}"
            case.mkdir(exist_ok=True)
            (root / label / f"smear ({number}).png").rename(case / f"smear ({number}).png")
    may_start, said = check_of(root)
    assert may_start
    assert "whole cases: 4 of 20 for validation and 4 held out" in said.notes[1]


def test_a_check_can_be_stopped(labelled_folder: Folder) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(JobCancelled):
        check(CheckOptions(labelled_folder(1), AS_SPELLED), Listener(), cancel)


def test_a_check_can_be_stopped_while_images_are_compared(labelled_folder: Folder) -> None:
    cancel = Cancel()

    class Stopping(Listener):
        def report(self, progress: Progress) -> None:
            if progress == Progress(48, 48, "checking images"):
                cancel.request()

    stopping = Stopping()
    with pytest.raises(JobCancelled):
        check(CheckOptions(labelled_folder(12), AS_SPELLED), stopping, cancel)
    assert stopping.messages == []


def test_the_program_answers_0_1_and_2(labelled_folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = labelled_folder(12)
    assert main(["check", str(root)]) == 0
    assert "12 benign, 12 early_pre_b, 12 pre_b, 12 pro_b" in capsys.readouterr().out
    (root / "Pre").rename(root / "Prae B")
    assert main(["check", str(root)]) == 1
    said = capsys.readouterr().out
    assert "Prae B is not a known label" in said
    assert '--label "FOLDER NAME=LABEL"' in said
    assert main(["check", str(root), "--label", "prae b=pre_b"]) == 0
    assert main(["check", str(root), "--label", "prae b=prae"]) == 2
    assert "is not a label" in capsys.readouterr().err
    assert main(["check", str(root / "nowhere")]) == 2
    assert f"There is no folder {os.fspath(root / 'nowhere')}" in capsys.readouterr().err


def test_to_a_program_the_check_ends_with_one_message(
    labelled_folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.program._listen_for_stop", lambda cancel: None)
    assert main(["--messages", "check", str(labelled_folder(12))]) == 0
    last = decode_message(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(last, DataChecked)
    assert last.errors == ()
