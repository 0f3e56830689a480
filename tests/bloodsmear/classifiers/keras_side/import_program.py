"""Imports every network of a folder as bloodsmear-convert does, and says how far its graph's answers are off.

Run: import_program.py FOLDER. Prints JSON: file → largest difference, or the sentence why it is refused.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.keras_side.convert import convert_model
from bloodsmear.classifiers.keras_side.import_file import FileToImport, check_file, import_file
from bloodsmear.classifiers.keras_side.keras_on_openvino import load_keras
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph
from bloodsmear.errors import ClassifierError


def difference(file: Path, scratch: Path) -> float:
    """Import the file, convert it, and compare the graph's answers with those beside it."""
    inputs, expected = np.load(file.parent / "inputs.npy"), np.load(file.with_suffix(".npy"))
    copy = check_file(file, scratch)
    described = import_file(load_keras(scratch), FileToImport(file, copy, None), scratch)
    shape = NetworkShape(described.height_px, described.width_px, described.label_count)
    convert_model(scratch / "model.keras", scratch / "graph", shape)
    engine = OpenVinoEngine(read_graph(scratch / "graph"), shape)
    if described.one_output:
        expected = np.concatenate([1 - expected, expected], axis=-1)
    rows = np.stack([engine.run(one).probabilities for one in inputs])
    return float(np.abs(rows - expected).max())


def main(folder: Path) -> None:
    """Import and compare all."""
    told: dict[str, float | str] = {}
    for file in sorted((*folder.glob("*.h5"), *folder.glob("*.keras"))):
        with tempfile.TemporaryDirectory() as scratch:
            try:
                told[file.name] = difference(file, Path(scratch))
            except ClassifierError as error:
                told[file.name] = str(error)
    print(json.dumps(told))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]))
