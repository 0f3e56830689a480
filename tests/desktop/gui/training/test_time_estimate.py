"""How long a training may take: in the right order of magnitude, and said no finer than that."""

import pytest

from desktop.gui.training.choice_step import estimate_seconds, rough_time_words
from desktop.gui.training.state import Preset

STANDARD = Preset("standard", "Standard", "", 96, 30, 32)


def test_an_epoch_of_the_measured_fit_is_estimated_as_it_was() -> None:
    """1,652 training images of 2,633, 96 × 96 px: 840 core seconds."""
    seconds = estimate_seconds(2633, "unet", Preset("one", "One", "", 96, 1, 32), cores=1)
    assert seconds == pytest.approx(840, rel=0.1)


def test_more_pixels_take_longer_and_more_cores_less() -> None:
    seconds = estimate_seconds(1000, "unet", STANDARD, cores=2)
    assert estimate_seconds(1000, "unet", STANDARD, cores=4) == pytest.approx(seconds / 2)
    assert estimate_seconds(1000, "unet", Preset("x", "X", "", 192, 30, 32), cores=2) == pytest.approx(
        4 * seconds
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "a few minutes at most"),
        (400, "about 7 minutes"),
        (1900, "about 30 minutes"),
        (9000, "about 2 hours"),
        (300_000, "about 3 days"),
    ],
)
def test_times_are_said_as_roughly_as_they_are_known(seconds: float, words: str) -> None:
    assert rough_time_words(seconds) == words
