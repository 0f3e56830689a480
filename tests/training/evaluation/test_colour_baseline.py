"""What colour alone answers."""

import numpy as np

from training.data.pictures import LabelledPictures
from training.evaluation.colour_baseline import fit_colour_baseline


def pictures_in_two_colours() -> LabelledPictures:
    pictures = np.random.default_rng(4).integers(0, 100, (80, 12, 12, 3), np.uint8)
    targets = np.arange(80) % 2
    pictures[targets == 1, :, :, 0] += 90
    return LabelledPictures(pictures, targets)


def test_colour_alone_tells_labels_of_different_colour_apart() -> None:
    both = pictures_in_two_colours()
    by_colour = fit_colour_baseline(LabelledPictures(both.pixels[:60], both.targets[:60]), 2)
    assert np.array_equal(by_colour(both.pixels[60:]).argmax(axis=1), both.targets[60:])


def test_a_label_that_the_training_part_lacks_has_its_column_all_the_same() -> None:
    both = pictures_in_two_colours()
    answered = fit_colour_baseline(LabelledPictures(both.pixels, both.targets * 2), 4)(both.pixels[:5])
    assert answered.shape == (5, 4)
    assert np.all(answered[:, [1, 3]] == 0)
    assert np.allclose(answered.sum(axis=1), 1)
