"""Opening a classifier to see where it looks: by class activation where its head allows, else by occlusion."""

from math import log2
from pathlib import Path

from bloodsmear.classifiers.activation_graph import ActivationEngine, open_activation_engine
from bloodsmear.classifiers.activation_map import ActivationMap, class_activation
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import Engine, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.occlusion import occlusion_map
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import prepare_input
from bloodsmear.errors import ClassifierError
from bloodsmear.images.rgb_image import RgbImage
from bloodsmear.jobs import Cancel, Report, report_nowhere


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
            values = occlusion_map(self._engine, prepared, label, report, cancel or Cancel())
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


def _step(places: int, pixels: int) -> float:
    """Which share of the input's side one place of a map is.

    Maps are halved some times, and what a halving leaves over lies beyond the last place: of 150 px VGG16 sees 128 in
    its 4 places. So the step is the power of two that is nearest, not 150 / 4.
    """
    return float(2 ** round(log2(pixels / places))) / pixels
