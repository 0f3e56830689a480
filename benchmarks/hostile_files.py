"""Strangers' files that must be refused: how long bloodsmear-convert takes over each, and how much memory.

.venv/bin/python benchmarks/hostile_files.py [--most-seconds 2] [--most-mb 500]

Each file is made anew and given to the program as `classifiers add` gives it. A row: seconds from the start of the
process (the interpreter included) by the clock and of the processor, which differ on a busy PC; peak memory; the
sentence. Exit status 1: one was not refused with its own
sentence, or not within the limits. Memory is measured on Linux and macOS only.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from bloodsmear import paths

TIMEOUT_S = 120.0
DENSE = {
    "module": "keras.layers", "class_name": "Dense", "registered_name": None,
    "config": {"name": "dense", "units": 4, "activation": "softmax"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hostile:
    """A kind of file: its name, what makes it, and words of the sentence that refuses it."""

    file_name: str
    make: Callable[[Path], None]
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What became of a file: seconds by the clock and of the processor, peak memory in MB, exit status and stderr.

    None: not measured on this system.
    """

    seconds: float
    busy_seconds: float | None
    peak_mb: float | None
    code: int
    said: str


def main(words: list[str]) -> int:
    """Make, try and print them all; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the refusal of hostile files.")
    parser.add_argument("--most-seconds", type=float, default=2.0, help="limit for each file (2)")
    parser.add_argument("--most-mb", type=float, default=500.0, help="limit for each file (500)")
    parser.add_argument("--make", type=Path, metavar="PATH", help="only make the file of this name")
    limits = parser.parse_args(words)
    if limits.make is not None:
        next(one for one in HOSTILE if one.file_name == limits.make.name).make(limits.make)
        return 0
    print(f"{os.cpu_count()} cores; limits {limits.most_seconds:g} s and {limits.most_mb:g} MB")
    print(f"{'file':28} {'seconds':>8} {'busy':>6} {'MB':>6}  what is said")
    missed = 0
    for hostile in HOSTILE:
        with tempfile.TemporaryDirectory(prefix="bloodsmear-hostile-") as scratch:
            path = Path(scratch) / hostile.file_name
            # By a process of its own: the memory of this one would be counted as its children's.
            subprocess.run([sys.executable, __file__, "--make", str(path)], check=True)
            refusal = refuse(path, Path(scratch) / "out")
        fault = fault_of(hostile, refusal, limits)
        missed += bool(fault)
        memory = "-" if refusal.peak_mb is None else f"{refusal.peak_mb:.0f}"
        busy = "-" if refusal.busy_seconds is None else f"{refusal.busy_seconds:.2f}"
        said = " ".join(
            refusal.said.removeprefix("bloodsmear-convert: ").replace(f"{scratch}{os.sep}", "").split()
        )
        print(f"{hostile.file_name:28} {refusal.seconds:8.2f} {busy:>6} {memory:>6}  {fault}{said[:110]}")
    print(f"{len(HOSTILE) - missed} of {len(HOSTILE)} refused as they should be")
    return 1 if missed else 0


def refuse(path: Path, target: Path) -> Refusal:
    """Give the file to the converter and watch it."""
    command = [str(paths.program("bloodsmear-convert")), str(path), str(target), "--rebuild"]
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        if sys.platform == "win32":
            code, busy, peak_mb = process.wait(TIMEOUT_S), None, None
        else:
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
            busy = usage.ru_utime + usage.ru_stime
            # Linux counts in kB, macOS in bytes.
            peak_mb = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        seconds = time.perf_counter() - began
        said.seek(0)
        return Refusal(seconds, busy, peak_mb, code, said.read().decode("utf-8", errors="replace"))


def fault_of(hostile: Hostile, refusal: Refusal, limits: argparse.Namespace) -> str:
    """What is wrong with a refusal, in capitals before its sentence; empty when it is as it should be."""
    if refusal.code != 2 or hostile.words not in refusal.said:
        return "NOT REFUSED SO: "
    # What other programs take of the processor is not the file's doing.
    if (refusal.seconds if refusal.busy_seconds is None else refusal.busy_seconds) > limits.most_seconds:
        return "TOO SLOW: "
    if refusal.peak_mb is not None and refusal.peak_mb > limits.most_mb:
        return "TOO MUCH MEMORY: "
    return ""


# ---- the files


def keras_file(
    layer: Any = DENSE, kind: str = "Sequential", also: tuple[str, bytes] | None = None
) -> Callable[[Path], None]:
    """A .keras file that holds one layer, its weights, and `also` a file with its name and content."""

    def make(path: Path) -> None:
        config = {
            "module": "keras", "class_name": kind, "registered_name": None,
            "config": {"name": "network", "layers": [layer]},
        }  # fmt: skip
        weights = path.with_suffix(".weights.h5")
        with h5py.File(weights, "w") as file:
            file.create_dataset("layers/dense/vars/0", data=np.zeros((3, 4), np.float32))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("metadata.json", "{}")
            archive.writestr("config.json", json.dumps(config))
            archive.write(weights, "model.weights.h5")
            if also is not None:
                archive.writestr(*also)

    return make


def h5_file(
    fill: Callable[[Any], None], layers: list[dict[str, Any]] | None = None
) -> Callable[[Path], None]:
    """An .h5 file of Keras 2 with these layers; `fill` puts something into its weights."""

    def make(path: Path) -> None:
        first = {
            "class_name": "InputLayer",
            "config": {"batch_input_shape": [None, 8, 8, 3], "name": "input"},
        }
        config = {
            "class_name": "Sequential",
            "config": {"name": "network", "layers": [first, *(layers or [])]},
        }
        with h5py.File(path, "w") as file:
            file.attrs["keras_version"] = "2.14.0"
            file.attrs["model_config"] = json.dumps(config)
            fill(file.create_group("model_weights"))

    return make


def old_layer(kind: str, **settings: Any) -> dict[str, Any]:
    """A layer as Keras 2 wrote it."""
    return {"class_name": kind, "config": {"name": "layer", **settings}}


def bomb_of_words(path: Path) -> None:
    """A configuration of 60 kB that unpacks to 60 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b"[" + b" " * 60_000_000 + b"]")
        archive.writestr("model.weights.h5", b"")


