"""The recipe: each step does what its name says, in the order that the design gives."""

import cv2
import msgspec
import numpy as np
import pytest
from PIL import Image

from bloodsmear import paths
from bloodsmear.classifiers.preprocess import prepare_input, resize_image
from bloodsmear.classifiers.recipe import Recipe, ResizeMethod
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image
from bloodsmear.images.denoise_settings import DEFAULTS, DenoiserName
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar

PLAIN = Recipe(
    fill_scale_bar=False,
    denoise=None,
    width_px=40,
    height_px=30,
    resize="nearest",
    channels="rgb",
    scale=1 / 255,
    offset=0.0,
)


@pytest.fixture
def image() -> RgbImage:
    return np.random.default_rng(1).integers(0, 256, (123, 217, 3), dtype=np.uint8)


def test_the_input_is_float32_height_by_width_and_contiguous(image: RgbImage) -> None:
    prepared = prepare_input(image, PLAIN)
    assert prepared.dtype == np.float32
    assert prepared.shape == (30, 40, 3)
    assert prepared.flags.c_contiguous


def test_a_scale_of_one_255th_equals_a_division_by_255() -> None:
    every_value = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    prepared = prepare_input(every_value, msgspec.structs.replace(PLAIN, width_px=16, height_px=16))
    assert np.array_equal(prepared, every_value.astype(np.float32) / np.float32(255))


def test_scaling_never_depends_on_the_pixels() -> None:
    dark = np.ones((30, 40, 3), np.uint8)
    mixed = dark.copy()
    mixed[0, 0] = 255
    recipe = PLAIN
    assert np.array_equal(prepare_input(dark, recipe)[1:], prepare_input(mixed, recipe)[1:])


def test_scale_comes_before_offset(image: RgbImage) -> None:
    prepared = prepare_input(image, msgspec.structs.replace(PLAIN, scale=1 / 127.5, offset=-1.0))
    assert prepared.min() >= -1.0
    assert prepared.max() <= 1.0
    assert prepared.min() < -0.9


def test_bgr_puts_blue_first(image: RgbImage) -> None:
    rgb = prepare_input(image, PLAIN)
    bgr = prepare_input(image, msgspec.structs.replace(PLAIN, channels="bgr"))
    assert np.array_equal(bgr, rgb[:, :, ::-1])


def test_the_scale_bar_is_filled_before_all_else_where_the_recipe_says_so() -> None:
    smear = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    recipe = msgspec.structs.replace(PLAIN, resize="area", denoise="median")
    filled = prepare_input(smear, msgspec.structs.replace(recipe, fill_scale_bar=True))
    assert np.array_equal(filled, prepare_input(without_scale_bar(smear), recipe))
    as_it_is = prepare_input(smear, recipe)
    # The bar lies at the lower right.
    assert np.array_equal(filled[:-4], as_it_is[:-4])
    assert not np.array_equal(filled, as_it_is)


def test_a_recipe_that_denoises_does_so_to_the_scale_bar_too() -> None:
    smear = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    size = {"width_px": smear.shape[1], "height_px": smear.shape[0]}
    prepared = prepare_input(smear, msgspec.structs.replace(PLAIN, denoise="median", scale=1.0, **size))
    assert np.array_equal(prepared, cv2.medianBlur(smear, 5).astype(np.float32))


@pytest.mark.parametrize("name", ["gaussian", "median"])
def test_denoising_works_on_the_decoded_image_before_it_is_resized(
    image: RgbImage, name: DenoiserName
) -> None:
    prepared = prepare_input(image, msgspec.structs.replace(PLAIN, denoise=name, scale=1.0))
    denoised = denoise_image(image, DEFAULTS[name])
    assert np.array_equal(prepared, resize_image(denoised, 40, 30, "nearest").astype(np.float32))


@pytest.mark.parametrize(("width_px", "height_px"), [(40, 30), (96, 96), (150, 150), (224, 224), (300, 200)])
def test_nearest_is_bit_equal_to_pillows_which_keras_used(
    image: RgbImage, width_px: int, height_px: int
) -> None:
    wanted = Image.fromarray(image).resize((width_px, height_px), Image.Resampling.NEAREST)
    assert np.array_equal(resize_image(image, width_px, height_px, "nearest"), np.asarray(wanted))


@pytest.mark.parametrize(
    ("method", "pillow"), [("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC)]
)
def test_bilinear_and_bicubic_are_pillows(
    image: RgbImage, method: ResizeMethod, pillow: Image.Resampling
) -> None:
    wanted = Image.fromarray(image).resize((40, 30), pillow)
    assert np.array_equal(resize_image(image, 40, 30, method), np.asarray(wanted))


@pytest.mark.parametrize(
    ("method", "opencv"),
    [("bilinear_cv2", cv2.INTER_LINEAR), ("bicubic_cv2", cv2.INTER_CUBIC), ("area", cv2.INTER_AREA)],
)
def test_the_others_are_opencvs(image: RgbImage, method: ResizeMethod, opencv: int) -> None:
    assert np.array_equal(
        resize_image(image, 40, 30, method), cv2.resize(image, (40, 30), interpolation=opencv)
    )


def test_pillows_bilinear_is_antialiased_and_opencvs_is_not() -> None:
    checks = np.zeros((128, 128, 3), np.uint8)
    checks[::2] = 255
    assert np.ptp(resize_image(checks, 15, 15, "bilinear")[2:-2]) < 20
    assert np.ptp(resize_image(checks, 15, 15, "bilinear_cv2")[2:-2]) > 100


def test_an_image_of_the_right_size_is_not_touched(image: RgbImage) -> None:
    for method in ("nearest", "bilinear", "bicubic", "bilinear_cv2", "bicubic_cv2", "area"):
        assert np.array_equal(resize_image(image, 217, 123, method), image)
