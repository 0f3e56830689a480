"""The epochs that the training program has kept, as the window reads them."""

import json
from pathlib import Path

from bloodsmear.jobs.training_files import HISTORY_FILE
from desktop.gui.training_controller.run_folder import kept_epochs


def test_an_epoch_as_good_as_the_best_before_it_is_the_best_as_the_training_program_has_it(
    tmp_path: Path,
) -> None:
    losses = (0.9, 0.5, 0.5, 0.7)
    history = [
        {
            "epoch": place,
            "loss": 1.0,
            "accuracy": 0.5,
            "validation_loss": loss,
            "validation_accuracy": 0.5,
            "checkpoint": "epoch.keras",
        }
        for place, loss in enumerate(losses, 1)
    ]
    (tmp_path / HISTORY_FILE).write_text(json.dumps(history), encoding="utf-8")
    assert [epoch.best for epoch in kept_epochs(tmp_path, 4)] == [True, True, True, False]
