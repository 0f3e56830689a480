"""The picture that stands in assets/formats in every format that is read."""

from pathlib import Path

import numpy as np
import pytest
from draw_format_samples import picture, write_samples

from bloodsmear import paths
from bloodsmear.images.decode import decode_image

SAMPLES = sorted(path.name for path in paths.format_samples().iterdir())
LOSSY = {"plain.jpg", "plain.avif", "jpeg.tif", "phone.heic"}


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_has_the_pixels_of_the_picture(name: str) -> None:
    pixels = decode_image(paths.format_samples() / name).pixels.astype(np.int64)

    assert np.abs(pixels - picture()).max() <= (6 if name in LOSSY else 0)


def test_the_script_writes_all_but_the_phones_file(tmp_path: Path) -> None:
    write_samples(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [one for one in SAMPLES if one != "phone.heic"]
