"""Graphs without transposes: the same answers, and nothing turned that need not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.channels_first import keep_channels_first
from bloodsmear.classifiers.graph_cache import GraphCache, run_converter
from bloodsmear.classifiers.openvino_engine import load_openvino, read_graph

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bloodsmear.conftest import TinyNetwork

RANDOM = np.random.default_rng(5)
PICTURE = RANDOM.normal(0, 1, (1, 6, 8, 3)).astype(np.float32)
TO_FRONT, TO_BACK, SWAPPED = (0, 3, 1, 2), (0, 2, 3, 1), (0, 3, 2, 1)


def values(*sizes: int) -> npt.NDArray[np.float32]:
    return RANDOM.normal(0, 0.5, sizes).astype(np.float32)


class Layers:
    """Layers as Keras exports them, height × width × channels between them."""

    def __init__(self) -> None:
        self.ops = load_openvino().opset13

    def turned(self, node: Any, order: tuple[int, ...]) -> Any:
        return self.ops.transpose(node, self.ops.constant(np.array(order)))

    def convolution(self, node: Any, channels: int) -> Any:
        kernel = values(channels, node.output(0).get_shape()[3], 3, 3)
        same = ([1, 1], [1, 1], [1, 1], [1, 1])
        seen = self.ops.convolution(self.turned(node, TO_FRONT), self.ops.constant(kernel), *same)
        return self.ops.add(self.turned(seen, TO_BACK), self.ops.constant(values(1, 1, 1, channels)))

    def batch_norm(self, node: Any) -> Any:
        channels = node.output(0).get_shape()[3]
        scale, shift, mean = (self.ops.constant(values(channels)) for _ in range(3))
        variance = self.ops.constant(0.5 + np.abs(values(channels)))
        # Keras swaps height and width here.
        normed = self.ops.batch_norm_inference(self.turned(node, SWAPPED), scale, shift, mean, variance, 1e-3)
        return self.turned(normed, SWAPPED)

    def group_norm(self, node: Any, groups: int) -> Any:
        _, height, width, channels = node.output(0).get_shape()
        ops, each = self.ops, channels // groups
        split = ops.reshape(node, ops.constant(np.array([-1, height, width, groups, each])), False)
        mean = ops.reduce_mean(split, ops.constant(np.array([1, 2, 4])), True)
        scaled = ops.multiply(ops.subtract(split, mean), ops.constant(values(1, 1, 1, groups, each)))
        return ops.reshape(scaled, ops.constant(np.array([1, height, width, channels])), False)

    def pooled(self, node: Any) -> Any:
        return self.ops.reduce_mean(node, self.ops.constant(np.array([1, 2])), False)


def plain(layers: Layers, pixels: Any) -> Any:
    return layers.pooled(layers.ops.relu(layers.convolution(pixels, 4)))


def normed(layers: Layers, pixels: Any) -> Any:
    first = layers.batch_norm(layers.ops.relu(layers.convolution(pixels, 4)))
    return layers.pooled(layers.group_norm(layers.convolution(first, 8), 2))


def skipping(layers: Layers, pixels: Any) -> Any:
    skip = layers.convolution(pixels, 4)
    joined = layers.ops.concat([layers.group_norm(skip, 2), layers.batch_norm(skip)], -1)
    return layers.pooled(layers.ops.multiply(layers.convolution(joined, 4), skip))


def flattened(layers: Layers, pixels: Any) -> Any:
    """Values are laid out one after another here, so that their order counts: they have to be turned back."""
    seen = layers.convolution(pixels, 4)
    return layers.ops.reshape(seen, layers.ops.constant(np.array([1, -1])), False)


def mixed(layers: Layers, pixels: Any) -> Any:
    """One of two operands was never turned."""
    return layers.pooled(layers.ops.add(layers.convolution(pixels, 3), pixels))


def over_the_width(layers: Layers, pixels: Any) -> Any:
    """A constant that differs along the width, and a mean along the height alone."""
    seen = layers.ops.add(layers.convolution(pixels, 4), layers.ops.constant(values(8, 1)))
    mean = layers.ops.reduce_mean(seen, layers.ops.constant(np.array([1])), False)
    return layers.ops.reshape(mean, layers.ops.constant(np.array([1, -1])), False)


@pytest.mark.parametrize(
    ("network", "turns"),
    [(plain, 1), (normed, 1), (skipping, 1), (flattened, 2), (mixed, 2), (over_the_width, 2)],
)
def test_the_answer_stays_and_only_transposes_that_count_are_left(
    network: Callable[[Layers, Any], Any], turns: int
) -> None:
    openvino, layers = load_openvino(), Layers()
    pixels = layers.ops.parameter([1, 6, 8, 3], np.float32)
    model = openvino.Model([network(layers, pixels)], [pixels])
    before = answer(model)

    keep_channels_first(openvino, model)

    after = answer(model)
    assert after.shape == before.shape
    np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)
    # The first turns the picture itself.
    assert kinds(model)["Transpose"] == turns


def test_a_value_that_two_need_as_it_was_is_turned_once() -> None:
    openvino, layers = load_openvino(), Layers()
    pixels = layers.ops.parameter([1, 6, 8, 3], np.float32)
    seen = layers.convolution(pixels, 4)
    flat = [
        layers.ops.reshape(seen, layers.ops.constant(np.array(sizes)), False) for sizes in ([1, 192], [2, 96])
    ]
    model = openvino.Model(flat, [pixels])

    keep_channels_first(openvino, model)

    assert kinds(model)["Transpose"] == 2
    assert [list(output.get_shape()) for output in model.outputs] == [[1, 192], [2, 96]]


def test_the_converter_leaves_one_transpose_in_a_network_like_the_shipped_vgg16_but_for_its_flattening(
    networks: dict[str, TinyNetwork], warm_cache: GraphCache, tmp_path: Path
) -> None:
    network = networks["vgg"]
    run_converter(warm_cache.converter, network.model, tmp_path, network.shape)
    graph = read_graph(tmp_path)
    model = load_openvino().Core().read_model(model=graph.xml, weights=graph.weights)
    assert kinds(model)["Transpose"] == 2


def answer(model: Any) -> npt.NDArray[np.float32]:
    # Float32 as the engine computes it.
    compiled = load_openvino().Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return np.array(compiled({0: PICTURE})[0], np.float32)


def kinds(model: Any) -> Counter[str]:
    return Counter(node.get_type_name() for node in model.get_ops())
