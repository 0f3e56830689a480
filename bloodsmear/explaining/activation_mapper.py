"""Opening a classifier to see where it looks: by class activation where its head allows, else by occlusion.

Occlusion is for a network of any form: parts of the image are covered, and it is asked again.
"""

from math import log2
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import InputArray, prepare_input
from bloodsmear.errors import ClassifierError
from bloodsmear.explaining.activation_graph import ActivationEngine, open_activation_engine
from bloodsmear.explaining.activation_map import ActivationMap, class_activation
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere

FloatArray = npt.NDArray[np.float32]

# 12 × 12 parts are 144 requests and one more: some ten seconds on two cores for a network of VGG16's size.
PARTS_A_SIDE = 12
# A part is covered with half of each neighbour, so that no cell is spared for lying across a border.
_MARGIN = 0.5
_LEAST_PROBABILITY = 1e-7


class ActivationMapper:
    """One classifier, asked where it looks. `engine` decides how: an `ActivationEngine`, or any other by occlusion."""

    def __init__(self, card: Card, engine: ActivationEngine | Engine) -> None:
        self.card = card
        self._engine = engine

    def activation_map(
        self, image: RgbImage, label_key: str, report: Report = report_nowhere, cancel: Cancel | None = None
    ) -> ActivationMap:
        """Where in a decoded image (uint8 H×W×3, any size) the evidence for a label lies.

        Blocks: some hundredths of a second by class activation, some ten seconds by occlusion, which reports and stops
        when asked (JobCancelled). ClassifierError for a label that the card hasn't, or where the network fails.
        """
        if label_key not in self.card.label_keys:
            raise ClassifierError(
                f"The classifier {self.card.id} has no label {label_key!r}; it has {', '.join(self.card.label_keys)}."
            )
        label = self.card.label_keys.index(label_key)
        prepared = prepare_input(image, self.card.recipe)
        if not isinstance(self._engine, ActivationEngine):
            values = _occlusion_map(self._engine, prepared, label, report, cancel or Cancel())
            rows, columns = values.shape
            return ActivationMap(values, 1 / rows, 1 / columns, label_key, "occlusion")
        values = class_activation(self._engine.run(prepared), self._engine.head, label)
        height, width = prepared.shape[:2]
        steps = _step(values.shape[0], height), _step(values.shape[1], width)
        return ActivationMap(values, *steps, label_key, "class_activation")


def open_activation_mapper(folder: Path, cache: GraphCache | None = None) -> ActivationMapper:
    """Open a classifier's folder to see where it looks (some tenths of a second). CardError, ClassifierError."""
    cache = cache or user_graph_cache()
    card = read_checked_card(folder)
    graph, shape = cache.graph_of(folder, card), shape_of(card)
    engine = open_activation_engine(graph, shape)
    return ActivationMapper(card, engine or OpenVinoEngine(graph, shape, streams=1))


def _occlusion_map(
    engine: Engine, prepared: InputArray, label: int, report: Report, cancel: Cancel
) -> FloatArray:
    """How much the log probability of the label (its column) falls with each part covered, float32 12×12.

    `prepared` is the input as the recipe makes it, float32 H×W×3; a part is covered with the mean of it. Fewer parts
    where a side has fewer pixels. 145 requests at most; JobCancelled between two of them, ClassifierError.
    """
    rows, columns = (min(PARTS_A_SIDE, side) for side in prepared.shape[:2])
    cover = prepared.mean(axis=(0, 1))
    whole = _log_probability(engine, prepared, label)
    falls = np.zeros((rows, columns), np.float32)
    for part in range(rows * columns):
        cancel.checkpoint()
        report(Progress(part, rows * columns, "covering parts of the image"))
        row, column = divmod(part, columns)
        covered = prepared.copy()
        covered[_span(row, rows, prepared.shape[0]), _span(column, columns, prepared.shape[1])] = cover
        falls[row, column] = whole - _log_probability(engine, covered, label)
    return falls


def _step(places: int, pixels: int) -> float:
    """Which share of the input's side one place of a map is.

    Maps are halved some times, and what a halving leaves over lies beyond the last place: of 150 px VGG16 sees 128 in
    its 4 places. So the step is the power of two that is nearest, not 150 / 4.
    """
    return float(2 ** round(log2(pixels / places))) / pixels


def _log_probability(engine: Engine, prepared: InputArray, label: int) -> float:
    return float(np.log(max(float(engine.run(prepared).probabilities[label]), _LEAST_PROBABILITY)))


def _span(place: int, parts: int, pixels: int) -> slice:
    size = pixels / parts
    return slice(max(0, round((place - _MARGIN) * size)), round((place + 1 + _MARGIN) * size))
