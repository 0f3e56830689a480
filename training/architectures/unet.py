"""The U-Net turned classifier."""

from typing import Any

import keras
from keras import layers

from training.architectures.pooled_head import HIDDEN, answer_of, norm_while_fitted, pool_maps

_GROUPS = 8
_HIDDEN_UNITS = 128


def build_unet(
    height_px: int, width_px: int, label_count: int, pooled_blocks: tuple[int, ...] = (5,)
) -> keras.Model:
    """Encoder 64, 128; bottleneck 256; decoder 128, 64 (after Ronneberger et al. 2015), pooled into a classifier.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count]. The head sees the last
    maps alone (1 875 588 parameters with four labels, at every input size), or the averages of several `pooled_blocks`
    side by side: 1 and 2 are the encoder's, 3 the bottleneck, 4 and 5 the decoder's. What lies behind the last is left
    out.
    """
    maps = _maps(height_px, width_px, pooled_blocks)
    pooled = pool_maps(maps.outputs)
    if len(pooled_blocks) > 1:
        return keras.Model(maps.input, _answer(pooled, label_count, pooled_blocks), name="unet")
    hidden = layers.Dense(_HIDDEN_UNITS, activation="relu", kernel_initializer="he_normal", name=HIDDEN)(
        pooled
    )
    hidden = layers.Dropout(0.5, name="dropout")(hidden)
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    answer = layers.Dense(label_count, activation="softmax", dtype="float32", name="probabilities")(hidden)
    return keras.Model(maps.input, answer, name="unet")


def build_fitted_unet(
    height_px: int, width_px: int, label_count: int, pooled_blocks: tuple[int, ...]
) -> keras.Model:
    """The same with a norm over what several blocks give, and a dropout, for the time of the fit."""
    maps = _maps(height_px, width_px, pooled_blocks)
    answer = _answer(norm_while_fitted(pool_maps(maps.outputs)), label_count, pooled_blocks)
    return keras.Model(maps.input, answer, name="fitted_unet")


def _answer(pooled: Any, label_count: int, pooled_blocks: tuple[int, ...]) -> Any:
    # Of what the way up gives as many units as of all before it: two heads, joined, are one of these (docs/adr/0052).
    units = _HIDDEN_UNITS * (2 if 5 in pooled_blocks else 1)
    return answer_of(pooled, label_count, units=units)


def _maps(height_px: int, width_px: int, pooled_blocks: tuple[int, ...]) -> keras.Model:
    """The network without a head: the last maps of each of the blocks, float [n, h, w, C]."""
    pixels = keras.Input((height_px, width_px, 3), name="pixels")
    skip_1 = _encode(pixels, 64, "encoder_1")
    skip_2 = _encode(layers.MaxPooling2D(name="pool_1")(skip_1), 128, "encoder_2")
    bottom = _encode(layers.MaxPooling2D(name="pool_2")(skip_2), 256, "bottleneck")
    middle = _decode(bottom, skip_2, 128, "decoder_2")
    top = _decode(middle, skip_1, 64, "decoder_1")
    maps = skip_1, skip_2, bottom, middle, top
    return keras.Model(pixels, [maps[block - 1] for block in pooled_blocks])


def _encode(inputs: Any, filters: int, name: str) -> Any:
    for step in (1, 2):
        inputs = _convolve(inputs, filters, f"{name}_conv_{step}")
        inputs = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm_{step}")(inputs)
    return inputs


def _decode(inputs: Any, skip: Any, filters: int, name: str) -> Any:
    raised = layers.Conv2DTranspose(filters, 2, strides=2, padding="same", name=f"{name}_up")(inputs)
    height, width = skip.shape[1:3]
    # 150 halves to 75 and 37, which doubles to 74: brought to the skip's size. Where they fit nothing is added.
    if raised.shape[1:3] != (height, width):
        raised = layers.Resizing(height, width, interpolation="bilinear", name=f"{name}_fit")(raised)
    raised = layers.GroupNormalization(_GROUPS, name=f"{name}_norm")(raised)
    joined = layers.Concatenate(name=f"{name}_join")([raised, skip])
    for step in (1, 2):
        joined = _convolve(joined, filters, f"{name}_conv_{step}")
    return joined


def _convolve(inputs: Any, filters: int, name: str) -> Any:
    return layers.Conv2D(
        filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=name
    )(inputs)
