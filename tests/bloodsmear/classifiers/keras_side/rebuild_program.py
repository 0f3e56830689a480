"""Rebuilds every .h5 of a folder and says how far its answers are from those beside it. Run: rebuild_program.py FOLDER.

On Keras' OpenVINO backend, as bloodsmear-convert does. Prints JSON: name → largest difference.
"""

import json
import sys
from pathlib import Path

import numpy as np

from bloodsmear.classifiers.keras_side.keras_on_openvino import load_keras
from bloodsmear.classifiers.keras_side.older_files.rebuild import rebuild_h5


def main(folder: Path) -> None:
    """Rebuild and compare all."""
    keras = load_keras(folder)
    inputs = np.load(folder / "inputs.npy")
    differences = {}
    for file in sorted(folder.glob("*.h5")):
        network = rebuild_h5(keras, file, file, (inputs.shape[2], inputs.shape[1]))
        answers = np.concatenate([np.asarray(network.predict(one[np.newaxis], verbose=0)) for one in inputs])
        differences[file.stem] = float(np.abs(answers - np.load(folder / f"{file.stem}.npy")).max())
        print(file.stem, differences[file.stem], np.ptp(answers), file=sys.stderr)  # noqa: T201 - for a failed test
    print(json.dumps(differences))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]))
