"""The epochs that the training program has kept, as the window reads them."""

import json
from pathlib import Path

from bloodsmear.jobs.training_files import HISTORY_FILE, EpochFigures
from desktop.gui.training.run_folder import kept_epochs

KEPT = {
    "epoch": 1,
    "loss": 1.0,
    "accuracy": 0.5,
    "validation_loss": 0.9,
    "validation_accuracy": 0.6,
    "checkpoint": "epoch_001.keras",
}


def test_the_epochs_of_a_run_are_read_and_none_where_its_file_is_damaged(tmp_path: Path) -> None:
    assert kept_epochs(tmp_path) == ()
    (tmp_path / HISTORY_FILE).write_text(json.dumps([KEPT]), encoding="utf-8")
    assert kept_epochs(tmp_path) == (EpochFigures(1, 1.0, 0.5, 0.9, 0.6, "epoch_001.keras"),)
    (tmp_path / HISTORY_FILE).write_text(json.dumps([{**KEPT, "accuracy": 7}]), encoding="utf-8")
    assert kept_epochs(tmp_path) == ()