def bomb_of_weights(path: Path) -> None:
    """Weights of 2 MB that unpack to 2 GB of zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        with archive.open("model.weights.h5", "w", force_zip64=True) as weights:
            for _ in range(2000):
                weights.write(bytes(1_000_000))


def dense_words(path: Path) -> None:
    """A configuration of 30 MB that becomes ten million Python objects; packed tightly, but not as a bomb is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("config.json", b"[" + b"{}," * 10_000_000 + b"{}]")
        archive.writestr("model.weights.h5", b"")


def virtual_array(weights: Any) -> None:
    """An array that lies in another file."""
    layout = h5py.VirtualLayout((10,), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "weights", (10,))
    weights.create_virtual_dataset("kernel", layout)


def external_link(weights: Any) -> None:
    """A group that lies in another file of the PC."""
    weights["kernel"] = h5py.ExternalLink("/etc/passwd", "/")


def huge_shape(weights: Any) -> None:
    """4 TB by its shape, nothing on the disk."""
    weights.create_dataset("kernel", (1 << 20, 1 << 20), "f4", chunks=(64, 64))


def long_text(weights: Any) -> None:
    """300 MB of text in an attribute, where a configuration has 1 MB."""
    weights.attrs.create("note", "x" * 300_000_000, dtype=h5py.string_dtype())


def nothing(_weights: Any) -> None:
    """No weights at all."""


def cut(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """The file without its second half."""

    def make_half(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])

    return make_half


def pickled(path: Path) -> None:
    """A pickle."""
    path.write_bytes(pickle.dumps({"weights": [1.0]}))


def keras_layer(kind: str, module: str = "keras.layers", **settings: Any) -> dict[str, Any]:
    """A layer as Keras 3 writes it."""
    return {
        "module": module,
        "class_name": kind,
        "registered_name": None,
        "config": {"name": "l", **settings},
    }


SMALL = np.zeros((3, 4), np.float32)
HOSTILE = (
    Hostile("lambda.h5", h5_file(nothing, [old_layer("Lambda", function=["4wEAAA==", None, None])]), "is a Lambda"),
    Hostile("lambda.keras", keras_file(keras_layer("Lambda")), "'Lambda'"),
    Hostile("tfsm_layer.keras", keras_file(keras_layer("TFSMLayer", filepath="x")), "'TFSMLayer'"),
    Hostile("torch_module.keras", keras_file(keras_layer("TorchModuleWrapper")), "'TorchModuleWrapper'"),
    Hostile("custom_class.keras", keras_file(keras_layer("Dense", "my_lab.layers")), "'my_lab.layers'"),
    Hostile("custom_class.h5", h5_file(nothing, [old_layer("MyLab>Attention")]), "is a MyLab>Attention"),
    Hostile("no_network.keras", keras_file(kind="Dense"), "is not a network"),
    Hostile("bomb_of_words.keras", bomb_of_words, "would unpack to"),
    Hostile("bomb_of_weights.keras", bomb_of_weights, "would unpack to"),
    Hostile("dense_words.keras", dense_words, "config.json"),
    Hostile("path_traversal.keras", keras_file(also=("../../evil.py", b"x")), ".keras file never holds"),
    Hostile("cut.keras", cut(keras_file()), "is cut off"),
    Hostile("cut.h5", cut(h5_file(lambda weights: weights.create_dataset("k", data=SMALL))), "not a whole HDF5 file"),
    Hostile("huge_shape.h5", h5_file(huge_shape), "declares the shape"),
    Hostile("external_link.h5", h5_file(external_link), "external link"),
    Hostile("virtual_array.h5", h5_file(virtual_array), "from another file"),
    Hostile("long_text.h5", h5_file(long_text), "outside of every array"),
    Hostile("huge_layer.h5", h5_file(nothing, [old_layer("Dense", units=10**9)]), "units"),
    Hostile("huge_layer.keras", keras_file(keras_layer("Dense", units=10**9)), "units"),
    Hostile("huge_padding.h5", h5_file(nothing, [old_layer("ZeroPadding2D", padding=10**6)]), "padding"),
    Hostile("saved_model", lambda path: path.mkdir(), "is a folder"),
    Hostile("pickle.pkl", pickled, "neither an .h5 nor a .keras"),
    Hostile("pickle.h5", pickled, "neither an .h5 nor a .keras"),
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
