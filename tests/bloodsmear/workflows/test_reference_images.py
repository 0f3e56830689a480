"""Examples of each label in a folder of the laboratory's own."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.errors import ImageError, ReportError
from bloodsmear.workflows.reference_images import add_reference, read_references


def smear(path: Path, grey: int) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, content = cv2.imencode(".png", np.full((8, 8, 3), grey, np.uint8))
    path.write_bytes(content.tobytes())
    return hashlib.sha256(content.tobytes()).hexdigest()


def test_an_image_is_copied_into_its_labels_folder_and_read_back(tmp_path: Path) -> None:
    folder, source = tmp_path / "references", tmp_path / "case 1" / "smear.png"
    sha256 = smear(source, 10)

    copy = add_reference(folder, source, sha256, "pre_b")

    assert copy == folder / "pre_b" / "smear.png"
    assert source.is_file()
    (reference,) = read_references(folder)
    assert (reference.path, reference.label) == (copy, "Pre-B")


def test_a_folder_of_another_pc_may_spell_its_labels_as_people_do(tmp_path: Path) -> None:
    smear(tmp_path / "Early" / "a.png", 1)
    smear(tmp_path / "Monoblast" / "b.png", 2)
    assert [one.label for one in read_references(tmp_path)] == ["Early Pre-B", "Monoblast"]


def test_a_label_of_ones_own_is_called_by_its_name(tmp_path: Path) -> None:
    names = {"smudge": "Smudge cell"}
    source = tmp_path / "smear.png"
    sha256 = smear(source, 1)
    folder = tmp_path / "references"
    add_reference(folder, source, sha256, "smudge", names)
    (reference,) = read_references(folder, names=names)
    assert reference.label == "Smudge cell"
    with pytest.raises(ReportError, match="is a reference image of Smudge cell already"):
        add_reference(folder, source, sha256, "smudge", names)


def test_the_same_image_is_refused_a_second_time_and_another_of_its_name_gets_a_number(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "references"
    first, other = tmp_path / "1" / "smear.png", tmp_path / "2" / "smear.png"
    add_reference(folder, first, smear(first, 10), "pre_b")
    with pytest.raises(ReportError, match="is a reference image of Pre-B already"):
        add_reference(folder, first, smear(first, 10), "benign")
    assert add_reference(folder, other, smear(other, 20), "pre_b").name == "smear (2).png"


def test_a_file_that_changed_since_it_was_shown_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "smear.png"
    sha256 = smear(source, 10)
    smear(source, 20)
    with pytest.raises(ImageError, match="has changed"):
        add_reference(tmp_path / "references", source, sha256, "pre_b")


def test_without_a_folder_there_is_none(tmp_path: Path) -> None:
    assert read_references(tmp_path / "none") == ()
