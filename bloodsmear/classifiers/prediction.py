"""What one classifier says about one image."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prediction:
    """Calibrated probabilities, one per label in the card's order, summing to 1.

    `feature_distance` is how far the image's features lie from those of the training images (no unit, see
    feature_distance.py); None where the card has no statistics. `unlike_training` says whether that distance
    is above the card's threshold.
    """

    probabilities: tuple[float, ...]
    feature_distance: float | None = None
    unlike_training: bool = False
