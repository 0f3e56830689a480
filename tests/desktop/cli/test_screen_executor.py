"""bloodsmear screen --executor: what is refused before anything starts. tests/e2e has real clusters."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., int]


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "dask://127.0.0.1", "dask://", "4", "dask://a b:1"]
)
def test_what_is_not_an_address_of_a_scheduler_is_refused(
    address: str, run: Run, clean_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", clean_folder, "-o", tmp_path / "r.csv", "--executor", address) == 2
    assert "--executor must be dask://HOST:PORT" in capsys.readouterr().err


def test_without_dask_it_says_how_to_get_it(
    run: Run,
    clean_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run("screen", clean_folder, "-o", tmp_path / "r.csv", "--executor", "dask://127.0.0.1:8786") == 2
    assert "Dask is not installed here" in capsys.readouterr().err
    assert not (tmp_path / "r.csv").exists()
