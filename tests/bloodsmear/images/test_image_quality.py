"""Focus and exposure as numbers: what moves them, what doesn't, and where the flags' thresholds lie."""

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.images import image_quality
from bloodsmear.images.decode import decode_image
from bloodsmear.images.image_quality import (
    BRIGHT_SHARE_ABOVE,
    DARK_SHARE_ABOVE,
    OUT_OF_FOCUS_BELOW,
    _percentile,
    measure_quality,
)
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import Scan

SCALE_BAR = np.s_[-60:, -130:]


def demo(name: str) -> RgbImage:
    return decode_image(paths.demo_images() / name).pixels


@pytest.fixture(scope="module")
def smear() -> RgbImage:
    return demo("synthetic-1/smear-1.jpg")


def blurred(image: RgbImage, sigma_px: float) -> RgbImage:
    """Out of focus, but with the scale bar as sharp as the camera's software burns it in."""
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.uint8)
    soft[SCALE_BAR] = image[SCALE_BAR]
    return soft


def smeared(image: RgbImage, length_px: int, angle_deg: float) -> RgbImage:
    """Taken while the stage moved by `length_px` pixels; the scale bar is sharp."""
    kernel = np.zeros((2 * length_px + 1,) * 2, np.float32)
    way = np.array([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))]) * length_px / 2
    ends = [tuple(int(value) for value in np.round(length_px + sign * way)) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], (1.0,))
    soft = np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT), np.uint8)
    soft[SCALE_BAR] = image[SCALE_BAR]
    return soft


def lit(image: RgbImage, light: float) -> RgbImage:
    return np.asarray(np.clip(image * light, 0, 255), np.uint8)


def test_the_stronger_the_blur_the_lower_the_sharpness(smear: RgbImage) -> None:
    values = [measure_quality(blurred(smear, sigma)).sharpness for sigma in (0.5, 1, 2, 4, 8)]

    assert values == sorted(values, reverse=True)
    assert values[0] > OUT_OF_FOCUS_BELOW > values[3]


@pytest.mark.parametrize("angle_deg", [0, 30, 45, 90, 140])
def test_an_image_taken_while_the_stage_moved_is_not_sharp(smear: RgbImage, angle_deg: float) -> None:
    assert measure_quality(smeared(smear, 20, angle_deg)).sharpness < OUT_OF_FOCUS_BELOW


def test_a_larger_copy_of_an_image_is_as_sharp(smear: RgbImage) -> None:
    double = np.asarray(cv2.resize(smear, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)

    assert measure_quality(double).sharpness == pytest.approx(measure_quality(smear).sharpness, rel=0.03)


@pytest.mark.parametrize("light", [0.3, 0.6])
def test_bad_light_does_not_pass_for_bad_focus(smear: RgbImage, light: float) -> None:
    assert measure_quality(lit(smear, light)).sharpness == pytest.approx(
        measure_quality(smear).sharpness, rel=0.1
    )


def test_the_number_of_cells_does_not_decide_about_focus() -> None:
    crowded = measure_quality(demo("synthetic-1/smear-2.jpg")).sharpness
    sparse = measure_quality(demo("synthetic-1/smear-10.jpg")).sharpness

    assert crowded == pytest.approx(sparse, rel=0.15)


def test_noise_does_not_make_a_blurred_image_sharp(smear: RgbImage) -> None:
    noise = np.random.default_rng(4).normal(0, 2, smear.shape)
    noisy = np.clip(blurred(smear, 5) + noise, 0, 255).astype(np.uint8)

    assert measure_quality(noisy).sharpness < OUT_OF_FOCUS_BELOW


def test_an_empty_noisy_field_is_not_sharp() -> None:
    noise = np.random.default_rng(4).normal(240, 2, (480, 640, 3))

    assert measure_quality(noise.astype(np.uint8)).sharpness < OUT_OF_FOCUS_BELOW


def test_the_demo_images_are_flagged_where_they_say_so() -> None:
    for found in Scan([paths.demo_images()]):
        quality = measure_quality(decode_image(found.path).pixels)
        assert (quality.sharpness < OUT_OF_FOCUS_BELOW) == ("out of focus" in found.image), found.image
        assert (quality.dark_share > DARK_SHARE_ABOVE) == ("dark" in found.image), found.image
        assert quality.bright_share < BRIGHT_SHARE_ABOVE, found.image


def test_dark_and_burnt_out_pixels_are_counted_as_shares() -> None:
    image = np.full((100, 100, 3), 200, np.uint8)
    image[:30] = 10
    image[30:40] = 255
    image[40:45] = (255, 255, 120)
    image[45:50] = (20, 20, 190)

    quality = measure_quality(image)

    assert quality.dark_share == pytest.approx(0.30)
    assert quality.bright_share == pytest.approx(0.10)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (5, 2000), (2000, 5)])
