"""Denoised pictures on the disk: exact, limited, removable, and never in the way."""

import os
from pathlib import Path

import numpy as np
import pytest

from bloodsmear.images.denoise_settings import DEFAULTS, DenoisedKey, DenoiseSettings
from bloodsmear.images.denoised_store import DenoisedStore
from bloodsmear.images.rgb_image import RgbImage

NON_LOCAL = DEFAULTS["non_local_means"]


def key(letter: str = "a", settings: DenoiseSettings = NON_LOCAL) -> DenoisedKey:
    return DenoisedKey(letter * 64, settings)


def picture(seed: int = 1) -> RgbImage:
    return np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "denoised"


def test_what_was_kept_is_read_bit_for_bit(folder: Path) -> None:
    DenoisedStore(folder).keep(key(), picture())
    read = DenoisedStore(folder).read(key())
    assert read is not None
    np.testing.assert_array_equal(read, picture())


def test_another_image_or_another_strength_is_another_picture(folder: Path) -> None:
    store = DenoisedStore(folder)
    store.keep(key("a"), picture(1))
    assert store.read(key("b")) is None
    assert store.read(key("a", DenoiseSettings("non_local_means", 11))) is None


def test_what_was_not_used_for_longest_goes_when_the_limit_is_reached(folder: Path) -> None:
    store = DenoisedStore(folder)
    for number, letter in enumerate("abc"):
        store.keep(key(letter), picture(number))
        (file,) = folder.glob(f"{letter}*")
        os.utime(file, (1000 + number, 1000 + number))
    assert store.read(key("a")) is not None  # used just now
    limited = DenoisedStore(folder, limit_bytes=store.held_bytes() + 100)
    limited.keep(key("d"), picture(4))
    assert [limited.read(key(letter)) is None for letter in "abcd"] == [False, True, False, False]
    assert limited.held_bytes() <= store.held_bytes() + 100


def test_a_picture_larger_than_the_limit_is_not_kept(folder: Path) -> None:
    store = DenoisedStore(folder, limit_bytes=100)
    store.keep(key(), picture())
    assert store.held_bytes() == 0


def test_a_file_that_is_cut_off_counts_as_none_and_goes(folder: Path) -> None:
    store = DenoisedStore(folder)
    store.keep(key(), picture())
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-500])
    assert store.read(key()) is None
    assert not file.exists()


def test_clearing_leaves_nothing_and_says_how_much_it_was(folder: Path) -> None:
    store = DenoisedStore(folder)
    store.keep(key("a"), picture())
    held = store.held_bytes()
    assert held > 0
    assert store.clear() == held
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    store = DenoisedStore(tmp_path / "cache" / "denoised")
    store.keep(key(), picture())
    assert store.read(key()) is None
    assert (store.held_bytes(), store.clear()) == (0, 0)


def test_no_file_is_named_after_a_path(folder: Path) -> None:
    DenoisedStore(folder).keep(key(), picture())
    (file,) = folder.iterdir()
    assert file.name.startswith("a" * 64 + "-non_local_means-10-opencv")
