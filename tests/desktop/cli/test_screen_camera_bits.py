"""A camera of 12 bits whose files do not say so: unreadable with a sentence, until its bits are set for the study."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

Run = Callable[..., int]
RowsOf = Callable[[Path], list[dict[str, str]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One image of 16 bits that stays below 4,096, and one of 8 bits."""
    (tmp_path / "smears").mkdir()
    of_12_bits = np.full((48, 64, 3), (3700, 2400, 3600), np.uint16)
    cv2.imwrite(str(tmp_path / "smears" / "camera.tif"), of_12_bits)
    cv2.imwrite(str(tmp_path / "smears" / "usual.png"), np.full((48, 64, 3), 200, np.uint8))
    return tmp_path / "smears"


def test_without_its_bits_the_image_is_unreadable_and_the_sentence_names_the_way_out(
    run: Run, rows_of: RowsOf, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", folder, "-o", tmp_path / "r.csv") == 1

    camera, usual = rows_of(tmp_path / "r.csv")
    assert camera["status"] == "unreadable"
    # A report, and the window, are also for who has no terminal.
    assert "set the camera's bits (12 for most)" in camera["error"]
    assert "--" not in camera["error"]
    assert "--camera-bits 12" in capsys.readouterr().out
    assert usual["status"] == "ok"


def test_the_bits_are_kept_with_the_study(run: Run, rows_of: RowsOf, folder: Path, tmp_path: Path) -> None:
    run("screen", folder, "-o", tmp_path / "r.csv")

    assert run("screen", folder, "-o", tmp_path / "r.csv", "--camera-bits", 12) == 0

    assert [row["status"] for row in rows_of(tmp_path / "r.csv")] == ["ok", "ok"]
    cv2.imwrite(str(folder / "next.tif"), np.full((48, 64, 3), 2000, np.uint16))
    assert run("screen", folder, "-o", tmp_path / "r.csv") == 0


def test_other_bits_for_the_same_study_are_refused(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("screen", folder, "-o", tmp_path / "r.csv", "--camera-bits", 12)

    assert run("screen", folder, "-o", tmp_path / "r.csv", "--camera-bits", 14) == 3

    assert "was screened for a camera of 12 bits, not of 14" in capsys.readouterr().err
    assert run("screen", folder, "-o", tmp_path / "r.csv", "--camera-bits", 14, "--fresh") == 0


def test_bits_that_no_camera_has_are_wrong_usage(
    run: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("screen", folder, "-o", tmp_path / "r.csv", "--camera-bits", 8) == 2

    assert "--camera-bits" in capsys.readouterr().err
