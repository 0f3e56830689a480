"""Fakes: a classifier that answers by the image's mean colour, and pictures to ask it about."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from bloodsmear.classifiers.card import CARD_VERSION, Card, CardFile, CardLabel, TrainedOn
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage


class FakeClassifier:
    """A `Classifier` without a network: plain arithmetic on the mean colour; it counts what it was asked."""

    def __init__(self, card: Card, strength: float) -> None:
        self.card = card
        self.asked = 0
        self._strength = strength
        self._lock = threading.Lock()

    def predict(self, image: RgbImage) -> Prediction:
        """Probabilities that grow with each label's place, the more so the brighter the image."""
        with self._lock:
            self.asked += 1
        red = float(image[..., 0].mean()) / 255
        weights = [1 + self._strength * red * place for place in range(len(self.card.labels))]
        return Prediction(tuple(weight / sum(weights) for weight in weights), red, unlike_training=red > 0.99)


MakeClassifier = Callable[..., FakeClassifier]
DrawImage = Callable[..., Path]


@pytest.fixture
def make_classifier() -> MakeClassifier:
    """`make_classifier(id, labels=…, version=…, strength=…)`: a fake one whose card holds together."""

    def make(
        classifier_id: str,
        labels: tuple[str, ...] = ("benign", "pre_b", "pro_b", "early_pre_b"),
        version: str = "1.0",
        strength: float = 4.0,
    ) -> FakeClassifier:
        recipe = Recipe(
            fill_scale_bar=False,
            denoise=None,
            width_px=8,
            height_px=8,
            resize="nearest",
            channels="rgb",
            scale=1 / 255,
            offset=0.0,
        )
        sha256 = hashlib.sha256(f"{classifier_id} {version}".encode()).hexdigest()
        card = Card(
            card_version=CARD_VERSION,
            id=classifier_id,
            name=classifier_id.upper(),
            version=version,
            architecture="arithmetic",
            labels=tuple(CardLabel(key=key, name=key) for key in labels),
            recipe=recipe,
            files=(CardFile(name="model.keras", sha256=sha256, bytes=1),),
            trained_on=TrainedOn(
                data_set="none", counts=(), split="", seed=0, backend="", date="", fingerprints=()
            ),
            figures=(),
            temperature=1.0,
            sure_from=None,
            unlike_training=None,
            golden=(),
            fast=None,
            cross_validation=None,
            licence="",
            citation="",
            limits=(),
        )
        return FakeClassifier(card, strength)

    return make


@pytest.fixture
def draw_image() -> DrawImage:
    """`draw_image(path, red=…, seed=…)`: a small PNG of red spots, drawn the same for the same arguments."""

    def draw(path: Path, red: int = 200, seed: int = 0) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        spots = np.random.default_rng(seed).integers(0, 40, (36, 48, 3), dtype=np.uint8)
        spots[..., 0] += np.uint8(red)
        PIL.Image.fromarray(spots).save(path, format="PNG")
        return path

    return draw
