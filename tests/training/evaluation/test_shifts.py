"""The shifts that every evaluation is made under: each does what its name says, on a picture that is known."""

import numpy as np
import pytest

from bloodsmear.classifiers.figure_words import shift_words
from training.evaluation.shifts import SHIFTS


def plain(*rgb: int) -> np.ndarray:
    return np.tile(np.array(rgb, np.uint8), (32, 32, 1))


def test_a_vignette_is_dark_in_the_corners_and_leaves_the_middle() -> None:
    shifted = SHIFTS["vignetting"](plain(200, 160, 180))
    assert shifted[0, 0].tolist() == shifted[-1, -1].tolist() == [130, 104, 117]
    assert abs(int(shifted[16, 16, 0]) - 200) <= 1


def test_gamma_below_one_brightens_and_leaves_black_and_white() -> None:
    grey = plain(128, 0, 255)
    brighter, darker = SHIFTS["gamma_0.7"](grey)[0, 0], SHIFTS["gamma_1.4"](grey)[0, 0]
    assert brighter.tolist() == [157, 0, 255]
    assert darker.tolist() == [97, 0, 255]


@pytest.mark.parametrize(("name", "width_px"), [("defocus_1_px", 3), ("defocus_2_px", 5)])
def test_defocus_spreads_a_point_over_a_disc_and_keeps_its_light(name: str, width_px: int) -> None:
    point = plain(0, 0, 0)
    point[16, 16] = 255
    spread = SHIFTS[name](point)[:, :, 1]
    assert np.ptp(np.flatnonzero(spread.any(axis=0))) + 1 == width_px
    assert np.array_equal(spread, spread.T)
    assert int(spread.sum()) == pytest.approx(255, abs=15)


def test_half_the_scale_takes_the_detail_of_single_pixels_and_leaves_the_coarse() -> None:
    fine = (
        np.where(np.indices((32, 32)).sum(axis=0)[..., None] % 2, 40, 200).repeat(3, axis=2).astype(np.uint8)
    )
    assert np.ptp(SHIFTS["half_scale"](fine)) == 0
    coarse = (
        np.where(np.indices((32, 32)).sum(axis=0)[..., None] // 32, 40, 200)
        .repeat(3, axis=2)
        .astype(np.uint8)
    )
    assert np.ptp(SHIFTS["half_scale"](coarse)) == 160


def test_a_magenta_cast_takes_green_and_a_green_one_adds_it() -> None:
    smear = plain(200, 200, 200)
    assert SHIFTS["cast_magenta"](smear)[0, 0].tolist() == [208, 184, 208]
    assert SHIFTS["cast_green"](smear)[0, 0].tolist() == [192, 216, 192]


def test_a_pale_stain_comes_nearer_to_grey_and_a_strong_one_further_from_it() -> None:
    purple = plain(140, 90, 170)
    widths = [
        np.ptp(SHIFTS[f"saturation_times_{factor}"](purple)[0, 0].astype(int)) for factor in ("0.7", "1.35")
    ]
    assert widths == [56, 108]


def test_an_input_of_odd_size_keeps_it() -> None:
    odd = np.random.default_rng(0).integers(0, 255, (31, 45, 3), np.uint8)
    assert {shift(odd).shape for shift in SHIFTS.values()} == {(31, 45, 3)}


def test_the_page_has_words_for_every_shift_and_for_those_of_older_evaluations() -> None:
    for name in (*SHIFTS, "saturation_times_1.3", "jpeg_quality_50"):
        assert shift_words(name) != name.replace("_", " ") or name == "vignetting"
