from pathlib import Path

import numpy as np
import pytest

from bloodsmear.errors import DataSetError
from training.data.case_split import cases_of
from training.data.data_set import DataSet, LabelledImage
from training.data.split import Split, SplitSettings, make_split

LABELS = ("benign", "early_pre_b", "pre_b", "pro_b")
ROOT = Path("/smears")


def image(label: str, case: str, number: int) -> LabelledImage:
    return LabelledImage(ROOT / label / case / f"{number}.jpg", label, number, case)


def data_set_of(cases: dict[str, dict[str, int]]) -> DataSet:
    """For each label the cases and how many images each has; "" is not a case."""
    return DataSet(
        ROOT,
        tuple(
            image(label, case, n)
            for label in LABELS
            for case, count in cases[label].items()
            for n in range(count)
        ),
    )


def split_of(data_set: DataSet, seed: int = 3) -> Split:
    return make_split(data_set, np.arange(len(data_set.images)), SplitSettings(seed))


def parts_of_cases(data_set: DataSet, split: Split) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = {}
    for one in data_set.images:
        parts.setdefault(one.case or one.label, set()).add(split.parts[data_set.name_of(one)])
    return parts


def ten_cases_a_label() -> DataSet:
    random = np.random.default_rng(5)
    return data_set_of(
        {label: {f"{label} {n}": int(random.integers(5, 40)) for n in range(10)} for label in LABELS}
    )


def test_a_case_lies_whole_on_one_side() -> None:
    data_set = ten_cases_a_label()
    parts = parts_of_cases(data_set, split_of(data_set))
    assert all(len(part) == 1 for part in parts.values())
    assert set().union(*parts.values()) == {"train", "validation", "held_out"}


@pytest.mark.parametrize("seed", range(5))
def test_each_label_has_about_its_share_in_each_part(seed: int) -> None:
    data_set = ten_cases_a_label()
    split = split_of(data_set, seed)
    for label in LABELS:
        parts = [part for name, part in split.parts.items() if name.startswith(f"{label}/")]
        assert 0.08 <= parts.count("held_out") / len(parts) <= 0.28
        assert 0.03 <= parts.count("validation") / len(parts) <= 0.22


def test_the_seed_fixes_which_cases_are_held_out() -> None:
    data_set = ten_cases_a_label()
    assert split_of(data_set, 1) == split_of(data_set, 1)
    assert split_of(data_set, 1).parts != split_of(data_set, 2).parts


def test_the_description_says_that_whole_cases_are_held_out_and_how_many() -> None:
    data_set = data_set_of({label: {f"{label} {n}": 10 for n in range(3)} for label in LABELS})
    split = split_of(data_set)
    assert split.description.startswith("whole cases: 4 of 12 for validation and 4 held out")
    assert "runs" not in split.description


def test_a_case_under_two_labels_is_one_case() -> None:
    data_set = data_set_of({label: {f"patient {n}": 6 for n in range(8)} for label in LABELS})
    parts = parts_of_cases(data_set, split_of(data_set))
    assert len(parts) == 8
    assert all(len(part) == 1 for part in parts.values())
    assert set().union(*parts.values()) == {"train", "validation", "held_out"}


def test_images_beside_the_case_folders_stay_together_as_one_case() -> None:
    data_set = data_set_of({label: {"": 12, f"{label} 1": 12, f"{label} 2": 12} for label in LABELS})
    parts = parts_of_cases(data_set, split_of(data_set))
    assert {tuple(parts[label]) for label in LABELS} <= {("train",), ("validation",), ("held_out",)}


def test_near_duplicates_across_cases_are_left_out() -> None:
    data_set = ten_cases_a_label()
    plain = split_of(data_set)
    held, trained = plain.indices(data_set, "held_out")[0], plain.indices(data_set, "train")[0]
    groups = np.arange(len(data_set.images))
    groups[trained] = groups[held]
    split = make_split(data_set, groups, SplitSettings(3))
    assert split.indices(data_set, "left_out") == [trained]


def test_a_label_with_two_cases_is_refused_with_a_way_out() -> None:
    cases = {label: {f"{label} {n}": 20 for n in range(4)} for label in LABELS}
    cases["pre_b"] = {"pre 1": 20, "pre 2": 20}
    with pytest.raises(
        DataSetError,
        match=r"Pre-B in .* has images of 2 cases; at least 3 .* directly into its label's folder",
    ):
        split_of(data_set_of(cases))


def test_a_single_folder_inside_each_label_is_not_a_case() -> None:
    data_set = data_set_of({label: {"images": 60} for label in LABELS})
    assert "contiguous runs" in split_of(data_set).description


def data_set_in(*cases: str) -> DataSet:
    images = (LabelledImage(ROOT / f"{place}.png", "pre_b", place, case) for place, case in enumerate(cases))
    return DataSet(ROOT, tuple(images))


def test_images_of_one_folder_are_of_one_case() -> None:
    cases = cases_of(data_set_in("a", "b", "a", "c", "b"), [4, 1, 2])
    assert cases is not None
    assert cases[0] == cases[1] != cases[2]


def test_without_folders_of_cases_there_are_none() -> None:
    assert cases_of(data_set_in("", "", ""), range(3)) is None


def test_one_case_alone_is_nothing_to_resample() -> None:
    assert cases_of(data_set_in("a", "b", "a"), [0, 2]) is None
