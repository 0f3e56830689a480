"""What a run makes of the folder that it is given: its labels, its split, and what it refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs import report_nowhere
from bloodsmear.jobs.training_files import SPLIT_FILE
from training.data.folder_labels import FolderLabels
from training.data.split import read_split
from training.fitting.presets import default_config
from training.fitting.run import PreparedRun, RunRequest, prepare_run

Folder = Callable[[int], Path]
CONFIG = default_config("unet", width_px=8, height_px=8)


def prepare(data: Path, run: Path, labels: FolderLabels | None = None) -> PreparedRun:
    request = (
        RunRequest(data, run, CONFIG) if labels is None else RunRequest(data, run, CONFIG, labels=labels)
    )
    return prepare_run(request, report_nowhere)


def test_the_same_picture_under_two_labels_is_not_fitted_on(labelled_folder: Folder, tmp_path: Path) -> None:
    root = labelled_folder(12)
    shutil.copy(root / "Pre" / "smear (1).png", root / "Pro" / "again.png")
    with pytest.raises(DataSetError, match=r"Pre/smear \(1\)\.png and Pro/again\.png are the same picture"):
        prepare(root, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_split_lies_in_the_runs_folder_and_is_read_back(labelled_folder: Folder, tmp_path: Path) -> None:
    prepared = prepare(labelled_folder(12), tmp_path / "run")
    assert read_split(tmp_path / "run" / SPLIT_FILE) == prepared.split


def test_a_named_split_that_leaks_is_refused_before_the_run_begins(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(12)
    split = prepare(root, tmp_path / "first").split
    trained, measured = (
        next(name for name, part in split.parts.items() if part == wanted and name.startswith("Pre"))
        for wanted in ("train", "held_out")
    )
    shutil.copy(root / trained, root / measured)
    request = RunRequest(root, tmp_path / "second", CONFIG, tmp_path / "first" / SPLIT_FILE)
    with pytest.raises(DataSetError, match="Make a new split"):
        prepare_run(request, report_nowhere)
    assert not (tmp_path / "second").exists()


def test_a_run_remembers_what_its_folders_stand_for(labelled_folder: Folder, tmp_path: Path) -> None:
    root = labelled_folder(12)
    (root / "Benign").rename(root / "Haematogones")
    labels = FolderLabels((("Haematogones", "benign"),))
    first = prepare(root, tmp_path / "run", labels)
    again = prepare(root, tmp_path / "run")
    assert again.data_set == first.data_set
    assert again.split == first.split


def test_a_run_goes_on_with_no_other_words_for_its_folders(labelled_folder: Folder, tmp_path: Path) -> None:
    root = labelled_folder(12)
    prepare(root, tmp_path / "run", FolderLabels((("Pre", "pre_b"),)))
    with pytest.raises(TrainingError, match="was begun with other words for its folders"):
        prepare(root, tmp_path / "run", FolderLabels((("Pre", "pro_b"), ("Pro", "pre_b"))))


def test_damaged_words_for_folders_are_named(labelled_folder: Folder, tmp_path: Path) -> None:
    root = labelled_folder(12)
    prepare(root, tmp_path / "run")
    (tmp_path / "run" / "folder_labels.json").write_text("{")
    with pytest.raises(DataSetError, match=r"folder_labels\.json cannot be read"):
        prepare(root, tmp_path / "run")
