"""Whether an image is unlike the training images: in what the network sees in it, or in what it looks like."""

from bloodsmear.classifiers.card import UnlikeTraining
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.fitted_image import FittedImage
from bloodsmear.classifiers.recipe import Recipe


class TrainingDistance:
    """The distances under one card's statistics. Safe from any thread."""

    def __init__(self, statistics: UnlikeTraining, recipe: Recipe) -> None:
        self._statistics = statistics
        self._recipe = recipe
        self.features = FeatureDistance(statistics.features)
        self._appearance = (
            FeatureDistance(statistics.appearance) if statistics.appearance is not None else None
        )

    def is_unlike(self, feature_distance: float, image: FittedImage) -> bool:
        """Whether one of the two distances is above the card's threshold.

        `feature_distance` is that of the image's features.
        """
        if feature_distance > self._statistics.features.threshold:
            return True
        distance = self.appearance_distance(image)
        limit = self._statistics.appearance
        return distance is not None and limit is not None and distance > limit.threshold

    def appearance_distance(self, image: FittedImage) -> float | None:
        """The distance of what the image looks like (no unit); None where the card has no statistics of it."""
        return self._appearance.of(image.appearance(self._recipe)) if self._appearance else None
