from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet, LabelledImage, read_data_set
from training.data.split import (
    SplitSettings,
    make_split,
    read_split,
    require_every_part,
    require_no_leak,
    write_split,
)

LABELS = ("benign", "early_pre_b", "pre_b", "pro_b")


def data_set_of(images_a_label: int) -> DataSet:
    root = Path("/smears")
    images = [
        LabelledImage(root / label / f"{n}.jpg", label, n) for label in LABELS for n in range(images_a_label)
    ]
    return DataSet(root, tuple(images))


def parts_of_label(data_set: DataSet, label: str, groups: np.ndarray | None = None) -> list[str]:
    groups = np.arange(len(data_set.images)) if groups is None else groups
    split = make_split(data_set, groups, SplitSettings(seed=3))
    return [part for name, part in split.parts.items() if name.startswith(f"{label}/")]


def test_what_is_held_out_lies_in_few_contiguous_runs() -> None:
    parts = parts_of_label(data_set_of(300), "pre_b")
    held_out = np.array([part == "held_out" for part in parts])
    assert held_out.sum() == 54
    assert np.sum(np.diff(held_out.astype(int)) == 1) + held_out[0] <= 3


def test_no_trained_image_is_next_to_a_measured_one() -> None:
    for label in LABELS:
        parts = parts_of_label(data_set_of(300), label)
        for place, part in enumerate(parts):
            if part in ("held_out", "validation"):
                assert "train" not in parts[max(0, place - 4) : place + 5]


def test_near_duplicates_of_a_held_out_image_are_not_trained_on() -> None:
    data_set = data_set_of(300)
    plain = make_split(data_set, np.arange(1200), SplitSettings(seed=3))
    held, trained = plain.indices(data_set, "held_out")[0], plain.indices(data_set, "train")[0]
    groups = np.arange(1200)
    groups[trained] = groups[held]
    split = make_split(data_set, groups, SplitSettings(seed=3))
    assert held in split.indices(data_set, "held_out")
    assert trained in split.indices(data_set, "left_out")


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    data_set = data_set_of(300)
    first, same, other = (
        make_split(data_set, np.arange(1200), SplitSettings(seed=seed)) for seed in (1, 1, 2)
    )
    assert first.parts == same.parts
    assert first.parts != other.parts


def test_a_small_label_still_has_images_in_every_part() -> None:
    parts = parts_of_label(data_set_of(12), "benign")
    assert {"train", "validation", "held_out"} <= set(parts)


def test_a_label_with_nine_images_is_refused_by_name() -> None:
    with pytest.raises(DataSetError, match="9 images of Benign; at least 10"):
        make_split(data_set_of(9), np.arange(36), SplitSettings(seed=1))


def test_a_split_is_read_back_from_its_file_and_refuses_unknown_images(tmp_path: Path) -> None:
    split = make_split(data_set_of(20), np.arange(80), SplitSettings(seed=1))
    write_split(tmp_path / "split.json", split)
    assert read_split(tmp_path / "split.json") == split
    with pytest.raises(DataSetError, match=r"benign/20\.jpg .* is not in the split"):
        split.indices(data_set_of(21), "train")


def test_a_damaged_split_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "split.json").write_text("{")
    with pytest.raises(DataSetError, match=r"split\.json is not a readable split"):
        read_split(tmp_path / "split.json")


def test_a_folder_with_an_unknown_label_is_refused(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(1)
    (root / "Monocytes").mkdir()
    with pytest.raises(DataSetError, match="Monocytes is not a known label"):
        read_data_set(root)


def test_images_are_ordered_by_label_and_then_by_number(labelled_folder: Callable[[int], Path]) -> None:
    data_set = read_data_set(labelled_folder(12))
    assert data_set.label_keys == LABELS
    assert data_set.targets == sorted(data_set.targets)
    assert [image.number for image in data_set.images[:12]] == list(range(12))


def test_a_label_without_images_is_named(labelled_folder: Callable[[int], Path]) -> None:
    root = labelled_folder(1)
    (root / "Pro" / "smear (0).png").unlink()
    with pytest.raises(DataSetError, match="no images of Pro-B"):
        read_data_set(root)


def test_a_split_that_leaves_a_label_without_a_measured_image_is_refused(
    labelled_folder: Callable[[int], Path],
) -> None:
    data_set = read_data_set(labelled_folder(12))
    split = make_split(data_set, np.arange(48), SplitSettings(seed=1))
    require_every_part(split, data_set)
    parts = {
        name: "train" if part == "held_out" and "Pro" in name else part for name, part in split.parts.items()
    }
    with pytest.raises(DataSetError, match=r"No image of Pro-B .* is left for the part 'held_out'"):
        require_every_part(msgspec.structs.replace(split, parts=parts), data_set)


def test_a_split_with_near_duplicates_on_both_sides_is_refused_by_name() -> None:
    data_set = data_set_of(300)
    split = make_split(data_set, np.arange(1200), SplitSettings(seed=3))
    groups = np.arange(1200)
    require_no_leak(split, data_set, groups)
    left_out, trained = split.indices(data_set, "left_out")[0], split.indices(data_set, "train")[0]
    groups[left_out] = groups[trained]
    require_no_leak(split, data_set, groups)
    held = split.indices(data_set, "held_out")[0]
    groups[held] = groups[trained]
    with pytest.raises(DataSetError, match="a near duplicate of it, in 'held_out'"):
        require_no_leak(split, data_set, groups)
