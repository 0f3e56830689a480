"""What a run makes of the folder that it is given: its labels, its split, and what it refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from bloodsmear.classifiers.label_set import LabelSet
from bloodsmear.classifiers.labels import Label
from bloodsmear.errors import DataSetError, TrainingError
from bloodsmear.jobs import report_nowhere
from bloodsmear.jobs.training_files import SPLIT_FILE
from bloodsmear.teaching.labelled_folder import CROPS_FILE
from training.data.folder_labels import FolderLabels
from training.data.split import read_split, write_split
from training.fitting.prepared_run import PreparedRun
from training.fitting.presets import default_config
from training.fitting.run import RunRequest, prepare_run

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
    older = tmp_path / "older.json"
    write_split(older, replace(split, fingerprints={}))
    request = RunRequest(root, tmp_path / "second", CONFIG, older)
    with pytest.raises(DataSetError, match="Make a new split"):
        prepare_run(request, report_nowhere)
    assert not (tmp_path / "second").exists()


def test_a_run_on_crops_of_cells_is_one_of_cells_also_when_the_list_of_them_is_gone(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(12)
    (root / CROPS_FILE).touch()
    assert prepare(root, tmp_path / "run").data_set.of_cells
    (root / CROPS_FILE).unlink()
    assert prepare(root, tmp_path / "run").data_set.of_cells
    assert not prepare(root, tmp_path / "another").data_set.of_cells


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


def test_a_run_remembers_its_own_labels_and_takes_neither_others_nor_one_more(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(12)
    for folder, name in zip(
        ("Benign", "Early", "Pre", "Pro"), ("mono", "lymph", "blast", "band"), strict=True
    ):
        (root / folder).rename(root / name)
    said = LabelSet(tuple(Label(key, key.upper()) for key in ("mono", "lymph", "blast", "band")), "blast")
    first = prepare(root, tmp_path / "run", FolderLabels((), said))
    assert prepare(root, tmp_path / "run").data_set == first.data_set
    with pytest.raises(TrainingError, match="was begun with other words for its folders or labels"):
        prepare(root, tmp_path / "run", FolderLabels((), LabelSet(said.labels[::-1])))
    # The folders' own names are a set, too, which one more folder doesn't change.
    named = prepare(root, tmp_path / "named")
    assert named.data_set.label_keys == ("band", "blast", "lymph", "mono")
    shutil.copytree(root / "mono", root / "more")
    with pytest.raises(DataSetError, match=r"more is not one of the labels \(band, blast, lymph, mono\)"):
        prepare(root, tmp_path / "named")


def test_damaged_words_for_folders_are_named(labelled_folder: Folder, tmp_path: Path) -> None:
    root = labelled_folder(12)
    prepare(root, tmp_path / "run")
    (tmp_path / "run" / "folder_labels.json").write_text("{")
    with pytest.raises(DataSetError, match=r"folder_labels\.json cannot be read"):
        prepare(root, tmp_path / "run")


def with_other_pictures(root: Path, place: Path) -> Path:
    """A folder with the same names, each image of a label turned into the one before it."""
    shutil.copytree(root, place)
    for folder in place.iterdir():
        names = sorted(folder.iterdir())
        pictures = [name.read_bytes() for name in names]
        for name, picture in zip(names, [pictures[-1], *pictures[:-1]], strict=True):
            name.write_bytes(picture)
    return place


def test_a_run_goes_on_with_no_other_pictures_of_the_same_names(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(12)
    prepare(root, tmp_path / "run")
    other = with_other_pictures(root, tmp_path / "other")
    with pytest.raises(
        DataSetError, match=r"48 images in .*other are other pictures than the split was made of"
    ):
        prepare(other, tmp_path / "run")


def test_a_run_goes_on_where_its_folder_was_moved_and_not_where_images_are_gone(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(12)
    first = prepare(root, tmp_path / "run")
    moved = root.rename(tmp_path / "moved")
    assert prepare(moved, tmp_path / "run").split == first.split
    (moved / "Pre" / "smear (3).png").unlink()
    with pytest.raises(DataSetError, match=r"1 images that the run was begun with are not in .*smear \(3\)"):
        prepare(moved, tmp_path / "run")


def test_an_older_run_that_knows_its_images_by_their_names_only_goes_on(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root, run = labelled_folder(12), tmp_path / "run"
    older = replace(prepare(root, run).split, fingerprints={})
    write_split(run / SPLIT_FILE, older)
    assert "fingerprints" not in (run / SPLIT_FILE).read_text("utf-8")
    assert prepare(with_other_pictures(root, tmp_path / "other"), run).split == older
