"""bloodsmear cells: a row for each cell, a row for each image without any, and what happens when it goes wrong."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tifffile

from bloodsmear import RESEARCH_USE, paths
from bloodsmear.errors import FoldersGoneError
from bloodsmear.images.cells import find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, JobCancelled, Progress
from bloodsmear.workflows.cell_finding import CellPlan, CellRun

Run = Callable[..., int]
RowsOf = Callable[[Path], list[dict[str, str]]]
SaidSoFar = Callable[[], tuple[str, str]]


@pytest.fixture
def smears(tmp_path: Path) -> Path:
    """Three demo images: five cells, two, and none."""
    folder = tmp_path / "smears"
    for name in (
        "synthetic-2/smear-1.jpg",
        "synthetic-2/smear-2.jpg",
        "synthetic-10/smear-3 empty field.jpg",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.demo_images() / name, folder / name)
    return folder


def kept_lines() -> Path:
    (lines,) = (paths.cache() / "cells").glob("*.lines")
    return lines


def test_each_cell_has_a_row_and_an_image_without_cells_has_one(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path
) -> None:
    assert run("cells", smears, "-o", tmp_path / "c.csv") == 0

    rows = rows_of(tmp_path / "c.csv")
    counted = [(row["image"], row["cell"]) for row in rows]
    first = [("synthetic-2/smear-1.jpg", str(number)) for number in range(1, 6)]
    second = [("synthetic-2/smear-2.jpg", "1"), ("synthetic-2/smear-2.jpg", "2")]
    assert counted == [*first, *second, ("synthetic-10/smear-3 empty field.jpg", "")]
    assert {row["status"] for row in rows} == {"ok"}
    assert {row["intended_use"] for row in rows} == {RESEARCH_USE}
    found = find_cells(decode_image(smears / "synthetic-2" / "smear-1.jpg").pixels)
    for row, cell in zip(rows, found.cells, strict=False):
        assert row["case"] == "synthetic-2"
        assert row["kind"] == "nucleated_cell"
        assert row["cut_by_border"] == ("yes" if cell.is_cut else "no")
        sides = cell.box.left_px, cell.box.top_px, cell.box.width_px, cell.box.height_px
        assert tuple(int(row[side]) for side in ("left_px", "top_px", "width_px", "height_px")) == sides
        assert float(row["centre_x_px"]) == pytest.approx(cell.centre_x_px, abs=0.06)


def test_a_spreadsheet_with_decimal_commas_gets_them(run: Run, smears: Path, tmp_path: Path) -> None:
    assert run("cells", smears, "-o", tmp_path / "c.csv", "--csv-separator", ";") == 0
    line = (tmp_path / "c.csv").read_text("utf-8-sig").splitlines()[1]
    assert line.split(";")[11].count(",") == 1


def test_a_file_that_states_its_scale_gives_sizes_in_micrometres(
    run: Run, rows_of: RowsOf, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    pixels = decode_image(paths.demo_images() / "synthetic-2" / "smear-2.jpg").pixels
    tifffile.imwrite(
        tmp_path / "in" / "stated.tif",
        pixels,
        photometric="rgb",
        description="ImageJ=1.54f\nunit=micron\n",
        metadata=None,
        resolution=(4, 4),
        resolutionunit=1,
    )
    assert run("cells", tmp_path / "in", "-o", tmp_path / "c.csv") == 0
    rows = rows_of(tmp_path / "c.csv")
    assert [row["scale_from"] for row in rows] == ["as the file states it"] * 2
    assert all(float(row["width_um"]) == 0.25 * int(row["width_px"]) for row in rows)


def test_an_unreadable_file_has_a_row_with_its_reason_and_stops_nothing(
    run: Run, rows_of: RowsOf, smear_folder: Path, tmp_path: Path, said: SaidSoFar
) -> None:
    assert run("cells", smear_folder, "-o", tmp_path / "c.csv") == 1

    rows = rows_of(tmp_path / "c.csv")
    assert len({row["image"] for row in rows}) == 7
    (torn,) = [row for row in rows if row["status"] == "unreadable"]
    assert torn["image"] == "case 2/torn.png"
    assert torn["error"]
    assert len(torn["sha256"]) == 64
    assert "1 of 7 images could not be read; their rows say why." in said()[1]


def test_run_again_it_looks_at_changed_images_only(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path, said: SaidSoFar
) -> None:
    run("cells", smears, "-o", tmp_path / "c.csv")
    before = (tmp_path / "c.csv").read_bytes()
    said()
    assert run("cells", smears, "-o", tmp_path / "c.csv") == 0
    assert "3 images kept from before" in said()[0]
    assert (tmp_path / "c.csv").read_bytes() == before

    shutil.copy(smears / "synthetic-2" / "smear-1.jpg", smears / "synthetic-2" / "smear-2.jpg")
    assert run("cells", smears, "-o", tmp_path / "c.csv") == 0
    assert "2 images kept from before" in said()[0]
    assert len(rows_of(tmp_path / "c.csv")) == 11


def test_what_a_kill_cut_off_is_found_again(run: Run, smears: Path, tmp_path: Path, said: SaidSoFar) -> None:
    run("cells", smears, "-o", tmp_path / "c.csv")
    before = (tmp_path / "c.csv").read_bytes()
    whole = kept_lines().read_bytes()
    kept_lines().write_bytes(whole[: len(whole) - 40])
    said()

    for kept in (2, 3):
        assert run("cells", smears, "-o", tmp_path / "c.csv") == 0
        assert f"{kept} images kept from before" in said()[0]
        assert (tmp_path / "c.csv").read_bytes() == before


def test_a_stopped_run_keeps_what_was_finished_and_names_the_rest(
    rows_of: RowsOf, smears: Path, tmp_path: Path
) -> None:
    cancel = Cancel()

    def stop_after_the_first(progress: Progress) -> None:
        if progress.done == 1:
            cancel.request()

    with CellRun(CellPlan((smears,)), cancel) as stopped:
        with pytest.raises(JobCancelled):
            stopped.find(stop_after_the_first)
        stopped.write(tmp_path / "c.csv")
    rows = rows_of(tmp_path / "c.csv")
    assert len({row["image"] for row in rows}) == 3
    assert rows[0]["status"] == "ok"
    assert rows[-1]["status"] == "not_read"

    with CellRun(CellPlan((smears,)), Cancel()) as going_on:
        summary = going_on.find(lambda _progress: None)
    assert summary.kept >= 1
    assert (summary.images, summary.cells) == (3, 7)


def test_a_drive_that_is_pulled_stops_the_run_and_no_image_counts_as_unreadable(
    rows_of: RowsOf, smears: Path, tmp_path: Path
) -> None:
    def pull_after_the_first(progress: Progress) -> None:
        if progress.done == 1:
            # At once, as a drive goes: of a folder that is emptied bit by bit single files are missing first.
            smears.rename(tmp_path / "pulled")

    for number in range(6):
        shutil.copy(
            smears / "synthetic-2" / "smear-1.jpg", smears / "synthetic-2" / f"smear-{number + 3}.jpg"
        )
    with CellRun(CellPlan((smears,)), Cancel()) as run:
        with pytest.raises(FoldersGoneError, match="Connect its drive"):
            run.find(pull_after_the_first)
        run.write(tmp_path / "c.csv")
    assert {row["status"] for row in rows_of(tmp_path / "c.csv")} == {"ok", "not_read"}


def test_the_same_folder_twice_at_once_is_refused(
    run: Run, smears: Path, tmp_path: Path, said: SaidSoFar
) -> None:
    with CellRun(CellPlan((smears,)), Cancel()):
        assert run("cells", smears, "-o", tmp_path / "c.csv") == 2
    assert "being found already" in said()[1]
    assert run("cells", smears, "-o", tmp_path / "c.csv") == 0


def test_what_cannot_start_is_said_and_ends_with_2(
    run: Run, tmp_path: Path, smears: Path, said: SaidSoFar
) -> None:
    (tmp_path / "empty").mkdir()
    for words in (
        (tmp_path / "nowhere", "-o", tmp_path / "c.csv"),
        (tmp_path / "empty", "-o", tmp_path / "c.csv"),
        (smears, "-o", smears / "synthetic-2" / "smear-1.jpg"),
        (smears, "-o", tmp_path / "c.csv", "--jobs", 0),
    ):
        assert run("cells", *words) == 2
        assert said()[1].startswith("bloodsmear: ")
    assert not (tmp_path / "c.csv").exists()


def test_a_name_that_a_spreadsheet_would_run_is_guarded(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path
) -> None:
    (smears / "synthetic-2").rename(smears / "=1+1")
    assert run("cells", smears, "-o", tmp_path / "c.csv") == 0
    assert {row["image"][:2] for row in rows_of(tmp_path / "c.csv")} == {"'=", "sy"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are not Unicode")
def test_a_name_that_is_not_unicode_is_kept_and_shown_by_its_bytes(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path, said: SaidSoFar
) -> None:
    (smears / "synthetic-2" / "smear-2.jpg").rename(smears / "synthetic-2" / os.fsdecode(b"\xff.jpg"))
    for kept in (0, 3):
        assert run("cells", smears, "-o", tmp_path / "c.csv") == 0
        assert f"{kept} images kept from before" in said()[0]
    assert "synthetic-2/\\udcff.jpg" in {row["image"] for row in rows_of(tmp_path / "c.csv")}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_among_the_images_is_not_waited_for(
    run: Run, rows_of: RowsOf, smears: Path, tmp_path: Path
) -> None:
    os.mkfifo(smears / "pipe.png")
    for _ in range(2):
        assert run("cells", smears, "-o", tmp_path / "c.csv") == 1
    (row,) = [row for row in rows_of(tmp_path / "c.csv") if row["image"] == "pipe.png"]
    assert (row["status"], row["error"]) == ("unreadable", "it is a device or a pipe, not a file.")
