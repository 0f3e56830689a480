"""EfficientNet-Lite0 (Tan and Le 2019), which a processor answers and fits several times as quickly as VGG16."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy.typing as npt
from keras import layers

from training.architectures.pooled_head import PooledAs, answer_of, norm_while_fitted, pool_maps

# Repeats, kernel, stride, expansion and filters of each stage (Tan and Le 2019; Lite: no squeezing, relu up to 6).
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _TOP = 32, 1280
_EPSILON = 1e-3
# The last maps at half the size, a quarter, an eighth, a sixteenth and a thirty-second, behind their relu.
_LAST_MAPS = {1: "block_0", 2: "block_2", 3: "block_4", 4: "block_10", 5: "top"}
# Where each of the five begins.
FIRST_LAYERS = {
    1: "stem_conv",
    2: "block_1_expand_conv",
    3: "block_3_expand_conv",
    4: "block_5_expand_conv",
    5: "block_11_expand_conv",
}


def build_lite0(
    height_px: int,
    width_px: int,
    label_count: int,
    pooled_blocks: tuple[int, ...] = (5,),
    pooled_as: PooledAs = "means",
) -> keras.Model:
    """The network with a head over the last maps of the `pooled_blocks`, averaged and side by side; then as VGG16's.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count].
    """
    base = build_lite0_base(height_px, width_px, pooled_blocks)
    answer = answer_of(pool_maps(base.outputs, pooled_as), label_count, pooled_as)
    return keras.Model(base.input, answer, name="efficientnet_lite0")


def build_fitted_lite0(
    height_px: int,
    width_px: int,
    label_count: int,
    pooled_blocks: tuple[int, ...],
) -> keras.Model:
    """The same with a norm over what several blocks give, and a dropout, for the time of the fit."""
    base = build_lite0_base(height_px, width_px, pooled_blocks)
    answer = answer_of(norm_while_fitted(pool_maps(base.outputs)), label_count)
    return keras.Model(base.input, answer, name="fitted_efficientnet_lite0")


def build_lite0_base(height_px: int, width_px: int, blocks: tuple[int, ...]) -> keras.Model:
    """The convolutions up to the last maps of these blocks (1 to 5), each an output float [n, h, w, C]."""
    pixels = keras.Input((height_px, width_px, 3), name="pixels")
    maps = _convolve(pixels, _STEM, 3, 2, "stem")
    place = 0
    for repeats, kernel, stride, expansion, filters in _STAGES:
        for step in range(repeats):
            maps = _block(maps, (kernel, stride if step == 0 else 1, expansion, filters), f"block_{place}")
            place += 1
    whole = keras.Model(pixels, _convolve(maps, _TOP, 1, 1, "top"))
    return keras.Model(pixels, [whole.get_layer(_LAST_MAPS[block]).output for block in blocks])


def load_tensors(network: keras.Model, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
    """Give the convolutions and their norms what ImageNet taught them, for inputs (value - 127) / 128, red first.

    `tensors` by the names that PyTorch's port of the network has; KeyError where one is missing. The head stays.
    """
    for layer in network.layers:
        if layer.weights and layer.name.startswith(("stem_", "block_", "top_")):
            layer.set_weights(_weights_of(layer, tensors))


def _block(inputs: Any, shape: tuple[int, int, int, int], name: str) -> Any:
    kernel, stride, expansion, filters = shape
    maps, channels = inputs, inputs.shape[-1]
    if expansion > 1:
        maps = _convolve(maps, channels * expansion, 1, 1, f"{name}_expand")
    maps = layers.DepthwiseConv2D(
        kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
    )(maps)
    maps = layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_depthwise_norm")(maps)
    maps = layers.ReLU(6.0, name=name)(maps)
    maps = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}_project_conv")(maps)
    maps = layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_project_norm")(maps)
    return layers.Add(name=f"{name}_add")([maps, inputs]) if stride == 1 and channels == filters else maps


def _convolve(inputs: Any, filters: int, kernel: int, stride: int, name: str) -> Any:
    maps = layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=f"{name}_conv")(inputs)
    maps = layers.BatchNormalization(epsilon=_EPSILON, name=f"{name}_norm")(maps)
    return layers.ReLU(6.0, name=name)(maps)


def _weights_of(layer: keras.Layer, tensors: Mapping[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
    """A convolution's kernel, or a norm's four rows, under the names that PyTorch's port of the network has."""
    name, kind = layer.name.rsplit("_", 1)
    if name in ("stem", "top"):
        place, convolution, norm = "", *{"stem": ("_conv_stem", "_bn0"), "top": ("_conv_head", "_bn1")}[name]
    else:
        _, number, part = name.split("_")
        # A block that does not expand has no first norm; the others keep their numbers.
        place, convolution, norm = (
            f"_blocks.{number}.",
            f"_{part}_conv",
            {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[part],
        )
    if kind == "conv":
        # PyTorch keeps filters×inputs×3×3, and of a depthwise kernel channels×1×3×3.
        axes = (2, 3, 0, 1) if isinstance(layer, layers.DepthwiseConv2D) else (2, 3, 1, 0)
        return [tensors[f"{place}{convolution}.weight"].transpose(axes)]
    return [tensors[f"{place}{norm}.{what}"] for what in ("weight", "bias", "running_mean", "running_var")]
