"""A run's epochs, for the page."""

from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from bloodsmear.jobs.training_files import EpochFigures
from training.evaluation.history import read_epochs
from training.fitting.history import write_history


def test_the_epochs_of_a_run_are_read_without_its_checkpoints(tmp_path: Path) -> None:
    write_history(tmp_path, [EpochFigures(1, 1.0, 0.5, 0.9, 0.6, "epoch_001.keras")])
    (epoch,) = read_epochs(tmp_path)
    assert (epoch.epoch, epoch.validation_accuracy) == (1, 0.6)


def test_a_folder_without_a_finished_epoch_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not hold a run with a finished epoch"):
        read_epochs(tmp_path)
