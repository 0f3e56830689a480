"""What is left of a picture when the corner is filled or swapped, or the nuclei are hidden."""

import numpy as np

from bloodsmear.images.nucleus_mask import nucleus_mask
from training.data.pictures import LabelledPictures
from training.evaluation.hidden_parts import corner_of, fill_corner, hide_nuclei, swap_corners

GLASS, RED_CELL, NUCLEUS = (235, 225, 230), (215, 170, 180), (90, 40, 140)


def smear(side_px: int = 96) -> np.ndarray:
    """Glass with red cells in every fourth column, a nucleus in the middle and a scale bar in the corner."""
    picture = np.tile(np.array(GLASS, np.uint8), (side_px, side_px, 1))
    picture[:, ::4] = RED_CELL
    middle = side_px // 2
    picture[middle - 8 : middle + 8, middle - 8 : middle + 8] = NUCLEUS
    picture[-9:-3, -20:-3] = 255
    return picture


def test_the_corner_is_54_by_40_of_224_pixels_and_grows_with_the_picture() -> None:
    assert corner_of(224, 224) == (slice(184, 224), slice(170, 224))
    assert corner_of(768, 1024) == (slice(631, 768), slice(777, 1024))


def test_a_filled_corner_has_the_glass_of_around_it_and_the_rest_stays() -> None:
    picture = smear()
    filled = fill_corner(picture)
    rows, columns = corner_of(96, 96)
    assert np.array_equal(np.unique(filled[rows, columns].reshape(-1, 3), axis=0), [GLASS])
    filled[rows, columns] = picture[rows, columns]
    assert np.array_equal(filled, picture)


def test_a_swapped_corner_comes_from_another_label_and_never_from_the_same() -> None:
    pixels = np.stack([np.full((28, 28, 3), 10 * label, np.uint8) for label in (1, 1, 2, 3, 3)])
    swapped = swap_corners(LabelledPictures(pixels, np.array([1, 1, 2, 3, 3])))
    rows, columns = corner_of(28, 28)
    for place, picture in enumerate(swapped):
        assert picture[0, 0, 0] == pixels[place, 0, 0, 0]
        assert len(np.unique(picture[rows, columns])) == 1
        assert picture[-1, -1, 0] != pixels[place, 0, 0, 0]
    alone = LabelledPictures(pixels[:2], np.array([1, 1]))
    assert np.array_equal(swap_corners(alone), pixels[:2])


def test_no_nucleus_is_found_where_they_were_hidden_and_a_picture_without_one_stays() -> None:
    picture = smear()
    assert nucleus_mask(picture).any()
    hidden = hide_nuclei(picture)
    assert not nucleus_mask(hidden).any()
    assert hidden[48, 48].tolist() == list(GLASS)
    empty = np.tile(np.array(GLASS, np.uint8), (40, 40, 1))
    assert np.array_equal(hide_nuclei(empty), empty)


def test_nuclei_of_a_picture_larger_than_the_mask_are_hidden_too() -> None:
    large = smear(600)
    assert not nucleus_mask(hide_nuclei(large)).any()
