"""From a classifier's folder to a map of an image: by class activation, or by covering parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear import paths
from bloodsmear.classifiers.card import Card
from bloodsmear.classifiers.engine import RawAnswer, shape_of
from bloodsmear.classifiers.folder import read_checked_card
from bloodsmear.classifiers.graph_cache import GraphCache, user_graph_cache
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine
from bloodsmear.classifiers.preprocess import prepare_input
from bloodsmear.errors import ClassifierError
from bloodsmear.explaining.activation_graph import open_activation_engine
from bloodsmear.explaining.activation_mapper import PARTS_A_SIDE, ActivationMapper, open_activation_mapper
from bloodsmear.images.decode import decode_image
from bloodsmear.jobs import Cancel, JobCancelled, Progress

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import FolderMaker

IMAGE = np.random.default_rng(9).integers(0, 256, (50, 70, 3), dtype=np.uint8)


class CornerEngine:
    """An `Engine` whose first label is as probable as the lower right corner of its input is bright."""

    def __init__(self) -> None:
        self.asked = 0

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        self.asked += 1
        bright = float(prepared[-3:, -3:].mean())
        return RawAnswer(np.array([bright, 1 - bright, 0.0, 0.0], np.float32), None)


@pytest.fixture
def square(card: Card) -> Card:
    recipe = msgspec.structs.replace(card.recipe, width_px=48, height_px=48)
    return msgspec.structs.replace(card, recipe=recipe)


@pytest.fixture
def bright_corner() -> npt.NDArray[np.uint8]:
    picture = np.full((96, 96, 3), 40, np.uint8)
    picture[-16:, -16:] = 250
    return picture


def test_a_known_head_is_looked_at_without_covering_anything(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    mapper = open_activation_mapper(folder_maker.make("unet"), warm_cache)
    found = mapper.activation_map(IMAGE, "pro_b")
    assert (found.method, found.label_key, found.values.shape) == ("class_activation", "pro_b", (18, 22))
    assert (found.row_step, found.column_step) == (1 / 18, 1 / 22)
    assert found.is_fine


def test_maps_that_were_halved_know_how_much_of_the_image_each_place_is(
    folder_maker: FolderMaker, warm_cache: GraphCache
) -> None:
    found = open_activation_mapper(folder_maker.make("vgg"), warm_cache).activation_map(IMAGE, "benign")
    assert found.values.shape == (9, 11)
    assert (found.row_step, found.column_step) == (2 / 18, 2 / 22)
    assert not found.is_fine


def test_another_label_than_the_cards_is_refused(card: Card) -> None:
    with pytest.raises(ClassifierError, match="tiny has no label 'healthy'; it has benign, pre_b"):
        ActivationMapper(card, CornerEngine()).activation_map(IMAGE, "healthy")


def test_any_other_network_is_asked_again_with_parts_covered(
    square: Card, bright_corner: npt.NDArray[np.uint8]
) -> None:
    engine = CornerEngine()
    seen: list[Progress] = []
    found = ActivationMapper(square, engine).activation_map(bright_corner, "benign", seen.append)
    assert found.method == "occlusion"
    assert found.values.shape == (PARTS_A_SIDE, PARTS_A_SIDE)
    assert int(found.values.argmax()) == PARTS_A_SIDE**2 - 1
    assert np.all(found.values[:10, :10] == 0.0)
    assert engine.asked == PARTS_A_SIDE**2 + 1
    assert [(step.done, step.total) for step in seen[:2]] == [(0, 144), (1, 144)]


def test_covering_stops_when_asked(square: Card, bright_corner: npt.NDArray[np.uint8]) -> None:
    engine, cancel = CornerEngine(), Cancel()

    def stop_at_the_third(progress: Progress) -> None:
        if progress.done == 2:
            cancel.request()

    with pytest.raises(JobCancelled):
        ActivationMapper(square, engine).activation_map(bright_corner, "benign", stop_at_the_third, cancel)
    assert engine.asked == 4


@pytest.mark.parametrize("name", ["unet", "vgg16"])
@pytest.mark.usefixtures("converted")
def test_a_shipped_classifier_gives_the_same_bits_and_a_map_of_a_demo_image(name: str) -> None:
    folder = paths.shipped_classifiers() / name
    image = decode_image(paths.demo_images() / "synthetic-1" / "smear-1.jpg").pixels
    card, cache = read_checked_card(folder), user_graph_cache()
    graph = cache.graph_of(folder, card)
    engine = open_activation_engine(graph, shape_of(card))
    assert engine is not None
    prepared = prepare_input(image, card.recipe)
    plain = OpenVinoEngine(graph, shape_of(card), streams=1).run(prepared)
    assert engine.run(prepared).probabilities.tobytes() == plain.probabilities.tobytes()
    found = ActivationMapper(card, engine).activation_map(image, card.label_keys[0])
    assert found.is_fine
    assert np.all(np.isfinite(found.values))
    assert found.laid_over(*image.shape[:2]).shape == image.shape[:2]
