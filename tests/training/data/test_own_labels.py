"""Folders of a laboratory's own labels: what makes them a set, and what is asked about."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.classifiers.label_set import OURS, LabelSet
from bloodsmear.classifiers.labels import Label
from bloodsmear.errors import DataSetError, UsageError
from training.data.data_set import read_data_set, scan_data_set
from training.data.folder_labels import AS_SPELLED, FolderLabels, parse_folder_labels, read_label_file

Folder = Callable[[int], Path]
CELLS = LabelSet((Label("blast", "Blast"), Label("lymph", "Lymphozyt"), Label("band", "Stab")), "blast")


def renamed(root: Path, *names: str) -> Path:
    """The folder with its first folders named so, and without the others."""
    folders = sorted(root.iterdir())
    for folder in folders[len(names) :]:
        shutil.rmtree(folder)
    for folder, name in zip(folders, names, strict=False):
        folder.rename(root / name)
    return root


def label_file(place: Path, text: str) -> Path:
    (place / "labels.toml").write_text(text, "utf-8")
    return place / "labels.toml"


def test_folders_of_other_names_name_the_labels_in_natural_order(labelled_folder: Folder) -> None:
    root = labelled_folder(1)
    renamed(root, "type 10", "type 9", "Normal", "NK cell")
    data_set = read_data_set(root)
    assert data_set.label_set.labels == (
        Label("nk_cell", "NK cell"),
        Label("normal", "Normal"),
        Label("type_9", "type 9"),
        Label("type_10", "type 10"),
    )
    assert [image.label for image in data_set.images] == list(data_set.label_keys)
    assert data_set.targets == [0, 1, 2, 3]


def test_two_folders_are_enough_and_one_alone_is_asked_about(labelled_folder: Folder) -> None:
    root = labelled_folder(1)
    renamed(root, "hem", "all")
    assert read_data_set(root).label_keys == ("all", "hem")
    shutil.rmtree(root / "all")
    with pytest.raises(DataSetError, match="hem is not a known label"):
        read_data_set(root)


@pytest.mark.parametrize("name", ["Bening", "Blast"])
def test_three_known_folders_and_one_unknown_are_not_a_set_of_their_own(
    labelled_folder: Folder, name: str
) -> None:
    root = labelled_folder(1)
    (root / "Benign").rename(root / name)
    scan = scan_data_set(root, AS_SPELLED)
    assert scan.data_set.label_set is OURS
    assert scan.wants_labels
    with pytest.raises(DataSetError, match=f"{name} is not a known label") as refused:
        read_data_set(root)
    assert "--labels FILE.toml" in refused.value.at_terminal


def test_an_ignored_folder_is_not_a_label_and_a_folder_said_to_be_one_of_the_four_makes_all_of_them_so(
    labelled_folder: Folder,
) -> None:
    root = labelled_folder(1)
    renamed(root, "blast", "lymph", "band", "old")
    ignoring = FolderLabels((("old", "ignore"),))
    assert read_data_set(root, ignoring).label_keys == ("band", "blast", "lymph")
    assert scan_data_set(root, FolderLabels((("blast", "pre_b"),))).data_set.label_set is OURS


def test_a_file_names_the_labels_in_its_order_and_folders_are_known_by_key_or_name(
    labelled_folder: Folder, tmp_path: Path
) -> None:
    root = labelled_folder(1)
    renamed(root, "BLAST", "stab", "small round", "old")
    file = label_file(
        tmp_path,
        'matters_first = "blast"\n[labels]\nblast = "Blast"\nlymph = "Lymphozyt"\nband = "Stab"\n',
    )
    label_set = read_label_file(file)
    assert label_set == CELLS
    labels = parse_folder_labels(["Small Round=Lymphozyt", "old=ignore"], label_set)
    data_set = read_data_set(root, labels)
    assert data_set.label_set == CELLS
    assert [(image.path.parent.name, image.label) for image in data_set.images] == [
        ("BLAST", "blast"),
        ("small round", "lymph"),
        ("stab", "band"),
    ]
    with pytest.raises(DataSetError, match=r"old is not one of the labels \(Blast, Lymphozyt, Stab\)"):
        read_data_set(root, parse_folder_labels(["small round=lymph"], label_set))


def test_a_label_of_the_set_without_images_is_missed(labelled_folder: Folder) -> None:
    root = labelled_folder(1)
    renamed(root, "blast", "lymph")
    with pytest.raises(DataSetError, match="has no images of Stab"):
        read_data_set(root, FolderLabels((), CELLS))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[labels]\na = "A"', "A set has 2 to 40 labels; here are 1"),
        ('[labels]\na = "A"\nb = "a"', "Two labels have the name 'a'"),
        ('[labels]\na = "A"\nunsure = "Unsure"', "'unsure' cannot be a label: readers decide it"),
        ('[labels]\nA = "A"\nb = "B"', "A label's key has small letters a to z"),
        ('[labels]\na = ""\nb = "B"', "A label's name is one line"),
        (
            '[labels]\na = "Benign"\nb = "B"',
            "'Benign' is one of the four built-in labels, whose key is 'benign'",
        ),
        ('[labels]\nbenign = "Normal"\nb = "B"', "The label 'benign' is called Benign, not 'Normal'"),
        ('matters_first = "c"\n[labels]\na = "A"\nb = "B"', "matters_first is 'c', which is not one of"),
        ('[label]\na = "A"', "unknown field `label`"),
        ("[labels", "does not name labels"),
    ],
)
def test_a_file_that_names_no_set_says_why(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_label_file(label_file(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml cannot be opened"):
        read_label_file(tmp_path / "none.toml")


def test_folders_that_cannot_be_labels_say_why(labelled_folder: Folder) -> None:
    root = labelled_folder(1)
    renamed(root, "бласт", "лимф")
    with pytest.raises(DataSetError, match=r"gives its label no key\. Rename the folder, or say"):
        read_data_set(root)
    said = LabelSet((Label("blast", "Бласт"), Label("lymph", "Лимф")))
    assert read_data_set(root, FolderLabels((), said)).label_keys == ("blast", "lymph")
