"""Whether an image is unlike the training images: in what the network sees in it, or in what it looks like."""

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.card import UnlikeTraining
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage


class TrainingDistance:
    """The distances under one card's statistics. Safe from any thread."""

    def __init__(self, statistics: UnlikeTraining, recipe: Recipe) -> None:
        self._statistics = statistics
        self._recipe = recipe
        self.features = FeatureDistance(statistics.features)
        self._appearance = (
            FeatureDistance(statistics.appearance) if statistics.appearance is not None else None
        )

    def is_unlike(self, feature_distance: float, pixels: RgbImage) -> bool:
        """Whether one of the two distances is above the card's threshold.

        `feature_distance` is that of the image's features; `pixels` is the image as `fit_to_input` gives it.
        """
        if feature_distance > self._statistics.features.threshold:
            return True
        distance = self.appearance_distance(pixels)
        limit = self._statistics.appearance
        return distance is not None and limit is not None and distance > limit.threshold

    def appearance_distance(self, pixels: RgbImage) -> float | None:
        """The distance of what the image looks like (no unit); None where the card has no statistics of it."""
        return self._appearance.of(appearance_of(pixels, self._recipe)) if self._appearance else None
