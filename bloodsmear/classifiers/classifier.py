"""A classifier: images in, one prediction per image out."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, UnlikeTraining
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.classifiers.preprocess import fit_to_input, scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scale_bar import without_scale_bar


class Classifier(Protocol):
    """A trained network with its card."""

    @property
    def card(self) -> Card:
        """All that is known of the classifier."""
        ...

    def predict(self, image: RgbImage) -> Prediction:
        """Answer one decoded image (uint8 H×W×3, any size). Blocks; safe from any thread; ClassifierError."""
        ...


class FittedImage:
    """A decoded image (uint8 H×W×3) and what recipes make of it, each form once for all classifiers that ask for it.

    For one thread, as long as the image is read. The two classifiers that ship have the same recipe:
    fitting and looking at the whole costs as much again as decoding when each does it for itself.
    """

    def __init__(self, image: RgbImage) -> None:
        self.image = image
        # What networks saw in it on the way to their answers, by the classifier's id (deviations.py).
        self.deviations: dict[str, npt.NDArray[np.float32]] = {}
        # Its fingerprint, where somebody had the grey image at hand.
        self.fingerprint: int | None = None
        self._without_bar: RgbImage | None = None
        self._pixels: dict[Recipe, RgbImage] = {}
        self._appearances: dict[Recipe, npt.NDArray[np.float64]] = {}

    def pixels(self, recipe: Recipe) -> RgbImage:
        """What `fit_to_input` gives: uint8 height_px × width_px × 3."""
        key = _without_scaling(recipe)
        if key not in self._pixels:
            self._pixels[key] = self._fitted(recipe)
        return self._pixels[key]

    def appearance(self, recipe: Recipe) -> npt.NDArray[np.float64]:
        """What `appearance_of` gives of these pixels: 30 values."""
        key = _without_scaling(recipe)
        if key not in self._appearances:
            self._appearances[key] = appearance_of(self.pixels(recipe), recipe)
        return self._appearances[key]

    def _fitted(self, recipe: Recipe) -> RgbImage:
        if not recipe.fill_scale_bar:
            return fit_to_input(self.image, recipe)
        if self._without_bar is None:
            self._without_bar = without_scale_bar(self.image)
        return fit_to_input(self._without_bar, replace(recipe, fill_scale_bar=False))


class TrainingDistance:
    """Whether an image is unlike the training images: in what the network sees in it, or in what it looks like.

    Safe from any thread.
    """

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


class EngineClassifier:
    """A card and the engine that runs its network: recipe, engine, calibration, distance from the training images.

    `int8_sha256` is that of the graph which makes its answers fast and a little different; None: they are exact.
    """

    def __init__(self, card: Card, engine: Engine, int8_sha256: str | None = None) -> None:
        self._card = card
        self._engine = engine
        self.int8_sha256 = int8_sha256
        statistics = card.unlike_training
        self._distance = TrainingDistance(statistics, card.recipe) if statistics is not None else None

    @property
    def card(self) -> Card:
        """All that is known of the classifier."""
        return self._card

    def predict(self, image: RgbImage) -> Prediction:
        """Answer one decoded image; see `Classifier.predict`."""
        return self.predict_fitted(FittedImage(image))

    def predict_fitted(self, image: FittedImage) -> Prediction:
        """The same, bit for bit, of an image that other classifiers answer as well. ClassifierError.

        The image then has the network's deviations, where the engine answers them.
        """
        answer = self._engine.run(scale_pixels(image.pixels(self._card.recipe), self._card.recipe))
        if answer.deviations is not None:
            image.deviations[self._card.id] = answer.deviations
        if len(answer.probabilities) != len(self._card.labels):
            raise ClassifierError(
                f"The classifier {self._card.id} gave {len(answer.probabilities)} probabilities for "
                f"{len(self._card.labels)} labels; its model and its card do not belong together."
            )
        probabilities = calibrate(answer.probabilities, self._card.temperature)
        if self._distance is None:
            return Prediction(probabilities)
        if answer.features is None:
            raise ClassifierError(f"The classifier {self._card.id} gave no features, which its card needs.")
        distance = self._distance.features.of(answer.features)
        return Prediction(probabilities, distance, self._distance.is_unlike(distance, image))


def predict_all(image: FittedImage, classifiers: Sequence[Classifier]) -> tuple[Prediction, ...]:
    """What each says about one decoded image, bit for bit as `predict` does. ClassifierError.

    What the recipes have in common is done once; a classifier of another make prepares the image itself.
    """
    return tuple(
        one.predict_fitted(image) if isinstance(one, EngineClassifier) else one.predict(image.image)
        for one in classifiers
    )


def _without_scaling(recipe: Recipe) -> Recipe:
    """Recipes that differ in scale and offset only fit an image alike."""
    return replace(recipe, scale=1.0, offset=0.0)
