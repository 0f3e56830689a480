"""The processor's time for fitting one image, by the settings of a fit: what an epoch takes on a PC without a GPU.

.venv/bin/python benchmarks/fitting_time.py CONFIG [CONFIG ...] [--images N]

CONFIG is a file of settings as training/shipped has them. Two short fits of noise, of N and of three times N images,
fit everything that the settings do not hold fixed for good; what the second takes longer is what its images take:
changing and fitting them, in seconds of one core. Validation, the norms' statistics and the checkpoint come on top,
once an epoch. Other work on the PC touches these seconds little.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bloodsmear.jobs import Cancel
from bloodsmear.jobs.training_messages import EpochDone, TrainingMessage
from training.backend import choose_backend
from training.data.pictures import LabelledPictures
from training.fitting.config import FitConfig
from training.fitting.presets import read_config

# Of the Taleqani set's split.
_TRAINED_IMAGES = 1652


def main(words: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="The processor's time for fitting one image.")
    parser.add_argument("config", type=Path, nargs="+", help="files of settings")
    parser.add_argument("--images", type=int, default=64, help="images of the shorter fit (64)")
    parsed = parser.parse_args(words)
    backend = choose_backend("tensorflow").name
    for file in parsed.config:
        an_image = _core_seconds(read_config(file), parsed.images)
        print(
            f"{file.stem:<28} {backend}   {1000 * an_image:7.1f} ms an image   "
            f"{an_image * _TRAINED_IMAGES / 60:6.1f} core minutes for an epoch of {_TRAINED_IMAGES} images",
            flush=True,
        )
    return 0


def _core_seconds(config: FitConfig, images: int) -> float:
    few, many = (_epoch_seconds(config, count) for count in (images, 3 * images))
    return (many - few) / (2 * images)


def _epoch_seconds(config: FitConfig, images: int) -> float:
    """The processor's seconds of the second epoch: in the first the network is compiled."""
    # Keras comes in once its backend is chosen.
    from training.fitting.fit import FitRequest, fit_network
    from training.fitting.run import recipe_of

    side = config.large_px or config.width_px
    random = np.random.default_rng(0)
    train, validation = (
        LabelledPictures(random.integers(0, 256, (count, px, px, 3), np.uint8), np.arange(count) % 4)
        for count, px in ((images, side), (8, config.width_px))
    )
    short = dataclasses.replace(config, epochs=2, frozen_epochs=0, norm_images=43, patience_epochs=9)
    ends: list[float] = []

    def tell(message: TrainingMessage) -> None:
        if isinstance(message, EpochDone):
            ends.append(time.process_time())

    with tempfile.TemporaryDirectory(prefix="bloodsmear-training-") as run:
        fit_network(FitRequest(Path(run), recipe_of(short), train, validation), short, tell, Cancel())
    return ends[1] - ends[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
