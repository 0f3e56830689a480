"""Classifiers of strangers that once cost too much: the time, memory and disk of adding each until it is refused.

.venv/bin/python benchmarks/hostile_classifiers.py

Each is a zip with a card that fits to its files, added as `classifiers add` does it, by a program of its own. A row:
its size, seconds by the clock, peak memory of the program itself and of the processes with limits that it started, the
most disk that the user's folders took, and the sentence. Exit status 1: one was added, or took more than the limits.
Linux.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from bloodsmear import paths
from bloodsmear.classifiers.card_file import CARD_NAME, MODEL_NAME

# Of the program itself; of those with limits (docs/adr/0027); of disk.
MOST_MB, MOST_LIMITED_MB, MOST_DISK_MB = 500, 4_000, 500
_ADD = """
import json, resource, sys
from pathlib import Path
from bloodsmear.adding.installing import add_classifier
from bloodsmear.errors import BloodsmearError
try:
    add_classifier(Path(sys.argv[1]))
    said = ""
except BloodsmearError as error:
    said = str(error)
kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
print(json.dumps([said, *(resource.getrusage(kind).ru_maxrss / 1e3 for kind in kinds)]))
"""
# By Keras on the backend that is installed with the program: 30 kB of weights, four maps of 1 GB each for one image.
_WIDE = """
import sys
from pathlib import Path
from bloodsmear.classifiers.keras_side.keras_on_openvino import load_keras
keras = load_keras(Path(sys.argv[2]))
layers = keras.layers
wide = [layers.Conv2D(16, 1, activation="relu") for _ in range(4)]
ends = [layers.GlobalAveragePooling2D(), layers.Dense(4, activation="softmax")]
keras.Sequential([keras.Input((256, 256, 3)), layers.UpSampling2D(16), *wide, *ends]).save(sys.argv[1])
"""
_SIDE, _CHUNK = 26_000, 1_000


def make_wide(model: Path) -> None:
    """A network whose sums for one image take gigabytes."""
    subprocess.run(
        [sys.executable, "-c", _WIDE, str(model), str(model.parent)], check=True, capture_output=True
    )


def make_dense_weights(model: Path) -> None:
    """Weights of 2.7 GB of zeros, packed to some megabytes inside of their file."""
    layer = {
        "module": "keras.layers",
        "class_name": "Dense",
        "config": {"units": _SIDE},
        "registered_name": None,
    }
    config = {
        "class_name": "Sequential",
        "module": "keras",
        "config": {"layers": [layer]},
        "registered_name": None,
    }
    weights = model.with_suffix(".h5")
    packed = zlib.compress(bytes(4 * _CHUNK * _CHUNK), 9)
    with h5py.File(weights, "w") as file:
        form = {"chunks": (_CHUNK, _CHUNK), "compression": "gzip"}
        kernel = file.create_dataset("layers/dense/vars/0", (_SIDE, _SIDE), np.float32, **form)
        for row in range(0, _SIDE, _CHUNK):
            for column in range(0, _SIDE, _CHUNK):
                kernel.id.write_direct_chunk((row, column), packed)
    with zipfile.ZipFile(model, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(config))
        archive.write(weights, "model.weights.h5")
    weights.unlink()


def make_shipped(model: Path) -> None:
    """The network that ships."""
    model.write_bytes((paths.shipped_classifiers() / "unet" / MODEL_NAME).read_bytes())


def pack(folder: Path, make: Callable[[Path], None], changes: Callable[[dict[str, Any]], object]) -> Path:
    """A classifier's zip: the network that `make` writes, with a card that fits to it, after `changes`."""
    make(folder / MODEL_NAME)
    content = (folder / MODEL_NAME).read_bytes()
    card = json.loads((paths.shipped_classifiers() / "unet" / CARD_NAME).read_bytes())
    listed = {"name": MODEL_NAME, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    card |= {"id": "stranger", "files": [listed], "unlike_training": None, "fast": None}
    changes(card)
    (folder / CARD_NAME).write_text(json.dumps(card))
    # Not packed once more: what is packed tightly is refused before anybody looks inside.
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        for name in (MODEL_NAME, CARD_NAME):
            archive.write(folder / name, name)
    return folder / "c.zip"


HOSTILE: dict[str, tuple[Callable[[Path], None], Callable[[dict[str, Any]], object]]] = {
    "small file, large sums": (make_wide, lambda card: card["recipe"].update(width_px=256, height_px=256)),
    "9,000 golden images": (make_shipped, lambda card: card.update(golden=card["golden"][:1] * 9_000)),
    "weights that unpack": (make_dense_weights, lambda _card: None),
}


def main() -> int:
    """Make, add and print them all; returns the exit status."""
    columns = ("classifier", "file kB", "seconds", "MB", "limited", "disk MB")
    print("{:24} {:>8} {:>8} {:>6} {:>8} {:>8}  what is said".format(*columns))
    missed = 0
    for name, (make, changes) in HOSTILE.items():
        with tempfile.TemporaryDirectory(prefix="bloodsmear-hostile-") as scratch:
            folder, home = Path(scratch) / "stranger", Path(scratch) / "home"
            folder.mkdir()
            archive = pack(folder, make, changes)
            began = time.monotonic()
            said, own_mb, limited_mb, disk_mb = add(archive, home)
            seconds = time.monotonic() - began
            told = said.replace(scratch, "")[:150]
            fault = not said or own_mb > MOST_MB or limited_mb > MOST_LIMITED_MB or disk_mb > MOST_DISK_MB
            kilobytes = archive.stat().st_size / 1e3
        missed += fault
        print(
            f"{name:24} {kilobytes:8.0f} {seconds:8.1f} {own_mb:6.0f} {limited_mb:8.0f} {disk_mb:8.0f}  "
            f"{'NOT HELD: ' if fault else ''}{told}",
            flush=True,
        )
    print(f"{len(HOSTILE) - missed} of {len(HOSTILE)} refused within the limits")
    return 1 if missed else 0


def add(archive: Path, home: Path) -> tuple[str, float, float, float]:
    """What adding says, MB of the program itself, of those that it started, and of disk at the most."""
    environment = {**os.environ, "BLOODSMEAR_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])}
    most_bytes, done = 0, threading.Event()

    def watch() -> None:
        nonlocal most_bytes
        while not done.wait(0.05):
            most_bytes = max(most_bytes, taken_by(home))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        command = [sys.executable, "-c", _ADD, str(archive)]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    finally:
        done.set()
        watching.join()
    said, own_mb, limited_mb = json.loads(ended.stdout.splitlines()[-1])
    return said, own_mb, limited_mb, most_bytes / 1e6


def taken_by(folder: Path) -> int:
    """What the files below a folder take of the disk at this moment, in bytes."""
    taken = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                taken += (Path(place) / name).lstat().st_blocks * 512
    return taken


if __name__ == "__main__":
    sys.exit(main())
