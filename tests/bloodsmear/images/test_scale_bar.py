"""Burnt-in scale bars, of the three styles that microscopes' programs draw, and what is done with them."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear import paths
from bloodsmear.images.decode import decode_image
from bloodsmear.images.denoise import denoise_image, denoise_pixels
from bloodsmear.images.denoise_preview import denoise_preview
from bloodsmear.images.denoise_settings import DEFAULTS, DenoiserName
from bloodsmear.images.denoising import Denoising
from bloodsmear.images.nucleus_mask import nucleus_mask
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import fill_region, find_scale_bar, scale_bar_length_px, without_scale_bar
from bloodsmear.jobs import Cancel

GLASS, RED_CELL, NUCLEUS, ORANGE_CELL = (232, 236, 246), (180, 186, 200), (105, 60, 175), (222, 160, 120)
FRAME_PX = 1024, 768


@dataclass(frozen=True)
class Style:
    """A bar in a frame of 1024 × 768 px: the line from left to right (both px), its row, its thickness, the words."""

    left: int
    right: int
    row: int
    thickness: int
    letters: float
    colour: tuple[int, int, int]
    box: tuple[int, int, int, int] | None

    def covers(self, region: Region) -> bool:
        """Whether the region holds line, ticks and words."""
        top = self.row - round(28 * self.letters)
        return (
            region.left_px <= self.left
            and region.right_px >= min(self.right, FRAME_PX[0])
            and region.top_px <= top
            and region.bottom_px >= self.row + 4
        )


STYLES = {
    "black in a white box": Style(892, 993, 736, 2, 0.4, (0, 0, 0), (889, 707, 997, 745)),
    "large, cut off at the edge": Style(892, 1090, 742, 4, 1.5, (0, 0, 0), (881, 664, 1024, 762)),
    "red without a box": Style(892, 993, 736, 2, 0.4, (255, 0, 0), None),
}


def smear(seed: int = 1) -> RgbImage:
    """A frame of 1024 × 768 px with cells up to its edges, and no bar."""
    random = np.random.default_rng(seed)
    picture = np.full((768, 1024, 3), GLASS, np.uint8)
    for colour, count, radius in ((RED_CELL, 60, 38), (ORANGE_CELL, 12, 34), (NUCLEUS, 14, 52)):
        for _ in range(count):
            middle = int(random.integers(0, 1024)), int(random.integers(0, 768))
            cv2.circle(picture, middle, radius, colour, -1, cv2.LINE_AA)
    blurred = cv2.GaussianBlur(picture, (0, 0), 2).astype(float)
    return np.clip(blurred + random.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def with_bar(picture: RgbImage, style: Style) -> RgbImage:
    drawn = picture.copy()
    if style.box is not None:
        cv2.rectangle(drawn, style.box[:2], style.box[2:], (255, 255, 255), -1)
    cv2.line(drawn, (style.left, style.row), (style.right, style.row), style.colour, style.thickness)
    tick = 6 * style.thickness // 2
    for column in (style.left, style.right):
        cv2.line(
            drawn, (column, style.row - tick), (column, style.row + tick // 2), style.colour, style.thickness
        )
    place = style.left + 18, style.row - 8
    cv2.putText(
        drawn, "100 pixel", place, cv2.FONT_HERSHEY_SIMPLEX, style.letters, style.colour, 1, cv2.LINE_AA
    )
    return drawn


def saved(picture: RgbImage, quality: int) -> RgbImage:
    _, content = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    blue_first = np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.cvtColor(blue_first, cv2.COLOR_BGR2RGB), np.uint8)


def demo() -> RgbImage:
    return decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_bar_of_each_style_is_found_with_all_its_ink_and_little_else(style: Style) -> None:
    for seed in range(4):
        found = find_scale_bar(saved(with_bar(smear(seed), style), 90))
        assert found is not None
        assert style.covers(found)
        assert found.pixels < 0.04 * 1024 * 768


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_bar_is_found_in_a_larger_frame(style: Style) -> None:
    large = cv2.resize(with_bar(smear(), style), (2560, 1920), interpolation=cv2.INTER_CUBIC)
    found = find_scale_bar(np.asarray(large, np.uint8))
    assert found is not None
    scale = 2560 / 1024
    shrunk = (found.left_px, found.top_px, found.width_px, found.height_px)
    assert style.covers(Region(*(round(value / scale) for value in shrunk)))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_bar_is_found_in_a_copy_reduced_without_antialiasing(style: Style) -> None:
    copy = cv2.resize(with_bar(smear(), style), (224, 224), interpolation=cv2.INTER_LINEAR)
    found = find_scale_bar(saved(np.asarray(copy, np.uint8), 90))
    assert found is not None
    assert found.right_px > 208
    assert found.bottom_px > 210


@pytest.mark.parametrize("name", ["black in a white box", "red without a box"])
def test_a_bar_is_as_long_as_it_was_drawn_from_tick_to_tick(name: str) -> None:
    for seed in range(4):
        length_px = scale_bar_length_px(saved(with_bar(smear(seed), STYLES[name]), 90))
        assert length_px == pytest.approx(101, rel=0.02)


def test_a_bar_without_ticks_is_as_long_as_its_line() -> None:
    picture = smear()
    cv2.rectangle(picture, (880, 700), (1004, 748), (255, 255, 255), -1)
    cv2.rectangle(picture, (890, 735), (989, 738), (0, 0, 0), -1)
    cv2.putText(picture, "10 um", (910, 725), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)

    assert scale_bar_length_px(picture) == pytest.approx(100, rel=0.02)


def test_a_bar_with_round_ends_is_as_long_as_the_line_that_was_meant() -> None:
    picture = smear()
    cv2.rectangle(picture, (880, 700), (1004, 748), (255, 255, 255), -1)
    cv2.line(picture, (890, 735), (990, 735), (0, 0, 0), 3)
    cv2.putText(picture, "10 um", (910, 725), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)

    assert scale_bar_length_px(picture) == pytest.approx(100, rel=0.02)


def test_a_bar_that_the_edge_cuts_off_has_no_length() -> None:
    picture = with_bar(smear(), STYLES["large, cut off at the edge"])

    assert find_scale_bar(picture) is not None
    assert scale_bar_length_px(picture) is None


def test_a_picture_without_a_bar_has_no_length_of_one() -> None:
    assert scale_bar_length_px(smear()) is None
    assert scale_bar_length_px(np.zeros((7, 5, 3), np.uint8)) is None


def test_the_bars_of_real_frames_have_the_length_that_is_written_over_them(shared_data: Path) -> None:
    """`100 pixel` in most frames of 1024 px, `200 pixel` in the larger; the large ones are cut off by the edge."""
    lengths: dict[int, list[float]] = {}
    for path in (shared_data / "fullsize").rglob("*.jpg"):
        pixels = decode_image(path).pixels
        if (length_px := scale_bar_length_px(pixels)) is not None:
            lengths.setdefault(pixels.shape[1], []).append(length_px)

    assert len(lengths[1024]) == 25
    assert lengths[1024] == pytest.approx([100] * 25, rel=0.02)
    assert lengths[2560] == pytest.approx([200], rel=0.02)


def test_where_there_is_no_bar_none_is_found() -> None:
    for seed in range(12):
        assert find_scale_bar(smear(seed)) is None
    random = np.random.default_rng(2)
    for width, height in ((97, 61), (217, 123), (300, 200), (640, 480)):
        for _ in range(5):
            assert find_scale_bar(random.integers(0, 256, (height, width, 3), np.uint8)) is None
            noise = random.normal(150, 40, (height, width, 3))
            assert find_scale_bar(np.clip(noise, 0, 255).astype(np.uint8)) is None


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 400, 3), (400, 1, 3), (7, 5, 3)])
def test_the_smallest_pictures_have_none(shape: tuple[int, int, int]) -> None:
    assert find_scale_bar(np.zeros(shape, np.uint8)) is None
    assert find_scale_bar(np.full(shape, 255, np.uint8)) is None


def test_writing_in_the_middle_of_a_picture_is_left_alone() -> None:
    drawn = smear()
    cv2.rectangle(drawn, (400, 300), (520, 340), (255, 255, 255), -1)
    cv2.putText(drawn, "100 pixel", (410, 330), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    assert find_scale_bar(drawn) is None


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_filled_bar_leaves_the_background_and_the_rest_as_it_is(style: Style) -> None:
    glass = np.full((768, 1024, 3), GLASS, np.uint8)
    drawn = with_bar(glass, style)
    before = drawn.copy()
    np.testing.assert_array_equal(without_scale_bar(drawn), glass)
    np.testing.assert_array_equal(drawn, before)


def test_what_a_bar_is_filled_with_is_the_glass_between_the_cells_beside_it() -> None:
    picture = np.full((100, 100, 3), NUCLEUS, np.uint8)
    picture[:, ::2] = GLASS
    filled = fill_region(picture, Region(60, 80, 40, 20))
    assert (filled[80:, 60:] == GLASS).all()
    assert (filled[:80] == picture[:80]).all()


def test_a_region_as_large_as_the_picture_has_nothing_beside_it() -> None:
    picture = smear()
    np.testing.assert_array_equal(fill_region(picture, Region(0, 0, 1024, 768)), picture)


def test_without_a_bar_the_very_same_picture_comes_back() -> None:
    picture = smear()
    assert without_scale_bar(picture) is picture


@pytest.mark.parametrize("name", ["gaussian", "median"])
def test_a_bar_is_not_denoised(name: DenoiserName) -> None:
    image = demo()
    bar = find_scale_bar(image)
    assert bar is not None
    denoised, everywhere = denoise_image(image, DEFAULTS[name]), denoise_pixels(image, DEFAULTS[name])
    np.testing.assert_array_equal(denoised[bar.slices()], image[bar.slices()])
    assert (everywhere[bar.slices()] != image[bar.slices()]).any()
    denoised[bar.slices()] = everywhere[bar.slices()]
    np.testing.assert_array_equal(denoised, everywhere)


def test_a_bar_is_not_denoised_tile_by_tile_nor_in_the_preview() -> None:
    image = np.asarray(cv2.resize(demo(), (320, 240), interpolation=cv2.INTER_LINEAR), np.uint8)
    bar = find_scale_bar(image)
    assert bar is not None
    settings = DEFAULTS["non_local_means"]
    denoising = Denoising(image, settings)
    denoising.run(lambda _tile: None, Cancel())
    np.testing.assert_array_equal(denoising.pixels, denoise_image(image, settings))
    for denoised in (denoising.pixels, denoise_preview(image, settings)):
        np.testing.assert_array_equal(denoised[bar.slices()], image[bar.slices()])


def test_a_bar_has_no_nuclei_whatever_it_lies_on() -> None:
    picture = smear()
    cv2.circle(picture, (940, 730), 70, NUCLEUS, -1)
    bar = Region(892, 720, 100, 20)
    assert nucleus_mask(picture)[
        bar.top_px // 2 : bar.bottom_px // 2, bar.left_px // 2 : bar.right_px // 2
    ].all()
    mask = nucleus_mask(with_bar(picture, STYLES["red without a box"]))
    assert not mask[bar.top_px // 2 : bar.bottom_px // 2, bar.left_px // 2 : bar.right_px // 2].any()
    assert mask[340:350, 460:480].all()
