"""Pictures for the views."""

from collections.abc import Callable

import numpy as np
import pytest

from bloodsmear.images.rgb_image import RgbImage


@pytest.fixture
def make_picture() -> Callable[..., RgbImage]:
    """`make_picture(value, width_px, height_px)`: red counts the columns, green the rows, blue is the value."""

    def make(value: int = 0, width_px: int = 320, height_px: int = 240) -> RgbImage:
        picture = np.zeros((height_px, width_px, 3), np.uint8)
        picture[..., 0] = np.arange(width_px) % 256
        picture[..., 1] = (np.arange(height_px) % 256)[:, None]
        picture[..., 2] = value
        return picture

    return make
