"""A run's folder may come from anywhere: its history names checkpoints of that folder, and no other file.

An evaluation holds its epochs."""

import json
from pathlib import Path
from typing import Any

import pytest

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import HISTORY_FILE, EpochFigures
from training.fitting.history import read_epochs, read_history, write_history

EPOCH: dict[str, Any] = {
    "epoch": 1,
    "loss": 0.5,
    "accuracy": 0.5,
    "validation_loss": 0.5,
    "validation_accuracy": 0.5,
    "checkpoint": "epoch_001.keras",
}


def read(run: Path, **changes: object) -> None:
    (run / HISTORY_FILE).write_text(json.dumps([{**EPOCH, **changes}]))
    read_history(run)


@pytest.mark.parametrize(
    "name",
    [
        "../../letter.txt",
        "/home/ada/letter.txt",
        "letter.txt",
        "epoch_001.keras/../x",
        "",
        "a\\epoch_001.keras",
    ],
)
def test_a_checkpoint_is_a_bare_name_of_this_folder(tmp_path: Path, name: str) -> None:
    read(tmp_path)
    with pytest.raises(TrainingError, match="checkpoint"):
        read(tmp_path, checkpoint=name)


@pytest.mark.parametrize(
    "changes", [{"epoch": 0}, {"epoch": 10**9}, {"accuracy": 2}, {"loss": -1.0}, {"validation_loss": 1e300}]
)
def test_figures_have_ranges(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(TrainingError, match="damaged"):
        read(tmp_path, **changes)


def test_the_epochs_of_a_run_are_read_without_its_checkpoints(tmp_path: Path) -> None:
    write_history(tmp_path, [EpochFigures(1, 1.0, 0.5, 0.9, 0.6, "epoch_001.keras")])
    (epoch,) = read_epochs(tmp_path)
    assert (epoch.epoch, epoch.validation_accuracy) == (1, 0.6)


def test_a_folder_without_a_finished_epoch_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not hold a run with a finished epoch"):
        read_epochs(tmp_path)
