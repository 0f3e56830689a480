"""The perceptual fingerprint: the same picture is recognised, another one isn't."""

from collections.abc import Callable
from itertools import combinations

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.images.decode import decode_image
from bloodsmear.images.fingerprint import distance, fingerprint
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import Scan


@pytest.fixture(scope="module")
def smears() -> list[RgbImage]:
    return [decode_image(found.path).pixels for found in Scan([paths.demo_images()])]


def as_jpeg(image: RgbImage, quality: int) -> RgbImage:
    content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)


CHANGES: dict[str, Callable[[RgbImage], cv2.typing.MatLike]] = {
    "half the size": lambda image: cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "squashed to 224": lambda image: cv2.resize(image, (224, 224), interpolation=cv2.INTER_LINEAR),
    "strong JPEG": lambda image: as_jpeg(image, 40),
    "less light": lambda image: (image * 0.8).astype(np.uint8),
    "noise": lambda image: np.clip(image + np.random.default_rng(2).normal(0, 6, image.shape), 0, 255).astype(
        np.uint8
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_picture_is_recognised_after(smears: list[RgbImage], change: str) -> None:
    for image in smears[:8]:
        changed = np.asarray(CHANGES[change](image), np.uint8)

        assert distance(fingerprint(image), fingerprint(changed)) <= 4


def test_different_pictures_are_far_apart(smears: list[RgbImage]) -> None:
    prints = [fingerprint(image) for image in smears]

    assert min(distance(a, b) for a, b in combinations(prints, 2)) >= 12


def test_a_fingerprint_has_64_bits_of_which_half_are_set(smears: list[RgbImage]) -> None:
    for image in smears:
        value = fingerprint(image)
        assert 0 <= value < 2**64
        assert value.bit_count() == 32


def test_mirrored_pictures_differ(smears: list[RgbImage]) -> None:
    mirrored = np.ascontiguousarray(smears[0][:, ::-1])

    assert distance(fingerprint(smears[0]), fingerprint(mirrored)) > 10


def test_tiny_and_plain_pictures_have_a_fingerprint() -> None:
    assert fingerprint(np.full((1, 1, 3), 7, np.uint8)) == fingerprint(np.full((9, 5, 3), 7, np.uint8))


def test_the_distance_counts_the_bits_that_differ() -> None:
    assert distance(0b1011, 0b0010) == 2
    assert distance(2**64 - 1, 0) == 64
