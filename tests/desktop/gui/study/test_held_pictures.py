"""What is held in memory of the pictures, with pictures of a few bytes."""

import numpy as np
import pytest

from bloodsmear.images.decode import DecodedImage
from bloodsmear.images.denoise_settings import DEFAULTS, DenoisedKey
from bloodsmear.images.denoising import Denoising
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.study.held_pictures import BEGUN_PICTURES, HeldPictures
from desktop.gui.study.image_jobs import ReadFile

PICTURE: RgbImage = np.full((32, 32, 3), 200, np.uint8)
SIZE = PICTURE.nbytes
SLOW = DEFAULTS["non_local_means"]


def _file() -> ReadFile:
    return ReadFile(DecodedImage(PICTURE, "", 32, 32), 0, 0)


def _key(number: int) -> DenoisedKey:
    return DenoisedKey(f"{number:064x}", SLOW)


@pytest.fixture
def pictures() -> HeldPictures:
    """With room for six."""
    return HeldPictures(6 * SIZE)


def test_files_denoised_pictures_and_what_was_begun_never_take_more_than_their_room_together(
    pictures: HeldPictures,
) -> None:
    most = 0
    for number in range(20):
        pictures.hold_file(str(number), _file())
        pictures.hold_begun(_key(number), Denoising(PICTURE, SLOW))
        most = max(most, pictures.held_bytes)
        if number % 3:
            pictures.hold_complete(_key(number), PICTURE)
        assert pictures.held_bytes <= pictures.limit_bytes
    assert most == pictures.limit_bytes
    assert pictures.file("19") is not None
    assert pictures.file("0") is None


def test_a_complete_picture_takes_the_place_of_what_was_begun(pictures: HeldPictures) -> None:
    begun = Denoising(PICTURE, SLOW)
    pictures.hold_begun(_key(1), begun)
    assert (pictures.begun(_key(1)), pictures.complete(_key(1))) == (begun, None)
    assert pictures.held_bytes == BEGUN_PICTURES * SIZE
    pictures.hold_complete(_key(1), PICTURE)
    assert pictures.begun(_key(1)) is None
    assert pictures.complete(_key(1)) is PICTURE
    assert pictures.held_bytes == SIZE


def test_nothing_is_held_after_it_was_forgotten(pictures: HeldPictures) -> None:
    pictures.hold_file("1", _file())
    pictures.hold_complete(_key(1), PICTURE)
    pictures.forget()
    assert (pictures.file("1"), pictures.complete(_key(1)), pictures.held_bytes) == (None, None, 0)
