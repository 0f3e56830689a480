"""A laboratory's own two labels from folders to an installed classifier, by the commands as they are given."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bloodsmear.classifiers.card import CardLabel
from bloodsmear.classifiers.folder import open_classifier
from training.evaluation.evaluation import Evaluation

pytestmark = [pytest.mark.slow, pytest.mark.keras]

_CHILD = """
import sys
from training.program import main
place = sys.argv[1]
data, run, made = f"{place}/smears", f"{place}/run", f"{place}/ours"
small = ["--size", "8", "--epochs", "1", "--batch", "8", "--precision", "float32"]
for words in (
    ["fit", data, "--run", run, "--labels", f"{place}/labels.toml", *small],
    ["export", run, "--data", data, "-o", made],
    ["evaluate", made, "--data", data, "-o", f"{place}/measured"],
):
    assert main(words) == 0, words
"""


def test_two_labels_of_ones_own_are_fitted_exported_and_evaluated_by_their_names(
    labelled_folder: Callable[[int], Path], tmp_path: Path
) -> None:
    root = labelled_folder(12)
    for folder, name in (("Benign", "Hematogones"), ("Early", "ALL")):
        (root / folder).rename(root / name)
    for folder in ("Pre", "Pro"):
        (root / folder).rename(tmp_path / folder)
    (tmp_path / "labels.toml").write_text(
        'matters_first = "all"\n[labels]\nhem = "Hematogones"\nall = "Blasts of ALL"\n', "utf-8"
    )
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]

    card = open_classifier(tmp_path / "ours").card
    assert card.labels == (
        CardLabel(key="hem", name="Hematogones"),
        CardLabel(key="all", name="Blasts of ALL"),
    )
    assert [figure.name for figure in card.figures[:2]] == ["called_other_all", "wrongly_called_all"]
    assert not any("Benign" in limit for limit in card.limits)
    assert "**Blasts of ALL called another label:" in (tmp_path / "ours" / "MODEL_CARD.md").read_text("utf-8")
    measured = msgspec.json.decode((tmp_path / "measured" / "evaluation.json").read_bytes(), type=Evaluation)
    assert measured.label_names == ("Hematogones", "Blasts of ALL")
    page = (tmp_path / "measured" / "evaluation.html").read_text("utf-8")
    assert "Blasts of ALL called another label" in page
    assert "Benign" not in page
