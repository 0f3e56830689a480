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
    return {path.name: path.read_text() for path in sorted(run.iterdir()) if path.suffix != ".json"}

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
print(json.dumps(states))
"""


def test_a_full_disk_leaves_the_last_epoch_and_no_half_a_file(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        # The backend that loads fastest; nothing is computed.
        env={**os.environ, "KERAS_BACKEND": "openvino"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    states: list[dict[str, Any]] = json.loads(child.stdout.splitlines()[-1])
    kept = {"best.weights.h5": "first", "epoch_001.keras": "first"}
    assert states == [
        kept,
        kept | {"error": "No space left on device", "epochs": 1},
        {"best.weights.h5": "second", "epoch_003.keras": "third"},
    ]
