"""A labelled folder of small coloured noise, to fit a network on for one epoch."""

from pathlib import Path

import cv2
import numpy as np

from bloodsmear.classifiers.labels import LABELS

SIDE_PX = 32
# The fewest that a split into three parts with gaps takes is ten.
_IMAGES_A_LABEL = 16


def draw_labelled_pictures(folder: Path) -> None:
    """Draw four labels' folders into `folder`, the same at every run. Raises OSError."""
    random = np.random.default_rng(1)
    for place, label in enumerate(LABELS):
        (folder / label.name).mkdir(parents=True)
        for number in range(_IMAGES_A_LABEL):
            pixels = random.integers(0, 120, (SIDE_PX, SIDE_PX, 3), np.uint8)
            pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
            _, content = cv2.imencode(".png", pixels)
            (folder / label.name / f"smear-{number}.png").write_bytes(content.tobytes())