def test_images_of_odd_shapes_have_finite_measures(shape: tuple[int, int]) -> None:
    quality = measure_quality(np.zeros((*shape, 3), np.uint8))

    assert np.isfinite(quality.sharpness)
    assert quality.dark_share == 1


def test_no_real_frame_is_flagged_and_nearly_every_blurred_one_is(shared_data: Path) -> None:
    frames = [decode_image(found.path).pixels for found in Scan([shared_data / "fullsize"])]

    sharp = [measure_quality(frame) for frame in frames]
    soft = [measure_quality(blurred(frame, 4)) for frame in frames]

    assert len(frames) == 35
    assert all(quality.sharpness > OUT_OF_FOCUS_BELOW for quality in sharp)
    assert all(quality.dark_share < DARK_SHARE_ABOVE for quality in sharp)
    assert all(quality.bright_share < BRIGHT_SHARE_ABOVE for quality in sharp)
    assert sum(quality.sharpness < OUT_OF_FOCUS_BELOW for quality in soft) >= 32


@pytest.mark.parametrize("angle_deg", [0, 45, 100])
def test_nearly_every_real_frame_smeared_by_a_movement_is_flagged(
    shared_data: Path, angle_deg: float
) -> None:
    frames = [decode_image(found.path).pixels for found in Scan([shared_data / "fullsize"])]

    soft = [
        measure_quality(smeared(frame, round(16 * max(frame.shape) / 1024), angle_deg)) for frame in frames
    ]

    assert sum(quality.sharpness < OUT_OF_FOCUS_BELOW for quality in soft) >= 33


def test_real_frames_in_wrong_light_are_flagged(shared_data: Path) -> None:
    frames = [decode_image(found.path).pixels for found in Scan([shared_data / "fullsize"])][::4]

    assert all(measure_quality(lit(frame, 0.3)).dark_share > DARK_SHARE_ABOVE for frame in frames)
    flooded = [measure_quality(lit(frame, 1.3)).bright_share > BRIGHT_SHARE_ABOVE for frame in frames]
    assert sum(flooded) >= len(frames) - 1


def test_an_image_after_another_of_the_same_size_is_measured_as_if_it_were_alone(smear: RgbImage) -> None:
    alone = measure_quality(smear)
    measure_quality(blurred(smear, 4))
    assert measure_quality(smear) == alone


@pytest.mark.parametrize("band_px", [40, 193, 700])
def test_worked_on_in_bands_an_image_is_as_sharp_as_in_one_piece(
    smear: RgbImage, band_px: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = []
    for rows in (band_px, len(smear)):
        monkeypatch.setattr(image_quality, "_BAND_PX", rows)
        monkeypatch.setattr(image_quality, "_kept", threading.local())
        measured.append(measure_quality(smear))
    assert measured[0] == measured[1]


@pytest.mark.parametrize("values", [[7], [3, 200], [0, 0, 0, 255], list(range(100)), [9] * 30 + [10] * 2])
def test_the_percentile_is_numpys(values: list[int]) -> None:
    grey = np.array([values], np.uint8)
    assert _percentile(grey, 95) == pytest.approx(float(np.percentile(grey, 95)), rel=1e-12)


@pytest.mark.parametrize("sigma", [0.5, 2.0, 4.0])
def test_the_coarse_scale_at_half_the_size_is_that_of_the_whole(smear: RgbImage, sigma: float) -> None:
    picture = blurred(smear, sigma)
    assert measure_quality(picture).sharpness == pytest.approx(_sharpness_at_full_size(picture), rel=0.01)


def _sharpness_at_full_size(picture: RgbImage) -> float:
    """What `sharpness` means, step by step, for an image of 1024 px at most."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)
    grey *= 240 / np.percentile(grey, 95)
    tile = max(grey.shape) // 16
    energy = []
    for sigma_px in (1.0, 4.0):
        smooth = cv2.GaussianBlur(grey, (0, 0), sigma_px)
        along, down = (cv2.Sobel(smooth, cv2.CV_32F, x, 1 - x, scale=1 / 8) for x in (1, 0))
        grid = grey.shape[1] // tile, grey.shape[0] // tile
        energy.append(cv2.resize(along**2 + down**2, grid, interpolation=cv2.INTER_AREA))
    fine, coarse = energy
    structured = coarse >= max(0.5 * np.median(coarse), 0.1 * np.percentile(coarse, 90))
    return float(np.percentile((fine / (coarse + 0.2))[structured], 90))
