"""`bloodsmear-train cross-validate`, in processes of its own: it ends, goes on where it was ended, and fills a card."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card_file import read_card

GROUPS = 3


@pytest.fixture(scope="module")
def smears(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures of each label, in a colour of its own."""
    root = tmp_path_factory.mktemp("folds") / "smears"
    random = np.random.default_rng(1)
    for place, folder in enumerate(("Benign", "Early", "Pre", "Pro")):
        (root / folder).mkdir(parents=True)
        for number in range(12):
            pixels = random.integers(0, 120, (36, 48, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            cv2.imwrite(str(root / folder / f"smear ({number}).png"), pixels)
    return root


def cross_validate(smears: Path, run: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    words = ["cross-validate", str(smears), "--run", str(run), "--groups", str(GROUPS), "--size", "8"]
    command = [sys.executable, "-m", "training.program", *words, "--epochs", "1", "--batch", "8", *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)


def test_every_run_is_answered_by_a_network_that_has_not_seen_it_and_a_second_start_fits_nothing(
    smears: Path, tmp_path: Path
) -> None:
    run = tmp_path / "folds"
    first = cross_validate(smears, run)
    assert first.returncode == 0, first.stderr
    assert "95 % over runs" in first.stdout
    outcome = json.loads((run / "cross_validation.json").read_text("utf-8"))
    assert sum(one["images"] for one in outcome["runs"]) == 48
    assert outcome["figures"][0]["name"] == "benign_called_other"
    held_out = [
        name
        for fold in range(1, GROUPS + 1)
        for name, part in json.loads((run / f"fold_{fold}" / "split.json").read_text("utf-8"))[
            "parts"
        ].items()
        if part == "held_out"
    ]
    assert len(held_out) == len(set(held_out)) == 48
    # As if it had been ended within the last fold: the others stay, and the figures are the same.
    shutil.rmtree(run / f"fold_{GROUPS}")
    kept = [file.stat().st_mtime_ns for file in sorted(run.glob("fold_*/best.weights.h5"))]
    classifier = tmp_path / "unet"
    shutil.copytree(paths.shipped_classifiers() / "unet", classifier)
    again = cross_validate(smears, run, "--card", str(classifier))
    assert again.returncode == 0, again.stderr
    assert kept == [file.stat().st_mtime_ns for file in sorted(run.glob("fold_*/best.weights.h5"))[:-1]]
    validation = read_card(classifier).cross_validation
    assert validation is not None
    assert [figure.value for figure in validation.figures] == [one["value"] for one in outcome["figures"]]
    assert validation.settings.startswith(
        "unet at 8 × 8 px, 1 epochs at most, batches of 8; a smaller fit than"
    )
    assert "--size 8 --epochs 1" in validation.figures[0].command
    assert "unet at 8 × 8 px" in (classifier / "MODEL_CARD.md").read_text("utf-8")
