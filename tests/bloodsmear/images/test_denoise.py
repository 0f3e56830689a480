"""The denoisers: the reference's numbers, and regions that are bit-identical to the whole."""

from typing import get_args

import cv2
import numpy as np
import pytest

from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS, STRENGTHS, DenoiserName, DenoiseSettings
from bloodsmear.images.non_local_means import NonLocalMeans
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage

NAMES = get_args(DenoiserName)


def noisy(width: int, height: int, seed: int = 1) -> RgbImage:
    """Smooth colour patches with strong noise: each denoiser has something to do everywhere."""
    random = np.random.default_rng(seed)
    patches = random.integers(60, 220, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
    smooth = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(smooth + random.normal(0, 14, smooth.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", NAMES)
def test_a_denoised_image_keeps_its_size_and_loses_noise(name: DenoiserName) -> None:
    image = noisy(90, 70)

    denoised = denoise_image(image, DEFAULTS[name])

    assert denoised.shape == image.shape
    assert denoised.dtype == np.uint8
    assert denoised.flags.c_contiguous
    assert cv2.Laplacian(denoised, cv2.CV_64F).var() < 0.5 * cv2.Laplacian(image, cv2.CV_64F).var()


def test_non_local_means_gives_what_the_reference_pipeline_computes_blue_first() -> None:
    image = noisy(80, 60)
    blue_first = np.ascontiguousarray(image[..., ::-1])

    reference = cv2.fastNlMeansDenoisingColored(blue_first, None, 10, 10, 10, 30)

    np.testing.assert_array_equal(denoise_image(image, DEFAULTS["non_local_means"]), reference[..., ::-1])


def test_windows_of_ten_and_thirty_run_as_eleven_and_thirty_one() -> None:
    blue_first = noisy(80, 60)

    asked = cv2.fastNlMeansDenoisingColored(blue_first, None, 10, 10, 10, 30)
    run = cv2.fastNlMeansDenoisingColored(blue_first, None, 10, 10, 11, 31)

    np.testing.assert_array_equal(asked, run)


@pytest.mark.parametrize(
    "region",
    [
        Region(0, 0, 1, 1),
        Region(0, 0, 30, 25),
        Region(89, 0, 41, 30),
        Region(0, 70, 33, 40),
        Region(129, 109, 1, 1),
        Region(100, 80, 30, 30),
        Region(5, 3, 7, 9),
        Region(19, 21, 22, 19),
        Region(21, 20, 64, 48),
        Region(0, 50, 130, 1),
        Region(64, 0, 1, 110),
        Region(0, 0, 130, 110),
    ],
    ids=str,
)
def test_a_region_by_non_local_means_is_bit_identical_to_the_same_part_of_the_whole(region: Region) -> None:
    image = noisy(130, 110)
    settings = DEFAULTS["non_local_means"]

    whole = denoise_image(image, settings)
    part = NonLocalMeans(image, settings.strength).region(region)

    rows = slice(region.top_px, region.top_px + region.height_px)
    columns = slice(region.left_px, region.left_px + region.width_px)
    np.testing.assert_array_equal(part, whole[rows, columns])


def test_random_regions_of_odd_images_are_bit_identical_to_the_whole() -> None:
    random = np.random.default_rng(7)
    settings = DenoiseSettings("non_local_means", 7)
    for width, height in ((3, 5), (15, 90), (97, 61)):
        image = noisy(width, height, seed=width)
        whole = denoise_image(image, settings)
        for _ in range(12):
            left, top = int(random.integers(width)), int(random.integers(height))
            region = Region(
                left,
                top,
                int(random.integers(1, width - left + 1)),
                int(random.integers(1, height - top + 1)),
            )
            part = NonLocalMeans(image, settings.strength).region(region)
            expected = whole[top : top + region.height_px, left : left + region.width_px]
            np.testing.assert_array_equal(part, expected, err_msg=f"{width}×{height} {region}")


@pytest.mark.parametrize(("name", "strength"), [("gaussian", 4), ("median", 1), ("non_local_means", 0)])
def test_a_strength_that_cannot_run_is_refused(name: DenoiserName, strength: int) -> None:
    with pytest.raises(ValueError, match=f"{name} must be"):
        DenoiseSettings(name, strength)


def test_of_the_strengths_to_choose_those_of_non_local_means_alone_take_detail_away() -> None:
    for name, strengths in STRENGTHS.items():
        assert {settings.takes_detail for settings in strengths.values()} == {name == "non_local_means"}
