"""A labelled folder as it is named on a command line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.errors import DataSetError
from training.data.data_set import read_data_set
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
