"""A labelled folder as it is named on a command line."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

import bloodsmear.images.scan as scan_module
from bloodsmear.errors import DataSetError
from bloodsmear.images.scan import Scan
from training.data.data_set import read_data_set, scan_data_set
from training.data.folder_labels import AS_SPELLED, FolderLabels
from training.data.split import SplitSettings, make_split


def test_a_folder_named_by_a_relative_path_can_be_split(
    labelled_folder: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled_folder(12)
    beside = tmp_path / "beside"
    beside.mkdir()
    monkeypatch.chdir(beside)

    data_set = read_data_set(Path("..") / "smears")
    split = make_split(data_set, np.arange(48), SplitSettings(seed=1))

    assert "Benign/smear (0).png" in split.parts
    assert split.indices(data_set, "held_out")


def test_targets_follow_the_classifiers_own_output_order(labelled_folder: Callable[[int], Path]) -> None:
    data_set = read_data_set(labelled_folder(1))
    assert [image.label for image in data_set.images] == ["benign", "early_pre_b", "pre_b", "pro_b"]
    assert data_set.targets == [0, 1, 2, 3]
    assert data_set.targets_in(("benign", "pre_b", "pro_b", "early_pre_b")) == [0, 3, 1, 2]


def test_a_classifier_with_other_labels_is_not_evaluated(labelled_folder: Callable[[int], Path]) -> None:
    with pytest.raises(
        DataSetError, match=r"answers benign, blast, but .* holds benign, early_pre_b, pre_b, pro_b"
    ):
        read_data_set(labelled_folder(1)).targets_in(("benign", "blast"))


def test_hidden_folders_are_passed_over(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(1)
    (root / ".thumbnails").mkdir()
    (root / "Pre" / ".thumbnails").mkdir()
    (root / "Pre" / ".thumbnails" / "smear (0).png").write_bytes(b"small")
    assert len(read_data_set(root).images) == 4


def test_a_folder_of_another_name_counts_as_the_user_says(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(2)
    (root / "Benign").rename(root / "Haematogones")
    (root / "old").mkdir()
    labels = FolderLabels((("haematogones", "benign"), ("old", "ignore")))
    assert read_data_set(root, labels).targets == [0, 0, 1, 1, 2, 2, 3, 3]
    with pytest.raises(DataSetError, match="Haematogones is not a known label") as refused:
        read_data_set(root)
    assert '--label "FOLDER NAME=LABEL"' in refused.value.at_terminal
    assert "--" not in str(refused.value)


def test_a_mapping_of_a_folder_that_is_not_there_is_refused(labelled_folder: Callable[[int], Path]) -> None:
    with pytest.raises(DataSetError, match="A label was given to the folder Bening, but"):
        read_data_set(labelled_folder(1), FolderLabels((("Bening", "benign"),)))


def test_a_sub_folder_that_cannot_be_opened_is_named_not_dropped(
    labelled_folder: Callable[[int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = labelled_folder(1)
    locked = root / "Pre" / "case 7"
    locked.mkdir()
    listing = scan_module._listing

    def refuse_locked(folder: Path) -> list[tuple[str, bool]]:
        if folder == locked:
            raise PermissionError(13, "Permission denied", str(folder))
        return listing(folder)

    monkeypatch.setattr(scan_module, "_listing", refuse_locked)
    with pytest.raises(DataSetError, match=r"case 7 cannot be opened\. Ask its owner for permission"):
        read_data_set(root)


def test_the_case_of_an_image_is_the_folder_below_its_label(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(2)
    case = root / "Pre" / "case 3" / "left"
    case.mkdir(parents=True)
    (root / "Pre" / "smear (0).png").rename(case / "smear (0).png")
    images = read_data_set(root).images
    assert [image.case for image in images if image.label == "pre_b"] == ["case 3", ""]


def test_images_that_lie_beside_the_label_folders_are_counted(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(1)
    (root / "smear (7).png").write_bytes(b"")
    (root / "notes.txt").write_text("no image")
    assert scan_data_set(root, AS_SPELLED).loose_images == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are not Unicode")
def test_a_file_name_that_is_not_unicode_is_named_not_dropped(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(1)
    shutil.copy(os.fsencode(root / "Pre" / "smear (0).png"), os.fsencode(root / "Pre") + b"/smear \xff.png")
    scan = scan_data_set(root, AS_SPELLED)
    assert len(scan.data_set.images) == 4
    assert scan.faults == (
        f"The name {root / 'Pre'}/smear \\udcff.png holds bytes that are not Unicode. Rename the file or its folder.",
    )
    with pytest.raises(DataSetError, match="not Unicode"):
        read_data_set(root)


def test_the_trainer_takes_for_an_image_what_screening_takes_for_one_page_for_page(
    labelled_folder: Callable[[int], Path],
) -> None:
    root = labelled_folder(1)
    folder, image = root / "Pre", root / "Pre" / "smear (0).png"
    for name in ("no extension", "smear.jpg ", "smear.jfif"):
        shutil.copy(image, folder / name)
    (folder / "notes.txt").write_text("no image")
    fields = np.random.default_rng(0).integers(0, 256, (2, 64, 80, 3), np.uint8)
    tifffile.imwrite(folder / "fields.tif", fields, photometric="rgb")

    taken = {(each.path.name, each.page) for each in read_data_set(root).images if each.label == "pre_b"}

    assert taken == {(each.path.name, each.page) for each in Scan([folder])}
    assert {("no extension", 0), ("smear.jpg ", 0), ("smear.jfif", 0), ("fields.tif", 1)} <= taken
    assert len(taken) == 6
