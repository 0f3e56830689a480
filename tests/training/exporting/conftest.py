"""Words as a maker writes them, and the card of a classifier that was measured."""

import pytest
from msgspec.structs import replace

from bloodsmear import RESEARCH_USE
from bloodsmear.classifiers.card import Card, Figure, LabelCount
from bloodsmear.workflows.classifier_set import ClassifierSet
from training.exporting.request import MakersWords, usual_words


@pytest.fixture
def words() -> MakersWords:
    """Words for a classifier `tiny`."""
    return usual_words("tiny", None, "unet")


@pytest.fixture
def card(fake_classifiers: ClassifierSet) -> Card:
    """A card whose accuracy is clearly above colour alone."""
    plain = fake_classifiers.classifiers[0].card
    counts = tuple(LabelCount(label=key, train=30, validation=5, held_out=7) for key in plain.label_keys)
    return replace(
        plain,
        trained_on=replace(plain.trained_on, counts=counts, split="contiguous runs", seed=7),
        figures=(
            figure("accuracy", 0.99, 0.98, 0.995),
            figure("accuracy_colour_only_baseline", 0.9, 0.87, 0.93),
            figure("expected_calibration_error", 0.01, None, None),
        ),
        limits=(RESEARCH_USE, "Trained on one laboratory's images."),
        licence="Apache-2.0",
        citation="Whom to cite",
    )


def figure(name: str, value: float, low: float | None, high: float | None) -> Figure:
    """A figure of 477 images."""
    return Figure(
        name=name, value=value, low=low, high=high, images=477, command="bloodsmear-train evaluate tiny"
    )
