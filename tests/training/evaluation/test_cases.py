"""Which cases stand behind the images that are measured on."""

from pathlib import Path

from training.data.data_set import DataSet, LabelledImage
from training.evaluation.cases import cases_of

ROOT = Path("/smears")


def data_set(*cases: str) -> DataSet:
    images = (LabelledImage(ROOT / f"{place}.png", "pre_b", place, case) for place, case in enumerate(cases))
    return DataSet(ROOT, tuple(images))


def test_images_of_one_folder_are_of_one_case() -> None:
    cases = cases_of(data_set("a", "b", "a", "c", "b"), [4, 1, 2])
    assert cases is not None
    assert cases[0] == cases[1] != cases[2]


def test_without_folders_of_cases_there_are_none() -> None:
    assert cases_of(data_set("", "", ""), range(3)) is None


def test_one_case_alone_is_nothing_to_resample() -> None:
    assert cases_of(data_set("a", "b", "a"), [0, 2]) is None
