"""Nucleated cells of synthetic smears: which are found, where, and what is not taken for one."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.images.cells import FoundCells, find_cells
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage

DEMO = Path(__file__).parents[3] / "assets" / "demo"
# How many white cells build_scripts/draw_demo_images.py drew on each.
DRAWN = {
    "synthetic-1/smear-1.jpg": 3,
    "synthetic-1/smear-2.jpg": 2,
    "synthetic-1/smear-10.jpg": 3,
    "synthetic-2/smear-1.jpg": 5,
    "synthetic-2/smear-2.jpg": 2,
    "synthetic-2/smear-3 out of focus.jpg": 3,
    "synthetic-3/smear-1.jpg": 9,
    "synthetic-3/smear-2.png": 4,
    "synthetic-3/smear-3 dark.jpg": 6,
    "synthetic-10/smear-1.jpg": 2,
    "synthetic-10/smear-2.jpg": 5,
    "synthetic-10/smear-3 empty field.jpg": 0,
}
GLASS, RED_CELL, CYTOPLASM, NUCLEUS = (245, 248, 244), (205, 160, 165), (215, 200, 225), (110, 60, 170)
RED_CELL_PX = 40
Disc = tuple[int, int, int]


def smear(
    *nuclei: Disc,
    cytoplasm: tuple[Disc, ...] = (),
    light: float = 1.0,
    without_red_cells: bool = False,
) -> RgbImage:
    """Discs (x, y, radius) on glass, 600 × 450 px, under some share of the light, over two rows of red cells."""
    picture = np.full((450, 600, 3), GLASS, np.uint8)
    for place in range(0 if without_red_cells else 20):
        centre = 30 + 60 * (place % 10), 40 if place < 10 else 410
        cv2.circle(picture, centre, RED_CELL_PX // 2, RED_CELL, -1, cv2.LINE_AA)
    for colour, discs in ((CYTOPLASM, cytoplasm), (NUCLEUS, nuclei)):
        for x, y, radius in discs:
            cv2.circle(picture, (x, y), radius, colour, -1, cv2.LINE_AA)
    noise = np.random.default_rng(7).normal(0, 2, picture.shape)
    return np.clip(picture * light + noise, 0, 255).astype(np.uint8)


def centres(found: FoundCells) -> list[tuple[int, int]]:
    """To 10 px."""
    return [(round(cell.centre_x_px, -1), round(cell.centre_y_px, -1)) for cell in found.cells]  # type: ignore[misc]


@pytest.mark.parametrize(("name", "drawn"), DRAWN.items())
def test_every_white_cell_of_a_demo_image_is_found_and_nothing_else(name: str, drawn: int) -> None:
    assert len(find_cells(decode_image(DEMO / name).pixels).cells) == drawn


def test_a_cell_has_the_centre_the_box_and_the_area_of_its_nucleus() -> None:
    (cell,) = find_cells(smear((300, 220, 25), cytoplasm=((300, 220, 36),))).cells
    assert math.dist((cell.centre_x_px, cell.centre_y_px), (300, 220)) < 2
    assert cell.area_px == pytest.approx(math.pi * 25**2, rel=0.1)
    sides = cell.box.left_px, cell.box.top_px, cell.box.right_px, cell.box.bottom_px
    assert sides == pytest.approx((275, 195, 326, 246), abs=3)
    assert not cell.is_cut
    assert not cell.is_smudge


def test_an_outline_runs_around_the_nucleus() -> None:
    (cell,) = find_cells(smear((300, 220, 25))).cells
    (outline,) = cell.outlines
    assert all(math.dist(point, (300, 220)) == pytest.approx(25, abs=3) for point in outline)


def test_the_red_cells_diameter_is_measured_with_pale_middles_too() -> None:
    picture = smear((300, 220, 25))
    assert find_cells(picture).red_cell_px == pytest.approx(RED_CELL_PX, rel=0.1)
    for place in range(20):
        centre = 30 + 60 * (place % 10), 40 if place < 10 else 410
        cv2.circle(picture, centre, RED_CELL_PX // 5, GLASS, -1, cv2.LINE_AA)
    assert find_cells(picture).red_cell_px == pytest.approx(RED_CELL_PX, rel=0.1)


def test_lobes_of_one_nucleus_are_one_cell() -> None:
    found = find_cells(smear((290, 205, 10), (318, 212, 10), (300, 236, 10), cytoplasm=((302, 218, 40),)))
    assert centres(found) == [(300, 220)]
    assert len(found.cells[0].outlines) == 3


def test_touching_nuclei_are_two_cells() -> None:
    assert centres(find_cells(smear((270, 220, 25), (318, 220, 25)))) == [(270, 220), (320, 220)]


def test_small_nuclei_with_glass_between_them_are_two_cells() -> None:
    apart: tuple[Disc, ...] = ((280, 220, 16), (322, 220, 16))
    assert sorted(centres(find_cells(smear(*apart)))) == [(280, 220), (320, 220)]
    assert centres(find_cells(smear(*apart, cytoplasm=((301, 220, 44),)))) == [(300, 220)]


def test_where_red_cells_pave_the_field_nuclei_are_found_all_the_same() -> None:
    picture = smear()
    # One body without end, but for a strip of glass at the left.
    cv2.rectangle(picture, (90, 0), (599, 449), RED_CELL, -1)
    for centre in ((200, 100), (400, 200), (300, 350)):
        cv2.circle(picture, centre, 22, NUCLEUS, -1, cv2.LINE_AA)
    found = find_cells(picture)
    assert centres(found) == [(200, 100), (400, 200), (300, 350)]
    assert found.red_cell_px == pytest.approx(44, rel=0.35)


def test_platelets_and_debris_are_not_cells() -> None:
    assert not find_cells(smear((100, 220, 6), (300, 220, 8), (480, 200, 4))).cells


def test_a_field_of_red_cells_has_no_nucleated_ones() -> None:
    assert not find_cells(smear()).cells


def test_nothing_is_found_on_glass_on_black_and_on_a_single_pixel() -> None:
    for picture in (
        smear(without_red_cells=True),
        np.zeros((300, 400, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
    ):
        assert not find_cells(picture).cells


def test_a_cell_at_the_border_is_marked_as_cut() -> None:
    found = find_cells(smear((0, 220, 25), (300, 220, 25)))
    assert [cell.is_cut for cell in sorted(found.cells, key=lambda cell: cell.centre_x_px)] == [True, False]
    assert all(
        0 <= x < 600 and 0 <= y < 450 for cell in found.cells for line in cell.outlines for x, y in line
    )


def test_a_nucleus_that_burst_is_marked_as_a_smudge() -> None:
    picture = smear()
    for turn in np.linspace(0, 2 * math.pi, 7, endpoint=False):
        end = round(300 + 42 * math.cos(turn)), round(220 + 42 * math.sin(turn))
        cv2.line(picture, (300, 220), end, NUCLEUS, 9, cv2.LINE_AA)
    (cell,) = find_cells(picture).cells
    assert cell.is_smudge


def test_a_scale_bar_is_never_counted() -> None:
    picture = smear((300, 220, 25))
    cv2.rectangle(picture, (440, 380), (599, 449), (255, 255, 255), -1)
    cv2.putText(picture, "200 px", (460, 415), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2, cv2.LINE_AA)
    cv2.line(picture, (455, 435), (590, 435), (0, 0, 0), 4)
    assert centres(find_cells(picture)) == [(300, 220)]


def test_dim_light_and_size_change_no_count() -> None:
    nuclei: tuple[Disc, ...] = ((120, 220, 25), (300, 200, 22), (450, 240, 30))
    assert len(find_cells(smear(*nuclei, light=0.5)).cells) == 3
    for factor in (0.7, 1.5, 4.0):
        scaled = cv2.resize(smear(*nuclei), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        found = find_cells(np.asarray(scaled, np.uint8))
        assert len(found.cells) == 3
        assert found.red_cell_px == pytest.approx(RED_CELL_PX * factor, rel=0.15)


def test_the_same_pixels_give_the_same_cells() -> None:
    picture = decode_image(DEMO / "synthetic-3/smear-1.jpg").pixels
    assert find_cells(picture) == find_cells(picture.copy())
