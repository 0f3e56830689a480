"""An epoch is kept whole or not at all. Keras is imported in a process of its own; the network is a fake."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_CHILD = """
import errno, json, sys
from pathlib import Path
from bloodsmear.jobs.training_files import EpochFigures
from training.fitting.checkpoint import keep_epoch
from training.fitting.history import read_history

class Network:
    def __init__(self, content, room):
        self.content, self.room = content, room

    def save(self, path):
        path.write_bytes(self.content[:self.room])
        if self.room < len(self.content):
            raise OSError(errno.ENOSPC, "No space left on device")

    save_weights = save

def epoch(number, loss):
    return EpochFigures(number, loss, 0.5, loss, 0.5, f"epoch_{number:03}.keras")

run = Path(sys.argv[1])

def state():
    return {path.name: path.read_text() for path in sorted(run.glob("*.*")) if path.suffix != ".json"}

first, better, worse = epoch(1, 0.5), epoch(2, 0.4), epoch(3, 0.6)
keep_epoch(Network(b"first", 5), run, [first])
states = [state()]
try:
    keep_epoch(Network(b"second", 3), run, [first, better])
except OSError as error:
    states.append(state() | {"error": error.strerror, "epochs": len(read_history(run))})
keep_epoch(Network(b"second", 6), run, [first, better])
keep_epoch(Network(b"third", 5), run, [first, better, worse])
states.append(state())
keep_epoch(Network(b"fourth", 6), run, [first, better, worse, epoch(4, 0.7)], last_is_kept=True)
states.append(state())
print(json.dumps(states))
"""


_HOSTILE = """
import json, sys, zipfile
from pathlib import Path
import keras
from bloodsmear.errors import TrainingError
from training.fitting.checkpoint import load_checkpoint
from training.fitting.history import EpochFigures

run = Path(sys.argv[1])
epoch = EpochFigures(1, 0.5, 0.5, 0.5, 0.5, "epoch_001.keras")
network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="softmax")])
network.compile("adamw", "categorical_crossentropy", metrics=["accuracy"])
network.save(run / "own.keras")
with zipfile.ZipFile(run / "own.keras") as own:
    files = {name: own.read(name) for name in own.namelist()}

def said_of(change):
    config = json.loads(files["config.json"])
    change(config)
    with zipfile.ZipFile(run / epoch.checkpoint, "w") as made:
        for name, content in {**files, "config.json": json.dumps(config).encode()}.items():
            made.writestr(name, content)
    try:
        return type(load_checkpoint(run, epoch)).__name__
    except TrainingError as error:
        return str(error)

code = {"module": "os", "class_name": "system", "config": "touch was-here", "registered_name": None}
own = {"module": "keras.losses", "class_name": "X", "config": {}, "registered_name": "mine>X"}
wide = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 10**9}, "registered_name": None}
print(json.dumps([
    said_of(lambda config: None),
    said_of(lambda config: config["compile_config"].update(loss=code)),
    said_of(lambda config: config["compile_config"].update(optimizer={"module": "keras.optimizers", "config": [own]})),
    said_of(lambda config: config["config"]["layers"].append(code)),
    said_of(lambda config: config["config"]["layers"].append(wide)),
]))
"""


def _said_by_child(program: str, place: Path) -> list[Any]:
    """What a program that brings Keras, on the backend that loads fastest, says in its last line."""
    child = subprocess.run(
        [sys.executable, "-c", program, str(place)],
        env={**os.environ, "KERAS_BACKEND": "openvino", "KERAS_HOME": str(place / "keras")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    said: list[Any] = json.loads(child.stdout.splitlines()[-1])
    return said


def test_a_checkpoint_of_a_run_from_elsewhere_is_looked_at_as_data_before_keras_opens_it(
    tmp_path: Path,
) -> None:
    whole, loss, optimizer, layer, wide = _said_by_child(_HOSTILE, tmp_path)
    assert whole == "Sequential"
    assert "compiled with a 'system' of 'os'" in loss
    assert "compiled with a 'X' of 'keras.losses'" in optimizer
    assert "'system' of 'os'" in layer
    assert "units = 1,000,000,000" in wide


def test_a_full_disk_leaves_no_half_a_file_and_the_best_epoch_ships_or_the_last_where_that_is_asked(
    tmp_path: Path,
) -> None:
    states: list[dict[str, Any]] = _said_by_child(_CHILD, tmp_path)
    kept = {"best.weights.h5": "first", "epoch_001.keras": "first"}
    assert states == [
        kept,
        kept | {"error": "No space left on device", "epochs": 1},
        {"best.weights.h5": "second", "epoch_003.keras": "third"},
        {"best.weights.h5": "fourth", "epoch_004.keras": "fourth"},
    ]
