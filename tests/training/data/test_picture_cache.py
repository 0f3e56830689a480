"""Decoded pictures in the cache: found again, and the ones used longest ago go first."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.jobs import Progress
from training.data.data_set import read_data_set
from training.data.picture_cache import PictureCache, load_pictures
from training.data.pictures import PictureSet

RECIPE = Recipe(
    fill_scale_bar=False,
    denoise=None,
    width_px=12,
    height_px=12,
    resize="area",
    channels="rgb",
    scale=1 / 40,
    offset=-5.5,
)
ABOUT_BYTES = 100_000


def pictures(value: int) -> PictureSet:
    """About a hundred thousand bytes."""
    pixels = np.full((ABOUT_BYTES // 300, 10, 10, 3), value, np.uint8)
    return PictureSet(pixels, pixels[:, :1, :1], np.arange(len(pixels), dtype=np.uint64))


def age(folder: Path, key: str, hours: float) -> None:
    used = time.time() - 3600 * hours
    os.utime(folder / f"pictures-{key}.npz", (used, used))


def test_pictures_are_decoded_once_and_anew_when_an_image_has_changed(
    labelled_folder: Callable[[int], Path], tmp_path: Path
) -> None:
    data_set = read_data_set(labelled_folder(2))
    said: list[Progress] = []
    first = load_pictures(data_set.images, RECIPE, tmp_path / "cache", said.append)
    assert len(said) == 8
    again = load_pictures(data_set.images, RECIPE, tmp_path / "cache", said.append)
    assert len(said) == 8
    assert np.array_equal(first.pixels, again.pixels)
    os.utime(data_set.images[0].path, (1, 1))
    load_pictures(data_set.images, RECIPE, tmp_path / "cache", said.append)
    assert len(said) == 16


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path)
    cache.write("a", pictures(1))
    (tmp_path / "pictures-a.npz").write_bytes(b"PK torn")
    assert cache.read("a") is None
    assert cache.read("b") is None


def test_above_the_limit_those_used_longest_ago_go(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, limit_bytes=round(3.5 * ABOUT_BYTES))
    for place, key in enumerate("abc"):
        cache.write(key, pictures(place))
        age(tmp_path, key, hours=9 - place)
    # Read again, the oldest one has been used last.
    assert cache.read("a") is not None
    cache.write("d", pictures(4))
    assert [key for key in "abcd" if cache.read(key) is not None] == ["a", "c", "d"]


def test_the_pictures_in_use_stay_though_they_alone_are_above_the_limit(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path, limit_bytes=10)
    cache.write("a", pictures(1))
    age(tmp_path, "a", hours=1)
    cache.write("b", pictures(2))
    kept = cache.read("b")
    assert kept is not None
    assert kept.pixels[0, 0, 0, 0] == 2
    assert cache.read("a") is None


@pytest.mark.parametrize(("hours", "stays"), [(1, True), (30, False)])
def test_the_half_of_a_file_that_a_killed_process_left_goes_after_a_day(
    hours: float, stays: bool, tmp_path: Path
) -> None:
    half = tmp_path / ".pictures-x.npz.abc.tmp"
    half.write_bytes(b"half")
    os.utime(half, (time.time() - 3600 * hours,) * 2)
    PictureCache(tmp_path).write("a", pictures(1))
    assert half.exists() is stays
