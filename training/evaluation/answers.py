"""A graph's answers to many pictures."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.engine import Engine, RawAnswer
from bloodsmear.classifiers.preprocess import scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel
from training.data.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Answers:
    """Probabilities before calibration (float64 N×labels) and features (float64 N×D, None where there are none)."""

    probabilities: npt.NDArray[np.float64]
    features: npt.NDArray[np.float64] | None


def answer_pictures(
    engine: Engine, pixels: Pictures, recipe: Recipe, cancel: Cancel | None = None
) -> Answers:
    """Every picture's answer (uint8 N×H×W×3 at the input size), two at a time. JobCancelled when asked to stop."""
    stop = cancel or Cancel()

    def answer(picture: RgbImage) -> RawAnswer:
        stop.checkpoint()
        return engine.run(scale_pixels(picture, recipe))

    with ThreadPoolExecutor(2) as pool:
        raw = list(pool.map(answer, pixels))
    probabilities = np.stack([answer.probabilities for answer in raw]).astype(np.float64)
    features = [answer.features for answer in raw if answer.features is not None]
    return Answers(probabilities, np.stack(features).astype(np.float64) if features else None)


def red_first(pixels: Pictures, recipe: Recipe) -> Pictures:
    """Pictures at the input's size with red first, of pictures in the recipe's order; and back, since it swaps."""
    return pixels[..., ::-1] if recipe.channels == "bgr" else pixels
