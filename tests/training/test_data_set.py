"""A labelled folder as it is named on a command line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from training.data_set import read_data_set
from training.split import SplitSettings, make_split


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
