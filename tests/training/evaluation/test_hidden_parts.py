"""What is left of a picture when the corner is filled or swapped, or the nuclei are hidden."""

import numpy as np

from bloodsmear.images.nucleus_mask import nucleus_mask
from training.evaluation.hidden_parts import change_corners, corner_of, fill_corner, hide_nuclei

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


def as_it_is(picture: np.ndarray) -> np.ndarray:
    return picture


def test_a_swapped_corner_comes_from_another_label_and_never_from_the_same() -> None:
    pixels = np.stack([np.full((28, 28, 3), 10 * label, np.uint8) for label in (1, 1, 2, 3, 3)])
    swapped = change_corners(pixels.__getitem__, np.array([1, 1, 2, 3, 3]), as_it_is).swapped
    rows, columns = corner_of(28, 28)
    for place, picture in enumerate(swapped):
        assert picture[0, 0, 0] == pixels[place, 0, 0, 0]
        assert len(np.unique(picture[rows, columns])) == 1
        assert picture[-1, -1, 0] != pixels[place, 0, 0, 0]
    alone = change_corners(pixels.__getitem__, np.array([1, 1]), as_it_is)
    assert np.array_equal(alone.swapped, pixels[:2])


def test_a_corner_is_changed_in_the_images_own_size_and_then_kept_as_it_is_asked_for() -> None:
    images = [np.full((56, 112, 3), 40, np.uint8), np.full((28, 28, 3), 200, np.uint8)]
    changed = change_corners(images.__getitem__, np.array([0, 1]), lambda picture: picture[::2, ::2])
    assert [picture.shape for picture in changed.swapped] == [(28, 56, 3), (14, 14, 3)]
    rows, columns = corner_of(56, 112)
    assert np.array_equal(
        np.argwhere(changed.swapped[0][..., 0] == 200).min(axis=0),
        [-(-rows.start // 2), -(-columns.start // 2)],
    )
    assert (changed.filled[0] == 40).all()


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
