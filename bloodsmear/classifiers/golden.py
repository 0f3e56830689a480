"""The golden test: a classifier must answer synthetic demo images as it did when it was exported."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
import PIL

from bloodsmear import __version__
from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.classifiers.card import Card, GoldenCase
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.preprocess import prepare_input
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import ClassifierError, ImageError
from bloodsmear.images.decode import decode_image

# Digits after the point of a golden probability: far below every tolerance.
_DIGITS = 9


def make_golden(
    engine: Engine, recipe: Recipe, demo_images: Path, names: Sequence[str]
) -> tuple[GoldenCase, ...]:
    """Golden cases for a card: the engine's answers to the demo images `names` (paths below `demo_images`)."""
    cases = []
    for name in names:
        decoded = decode_image(demo_images / name)
        answer = engine.run(prepare_input(decoded.pixels, recipe)).probabilities
        probabilities = tuple(round(float(value), _DIGITS) for value in answer)
        cases.append(GoldenCase(image=name, sha256=decoded.sha256, probabilities=probabilities))
    return tuple(cases)


def largest_golden_difference(
    card: Card, engine: Engine, demo_images: Path, temperature: float | None = None
) -> float:
    """The largest difference of a probability from the card's golden answers, before calibration.

    With a `temperature`, after calibration by it. ClassifierError when a demo image is missing or was altered, or when
    the engine cannot answer.
    """
    largest = 0.0
    for case in card.golden:
        path = demo_images / case.image
        try:
            decoded = decode_image(path)
        except ImageError as error:
            raise ClassifierError(
                f"The demo image {path}, which the golden test of {card.id} needs, is not readable: {error.reason}"
            ) from error
        if decoded.sha256 != case.sha256:
            raise ClassifierError(
                f"The demo image {path} is not the one that the golden test of {card.id} was made with; "
                "install Bloodsmear and the classifier again."
            )
        answer = engine.run(prepare_input(decoded.pixels, card.recipe)).probabilities.astype(np.float64)
        wanted = np.array(case.probabilities)
        if temperature is not None:
            answer, wanted = (
                np.array(calibrate(values.astype(np.float32), temperature)) for values in (answer, wanted)
            )
        largest = max(largest, float(np.max(np.abs(answer - wanted))))
    return largest


@dataclass(frozen=True, slots=True)
class GoldenLimit:
    """How far a probability may be from the golden one: before calibration, or after it by `temperature`.

    `answers` says whose are tested, `advice` what to do where they are further.
    """

    tolerance: float
    temperature: float | None = None
    answers: str = "The classifier"
    advice: str = "install the classifier again"


def check_golden(card: Card, difference: float, limit: GoldenLimit) -> None:
    """ClassifierError when the golden test differs by more than the limit, or by no number at all."""
    if not difference <= limit.tolerance:
        raise ClassifierError(
            f"{limit.answers} {card.id} does not answer its golden test as its card says: a probability differs by "
            f"{difference:.2g}, at most {limit.tolerance:g} is allowed; {limit.advice}."
        )


def golden_subject(card: Card, graphs: Sequence[str], limit: GoldenLimit, engine_version: str) -> str:
    """A sha256 (hex) of all that the golden test depends on: passed once, it need not be run again.

    `graphs` are the sha256 of all graphs that may answer.
    """
    programs = [__version__, engine_version, cv2.__version__, PIL.__version__, np.__version__]
    asked = [
        limit.tolerance,
        limit.temperature,
        msgspec.to_builtins(card.recipe),
        msgspec.to_builtins(card.golden),
    ]
    if limit.temperature is not None:
        # Of fast answers: by the features' spread one graph or the other answers.
        asked.append(msgspec.to_builtins(card.unlike_training))
    return hashlib.sha256(json.dumps([list(graphs), programs, *asked]).encode()).hexdigest()
