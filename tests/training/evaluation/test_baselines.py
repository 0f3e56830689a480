"""What colour alone answers, and the corner alone."""

import numpy as np

from training.data.pictures import LabelledPictures
from training.evaluation.baselines import colour_statistics, corner_statistics, fit_baseline


def pictures_in_two_colours() -> LabelledPictures:
    pictures = np.random.default_rng(4).integers(0, 100, (80, 12, 12, 3), np.uint8)
    targets = np.arange(80) % 2
    pictures[targets == 1, :, :, 0] += 90
    return LabelledPictures(pictures, targets)


def test_colour_alone_tells_labels_of_different_colour_apart() -> None:
    both = pictures_in_two_colours()
    by_colour = fit_baseline(LabelledPictures(both.pixels[:60], both.targets[:60]), 2, colour_statistics)
    assert np.array_equal(by_colour(both.pixels[60:]).argmax(axis=1), both.targets[60:])


def test_a_label_that_the_training_part_lacks_has_its_column_all_the_same() -> None:
    both = pictures_in_two_colours()
    answered = fit_baseline(LabelledPictures(both.pixels, both.targets * 2), 4, colour_statistics)(
        both.pixels[:5]
    )
    assert answered.shape == (5, 4)
    assert np.all(answered[:, [1, 3]] == 0)
    assert np.allclose(answered.sum(axis=1), 1)


def test_the_corner_alone_tells_labels_apart_by_their_scale_bars_and_by_nothing_else() -> None:
    noise = np.random.default_rng(5).integers(0, 200, (80, 28, 28, 3), np.uint8)
    targets = np.arange(80) % 2
    with_bars, coloured = noise.copy(), noise.copy()
    with_bars[targets == 1, -4:, -6:] = 255
    coloured[targets == 1, :-5, :-7, 0] += 50
    right = []
    for pixels in (with_bars, coloured):
        by_corner = fit_baseline(LabelledPictures(pixels[:60], targets[:60]), 2, corner_statistics)
        right.append(float((by_corner(pixels[60:]).argmax(axis=1) == targets[60:]).mean()))
    assert right[0] == 1.0
    assert right[1] < 0.8
