"""The summary at the end of a screening: on the screen, and as JSON beside the report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import RESEARCH_USE

Run = Callable[..., int]


def test_the_summary_stands_on_the_screen_and_beside_the_report(
    run: Run, smear_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", smear_folder, "-o", tmp_path / "r.csv") == 1

    said = capsys.readouterr().out.splitlines()
    written = json.loads((tmp_path / "r.summary.json").read_text(encoding="utf-8"))
    assert written["images"] == 7
    assert written["unreadable"] == 1
    assert written["run"]["screened"] == 7
    assert written["intended_use"] == RESEARCH_USE
    assert [case["case"] for case in written["cases"]] == ["case 1", "case 2"]
    assert [bad["image"] for bad in written["unreadable_images"]] == ["case 2/torn.png"]
    assert "Unreadable:" in said
    assert any(line.startswith("  case 2/torn.png: ") for line in said)
    assert any(line.startswith("  case 2: 4 images; ") and line.endswith("1 unreadable") for line in said)
    assert any(line.startswith("Labels: ") for line in said)


def test_the_summary_goes_where_it_was_asked_to(run: Run, smear_folder: Path, tmp_path: Path) -> None:
    run("screen", smear_folder, "-o", tmp_path / "r.csv", "--summary", tmp_path / "s.json", "--quiet")

    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))["images"] == 7
    assert not (tmp_path / "r.summary.json").exists()


@pytest.mark.parametrize("name", ["s.txt", "smear.png"])
def test_a_summary_that_would_replace_another_kind_of_file_is_wrong_usage(
    run: Run, smear_folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", smear_folder, "-o", tmp_path / "r.csv", "--summary", tmp_path / name) == 2

    assert "must end in .json" in capsys.readouterr().err


def test_a_summary_that_cannot_be_written_ends_with_3_before_anything_is_screened(
    run: Run, smear_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "nowhere" / "s.json"

    assert run("screen", smear_folder, "-o", tmp_path / "r.csv", "--summary", target) == 3

    assert not (tmp_path / "r.csv").exists()
