from pathlib import Path

import pytest

from bloodsmear.errors import DataSetError
from bloodsmear.teaching.labelled_folder import read_labelled_folder
from tests.bloodsmear.teaching.conftest import noise, write_picture


def fill(folder: Path, count: int = 10) -> None:
    for number in range(count):
        write_picture(folder / f"{number}.png", noise("platelet", number))


def test_folder_names_are_the_labels_in_natural_order_and_cases_lie_below(labelled: Path) -> None:
    folder = read_labelled_folder(labelled)
    assert [(label.key, label.name) for label in folder.labels] == [
        ("basophil", "basophil"),
        ("lymphocyte", "lymphocyte"),
        ("platelet", "platelet"),
    ]
    assert set(folder.cases) == {"case-0", "case-1", "case-2", "case-3"}
    assert folder.targets.tolist() == [0] * 16 + [1] * 16 + [2] * 16


def test_the_data_sets_own_spellings_are_its_four_labels_in_reading_order(tmp_path: Path) -> None:
    for name in ("[Malignant] early Pre-B", "Benign", "Pre", "[Malignant] Pro-B"):
        fill(tmp_path / name)
    labels = read_labelled_folder(tmp_path).labels
    assert [label.key for label in labels] == ["benign", "early_pre_b", "pre_b", "pro_b"]


def test_a_folder_called_pro_among_others_is_a_label_of_its_own(tmp_path: Path) -> None:
    for name in ("Blast", "Pro"):
        fill(tmp_path / name)
    assert [(one.key, one.name) for one in read_labelled_folder(tmp_path).labels] == [
        ("blast", "Blast"),
        ("pro", "Pro"),
    ]


def test_a_label_of_your_own_beside_three_of_the_data_sets_leaves_them_their_keys(tmp_path: Path) -> None:
    for name in ("Benign", "Early", "[Malignant] Pre-B", "Artefact"):
        fill(tmp_path / name)
    folder = read_labelled_folder(tmp_path)
    assert [(one.key, one.name) for one in folder.labels] == [
        ("artefact", "Artefact"),
        ("benign", "Benign"),
        ("early_pre_b", "Early Pre-B"),
        ("pre_b", "Pre-B"),
    ]
    assert folder.strangers == ("Artefact",)


def test_one_folder_of_images_in_each_label_is_not_a_case(tmp_path: Path) -> None:
    for name in ("a", "b"):
        fill(tmp_path / name / "all")
    folder = read_labelled_folder(tmp_path)
    assert set(folder.cases) == {""}
    assert folder.lone_folders
    fill(tmp_path / "a" / "another")
    assert not read_labelled_folder(tmp_path).lone_folders


def test_hidden_folders_are_passed_over_and_loose_images_counted(tmp_path: Path) -> None:
    for name in ("a", "b", ".trash"):
        fill(tmp_path / name)
    write_picture(tmp_path / "loose.png", noise("platelet", 1))
    folder = read_labelled_folder(tmp_path)
    assert [label.key for label in folder.labels] == ["a", "b"]
    assert folder.loose_images == 1


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (("a",), "holds 1 folder; a head is taught 2 to 40 labels"),
        (("a", "---"), "cannot be a label: it needs letters of a to z or digits"),
        (("a", "unsure"), "readers decide unsure in place of a label"),
        (("Pre B", "pre-b"), "name the same label"),
        (("Pre", "Pre-B", "Blast"), "name the same label"),
    ],
)
def test_what_cannot_be_a_set_of_labels_is_refused(
    tmp_path: Path, names: tuple[str, ...], complaint: str
) -> None:
    for name in names:
        fill(tmp_path / name)
    with pytest.raises(DataSetError, match=complaint):
        read_labelled_folder(tmp_path)


def test_a_label_with_few_images_is_named(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    fill(tmp_path / "b", 9)
    with pytest.raises(DataSetError, match="has 9 images; at least 10 of b are needed"):
        read_labelled_folder(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match="cannot be opened"):
        read_labelled_folder(tmp_path / "gone")
