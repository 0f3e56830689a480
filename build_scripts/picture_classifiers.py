"""Classifiers that bring a state of the documentation's pictures about: a slow one, a contrary one, a refused one."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.classifiers.prediction import Prediction
from bloodsmear.images.decode import decode_image
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.images.scan import Scan
from bloodsmear.review.records import Answer
from bloodsmear.workflows.classifier_set import ClassifierSet, load_default_classifiers, mark_of

_SLOW_ANSWER_S = 0.4


class SlowClassifier:
    """Answers as the real one, later: so that a screening of a dozen images can be seen under way."""

    def __init__(self, real: Classifier) -> None:
        self._real = real

    @property
    def card(self) -> Card:
        """The real one's."""
        return self._real.card

    def predict(self, image: RgbImage) -> Prediction:
        """The real answer."""
        time.sleep(_SLOW_ANSWER_S)
        return self._real.predict(image)


class ContraryClassifier(SlowClassifier):
    """Swaps the real one's most and least probable label: wherever both agreed, it now disagrees."""

    def predict(self, image: RgbImage) -> Prediction:
        """The real figures under other labels."""
        figures = list(self._real.predict(image).probabilities)
        most, least = figures.index(max(figures)), figures.index(min(figures))
        figures[most], figures[least] = figures[least], figures[most]
        return Prediction(tuple(figures))


def slow(real: ClassifierSet) -> ClassifierSet:
    """The same ones, slower."""
    return ClassifierSet(tuple(SlowClassifier(one) for one in real.classifiers))


def disagreeing(classifiers: ClassifierSet, images: Path) -> ClassifierSet:
    """The real ones where one of the images lets them disagree; else all but the first are made to."""
    first, *rest = classifiers.classifiers
    pictures = [decode_image(found.path).pixels for found in Scan([images])]
    if any(_label(first, picture) != _label(real, picture) for picture in pictures for real in rest):
        return classifiers
    return ClassifierSet((first, *(ContraryClassifier(real) for real in rest)))


def _label(classifier: Classifier, picture: RgbImage) -> str:
    return Answer(mark_of(classifier.card), classifier.predict(picture)).label


def one_refused() -> ClassifierSet:
    """As an altered file is refused: the user's own copy wins over the one that ships, and its model was changed."""
    copy = paths.user_classifiers() / "unet"
    shutil.copytree(paths.shipped_classifiers() / "unet", copy)
    with (copy / "model.keras").open("ab") as model:
        model.write(b"altered")
    loaded = load_default_classifiers()
    # The picture shows no folder of this PC.
    here = str(paths.user_data())
    refused = tuple(replace(one, reason=one.reason.replace(here, "Bloodsmear")) for one in loaded.refused)
    return replace(loaded, refused=refused)
