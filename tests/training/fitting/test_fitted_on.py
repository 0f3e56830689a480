"""What a run says of where it was fitted."""

from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from training.fitting.fitted_on import FittedOn, read_fitted_on, write_fitted_on


def test_a_run_says_where_it_was_fitted_last(tmp_path: Path) -> None:
    assert read_fitted_on(tmp_path) is None
    write_fitted_on(tmp_path, FittedOn(keras="3.15.1", backend="tensorflow", device="a processor"))
    write_fitted_on(tmp_path, FittedOn(keras="3.15.1", backend="jax", device="NVIDIA H200"))

    fitted_on = read_fitted_on(tmp_path)
    assert fitted_on is not None
    assert fitted_on.in_words() == "keras 3.15.1 on jax, NVIDIA H200"


def test_a_damaged_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "fitted_on.json").write_bytes(b'{"keras": ')
    with pytest.raises(TrainingError, match="Delete it and export again"):
        read_fitted_on(tmp_path)
