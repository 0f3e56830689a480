"""The second graph: the same probabilities, and a map that adds up to them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.graph_cache import GraphCache, run_converter
from bloodsmear.classifiers.openvino_engine import Graph, OpenVinoEngine, load_openvino, read_graph
from bloodsmear.explaining.activation_graph import ActivationEngine, open_activation_engine
from bloodsmear.explaining.activation_map import class_activation

if TYPE_CHECKING:
    from tests.bloodsmear.conftest import TinyNetwork

SHAPE = NetworkShape(6, 8, 3)
RANDOM = np.random.default_rng(11)
FLOATS = npt.NDArray[np.float32]


def random(*sizes: int) -> FLOATS:
    return RANDOM.normal(0, 0.5, sizes).astype(np.float32)


PICTURE = np.abs(random(6, 8, 3))
# Maps of five channels, made of the picture's three; then a head of two dense layers with seven units between.
CHANNELS, POOLED, FLATTENED = random(3, 5), random(5, 7), random(6 * 8 * 5, 7)
BIAS, LAST = random(7), random(7, 3)
SECOND = random(5, 7)


def graph_of(head: str, folder: Path) -> Graph:
    """A graph of that form, 6×8 px and three labels."""
    openvino = load_openvino()
    op = openvino.opset13
    pixels = op.parameter([1, 6, 8, 3], np.float32)
    maps = op.relu(op.matmul(pixels, op.constant(CHANNELS), False, False))
    if head == "largest":
        pooled = op.reduce_max(maps, [1, 2], keep_dims=False)
    elif head == "flattened":
        pooled = op.reshape(maps, op.constant(np.array([1, 240])), special_zero=False)
    elif head == "two blocks":
        # Coarser maps, each place the mean of four.
        places = op.reshape(maps, op.constant(np.array([1, 3, 2, 4, 2, 5])), special_zero=False)
        coarse = op.relu(op.reduce_mean(places, [2, 4], keep_dims=False))
        pooled = op.concat([op.reduce_mean(each, [1, 2], keep_dims=False) for each in (maps, coarse)], 1)
    else:
        pooled = op.reduce_mean(maps, [1, 2], keep_dims=False)
    kernel = op.constant(
        {"flattened": FLATTENED, "two blocks": np.concatenate([POOLED, SECOND])}.get(head, POOLED)
    )
    hidden = op.relu(op.add(op.matmul(pooled, kernel, False, False), op.constant(BIAS[np.newaxis])))
    if head == "normed":
        hidden = op.multiply(hidden, op.constant(np.full((1, 7), 0.5, np.float32)))
    answer = op.softmax(op.matmul(hidden, op.constant(LAST), False, False), 1)
    openvino.save_model(openvino.Model([answer], [pixels]), folder / "graph.xml", compress_to_fp16=False)
    return read_graph(folder)


def opened(graph: Graph, shape: NetworkShape) -> ActivationEngine:
    engine = open_activation_engine(graph, shape)
    assert engine is not None
    return engine


def by_hand(head: str, label: int) -> npt.NDArray[Any]:
    maps = np.maximum(PICTURE.astype(np.float64) @ CHANNELS, 0)
    if head == "pooled":
        fires = maps.mean(axis=(0, 1)) @ POOLED + BIAS > 0
        return np.asarray(maps @ (POOLED @ np.diag(fires) @ LAST)[:, label] / 48)
    if head == "two blocks":
        coarse = maps.reshape(3, 2, 4, 2, 5).mean(axis=(1, 3))
        fires = maps.mean(axis=(0, 1)) @ POOLED + coarse.mean(axis=(0, 1)) @ SECOND + BIAS > 0
        fine, wide = (kernel @ np.diag(fires) @ LAST[:, label] for kernel in (POOLED, SECOND))
        return np.asarray((maps @ fine + np.kron((coarse @ wide)[:, :], np.ones((2, 2)))) / 48)
    fires = maps.ravel() @ FLATTENED + BIAS > 0
    weights: npt.NDArray[Any] = (FLATTENED @ np.diag(fires) @ LAST)[:, label]
    return np.asarray((maps.ravel() * weights).reshape(6, 8, 5).sum(axis=2))


@pytest.mark.parametrize("head", ["pooled", "two blocks", "flattened"])
@pytest.mark.parametrize("label", [0, 2])
def test_the_map_is_that_of_a_plain_computation(head: str, label: int, tmp_path: Path) -> None:
    engine = opened(graph_of(head, tmp_path), SHAPE)
    assert engine.head.pooled is (head != "flattened")
    values = class_activation(engine.run(PICTURE), engine.head, label)
    assert values.dtype == np.float32
    assert values == pytest.approx(by_hand(head, label), abs=1e-5)


@pytest.mark.parametrize("head", ["largest", "normed"])
def test_a_head_of_another_form_is_not_taken_for_one_that_is_known(head: str, tmp_path: Path) -> None:
    assert open_activation_engine(graph_of(head, tmp_path), SHAPE) is None


@pytest.mark.parametrize(("name", "places"), [("unet", (18, 22)), ("vgg", (9, 11))])
def test_keras_exports_are_understood_and_give_the_same_bits(
    name: str,
    places: tuple[int, int],
    networks: dict[str, TinyNetwork],
    warm_cache: GraphCache,
    tmp_path: Path,
) -> None:
    network = networks[name]
    run_converter(warm_cache.converter, network.model, tmp_path, network.shape)
    graph = read_graph(tmp_path)
    plain, engine = OpenVinoEngine(graph, network.shape), opened(graph, network.shape)
    assert engine.head.pooled is (name == "unet")
    assert len(engine.head.weights) == 2
    for prepared in network.inputs:
        seen = engine.run(prepared)
        assert [maps.shape[:2] for maps in seen.maps] == [places]
        assert seen.probabilities.tobytes() == plain.run(prepared).probabilities.tobytes()


def dense_weights(model: Path) -> list[npt.NDArray[Any]]:
    """Kernel and bias of each dense layer of a model.keras, in order, read without Keras."""
    with zipfile.ZipFile(model) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
        names = sorted(
            (name for name in file["layers"] if name.startswith("dense")), key=lambda name: (len(name), name)
        )
        return [np.array(file["layers"][name]["vars"][place]) for name in names for place in "01"]


@pytest.mark.parametrize("name", ["unet", "vgg"])
def test_a_map_adds_up_to_the_logit_that_kerass_own_weights_give_but_for_the_biases(
    name: str, networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    network = networks[name]
    run_converter(warm_cache.converter, network.model, tmp_path, network.shape)
    engine = opened(read_graph(tmp_path), network.shape)
    kernel, bias, last, _ = dense_weights(network.model)
    for prepared, features in zip(network.inputs, network.features, strict=True):
        # The unet's features are the averaged maps; the vgg's are what the units give.
        before = features @ kernel if name == "unet" else features - bias * (features > 0)
        fires = before + bias > 0 if name == "unet" else features > 0
        wanted = (before * fires) @ last
        maps = [class_activation(engine.run(prepared), engine.head, label) for label in range(4)]
        assert [float(values.sum()) for values in maps] == pytest.approx(wanted, rel=1e-4, abs=1e-4)
