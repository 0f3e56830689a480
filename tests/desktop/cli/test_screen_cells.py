"""bloodsmear screen --cells: answers and cells in one reading of each file, as the two commands alone give them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.images.decode import DecodedImage
from bloodsmear.images.scale import SetScale
from bloodsmear.images.scan import FoundImage
from bloodsmear.reports.cell_report import ImageCells
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows import cell_finding

Run = Callable[..., int]
RowsOf = Callable[[Path], list[dict[str, str]]]
SaidSoFar = Callable[[], tuple[str, str]]


@pytest.fixture
def smears(tmp_path: Path) -> Path:
    """Two demo images with five cells and two, and one that cannot be read."""
    folder = tmp_path / "smears" / "synthetic-2"
    folder.mkdir(parents=True)
    for name in ("smear-1.jpg", "smear-2.jpg"):
        shutil.copy(paths.demo_images() / "synthetic-2" / name, folder / name)
    (folder / "torn.jpg").write_bytes((folder / "smear-1.jpg").read_bytes()[:5000])
    return folder.parent


def test_cells_and_answers_are_those_of_the_two_commands(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("screen", smears, "-o", tmp_path / "r.csv", "--cells", tmp_path / "c.csv") == 1
    monkeypatch.setenv("BLOODSMEAR_HOME", str(tmp_path / "another home"))
    assert run("screen", smears, "-o", tmp_path / "alone.csv") == 1
    assert run("cells", smears, "-o", tmp_path / "cells alone.csv") == 1

    assert rows_of(tmp_path / "c.csv") == rows_of(tmp_path / "cells alone.csv")
    for row, alone in zip(rows_of(tmp_path / "r.csv"), rows_of(tmp_path / "alone.csv"), strict=True):
        assert row | {"screened_at": ""} == alone | {"screened_at": ""}


def test_each_file_is_decoded_once_and_a_second_run_decodes_none(
    run: Run, smears: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    cells_in = cell_finding.cells_in

    def note(found: FoundImage, picture: DecodedImage) -> ImageCells:
        decoded.append(found.image)
        return cells_in(found, picture)

    monkeypatch.setattr(cell_finding, "cells_in", note)
    words = ("screen", smears, "-o", tmp_path / "r.csv", "--cells", tmp_path / "c.csv")
    assert run(*words) == 1
    assert sorted(decoded) == ["synthetic-2/smear-1.jpg", "synthetic-2/smear-2.jpg"]
    assert run(*words) == 1
    assert len(decoded) == 2


def test_cells_of_images_that_were_screened_before_are_found_then_at_the_scale_that_a_reader_set(
    run: Run, rows_of: RowsOf, said: SaidSoFar, smears: Path, tmp_path: Path
) -> None:
    words = ("screen", smears, "-o", tmp_path / "r.csv", "--study", tmp_path / "s")
    assert run(*words) == 1
    with StudyStore.open_existing(tmp_path / "s") as there:
        head, record = there.head, there.record("synthetic-2/smear-1.jpg")
    assert record is not None
    with StudyStore.open_or_create(tmp_path / "s", head) as store:
        store.set_scale(SetScale("", record.width_px or 0, record.height_px or 0, 0.5, "typed"))
    said()
    assert run(*words, "--cells", tmp_path / "c.csv") == 1
    assert "7 nucleated cells in" in said()[0]
    rows = rows_of(tmp_path / "c.csv")
    assert [row["status"] for row in rows] == ["ok"] * 7 + ["unreadable"]
    assert [row["scale_from"] for row in rows] == ["typed, for the study"] * 7 + [""]


@pytest.mark.parametrize("other", [("--watch",), ("--executor", "dask://pc:8786")])
def test_with_a_watch_or_a_cluster_cells_are_refused(
    run: Run, said: SaidSoFar, smears: Path, tmp_path: Path, other: tuple[str, ...]
) -> None:
    assert run("screen", smears, "-o", tmp_path / "r.csv", "--cells", tmp_path / "c.csv", *other) == 2
    assert "--cells is for a run on this PC that ends" in said()[1]


def test_report_and_cells_are_two_files(run: Run, said: SaidSoFar, smears: Path, tmp_path: Path) -> None:
    assert run("screen", smears, "-o", tmp_path / "r.csv", "--cells", tmp_path / "r.csv") == 2
    assert "cannot both be" in said()[1]
