"""What half-precision weights change: a run's best weights as fitted beside those of the classifier made of it.

.venv/bin/python benchmarks/half_precision.py RUN CLASSIFIER --data FOLDER

Both answer the held-out images on the same backend. Exit status 1: a label changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.backend import choose_backend


def main(words: list[str]) -> int:
    """Compare and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="What half-precision weights change on held-out images.")
    parser.add_argument("run", type=Path, help="the folder of the run")
    parser.add_argument("classifier", type=Path, help="the classifier's folder that was exported from it")
    parser.add_argument("--data", type=Path, required=True, help="the folder that the run was fitted on")
    parsed = parser.parse_args(words)
    choose_backend("auto")
    # Keras comes in once its backend is chosen.
    import keras

    from training.fitting.fit import predict_pictures
    from training.fitting.network import load_best
    from training.fitting.run import RunRequest, prepare_run, read_run_config

    config = read_run_config(parsed.run)
    prepared = prepare_run(RunRequest(parsed.data, parsed.run, config), lambda _progress: None)
    pixels, targets = prepared.part("held_out")
    networks = (
        load_best(parsed.run, config, len(prepared.data_set.label_keys)),
        keras.models.load_model(parsed.classifier / "model.keras"),
    )
    full, half = (predict_pictures(network, pixels, prepared.recipe) for network in networks)
    changed = int((full.argmax(axis=1) != half.argmax(axis=1)).sum())
    print(f"held-out images        {len(targets)}")
    print(f"accuracy, as fitted    {(full.argmax(axis=1) == targets).mean():.4f}")
    print(f"accuracy, in half      {(half.argmax(axis=1) == targets).mean():.4f}")
    print(f"labels changed         {changed}")
    print(f"largest move of a probability before calibration  {abs(full - half).max():.4f}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
