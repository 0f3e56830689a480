"""Folders that more than one part of the window is tested with."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest


@pytest.fixture
def camera_folder(tmp_path: Path) -> Callable[..., Path]:
    """`camera_folder(bits=12)`: a folder with camera.tif, of 16 bits, whose camera gave fewer and which doesn't say so.

    Read for a camera of so many bits it has the colour (224, 149, 230).
    """

    def make(bits: int = 12) -> Path:
        folder = tmp_path / "smears"
        folder.mkdir()
        blue_green_red = [sample << (bits - 12) for sample in (3700, 2400, 3600)]
        assert cv2.imwrite(str(folder / "camera.tif"), np.full((48, 64, 3), blue_green_red, np.uint16))
        return folder

    return make
