"""Small labelled folders, made on the fly."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

FOLDERS = ("Benign", "Early", "Pre", "Pro")


@pytest.fixture
def labelled_folder(tmp_path: Path) -> Callable[[int], Path]:
    """Makes a folder with so many 48×36 pictures of each label: noise on a colour of the label's own."""

    def make(images_a_label: int) -> Path:
        root = tmp_path / "smears"
        random = np.random.default_rng(1)
        for place, folder in enumerate(FOLDERS):
            (root / folder).mkdir(parents=True)
            for number in range(images_a_label):
                pixels = random.integers(0, 120, (36, 48, 3), np.uint8)
                pixels[:, :, place % 3] += np.uint8(60 + 30 * (place // 3))
                cv2.imwrite(str(root / folder / f"smear ({number}).png"), pixels)
        return root

    return make
