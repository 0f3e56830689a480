import cv2
import numpy as np

from bloodsmear.images.fingerprint import distance, fingerprint
from bloodsmear.images.rgb_image import RgbImage


def picture(seed: int) -> RgbImage:
    blots = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), np.uint8)
    return np.asarray(cv2.resize(blots, (640, 480), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_smaller_copy_and_a_jpeg_keep_the_fingerprint_but_for_a_few_bits() -> None:
    image = picture(1)
    smaller = cv2.resize(image, (224, 224), interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 40])
    copies = (np.asarray(smaller, np.uint8), np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8))
    for copy in copies:
        assert distance(fingerprint(image), fingerprint(copy)) <= 4


def test_different_pictures_differ_in_many_bits() -> None:
    marks = [fingerprint(picture(seed)) for seed in range(8)]
    assert min(distance(a, b) for a in marks for b in marks if a != b) >= 12
    assert len(set(marks)) == 8


def test_a_fingerprint_has_64_bits() -> None:
    assert 0 <= fingerprint(picture(3)) < 2**64
