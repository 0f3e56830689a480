"""bloodsmear teach, from a labelled folder to a screening with what was taught."""

from pathlib import Path

import pytest

from desktop.cli.program import main
from tests.bloodsmear.conftest import card  # noqa: F401 - fixture
from tests.bloodsmear.teaching.conftest import base_folder, labelled  # noqa: F401 - fixtures


def test_the_figures_come_before_the_classifier_which_then_screens(
    labelled: Path,  # noqa: F811
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [
        "teach",
        "--data",
        str(labelled),
        "-o",
        str(tmp_path / "made"),
        "--id",
        "our-lab",
        "--base",
        "tiny",
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "3 labels from 48 images, on tiny 1.0+" in said
    assert "Cross-validated on 48 images, 4 cases, none of which its head had seen:" in said
    for part in ("accuracy", "sensitivity of platelet", "colour alone", "always the most frequent label"):
        assert part in said
    assert "With 4 cases the intervals are rough." in said
    assert said.index("accuracy") < said.index("was written to")
    assert main(["classifiers", "add", str(tmp_path / "made")]) == 0
    report = tmp_path / "report.csv"
    assert main(["screen", str(labelled / "platelet"), "-o", str(report), "--classifier", "our-lab"]) == 0
    assert "our-lab_p_platelet" in report.read_text("utf-8-sig").splitlines()[0]
    assert main(["classifiers", "verify", "our-lab"]) == 0
    assert main(["classifiers", "remove", "our-lab"]) == 0


def test_a_base_that_is_not_there_and_a_bad_folder_end_with_2_and_write_nothing(
    base_folder: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = tmp_path / "made"
    words = ["teach", "--data", str(tmp_path), "-o", str(made), "--id", "our-lab"]
    assert main([*words, "--base", "none"]) == 2
    assert "There is no classifier 'none' on this PC to teach on" in capsys.readouterr().err
    assert main([*words, "--base", "tiny"]) == 2
    assert "a head is taught 2 to 40 labels" in capsys.readouterr().err
    assert not made.exists()
