"""The U-Net turned classifier."""

from typing import Any

import keras
from keras import layers

FEATURE_LAYER = "pooled_features"
_GROUPS = 8


def build_unet(height_px: int, width_px: int, label_count: int) -> keras.Model:
    """Encoder 64, 128; bottleneck 256; decoder 128, 64 (after Ronneberger et al. 2015), pooled into a classifier.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count]; 1 875 588
    parameters with four labels, at every input size.
    """
    pixels = keras.Input((height_px, width_px, 3), name="pixels")
    skip_1 = _encode(pixels, 64, "encoder_1")
    skip_2 = _encode(layers.MaxPooling2D(name="pool_1")(skip_1), 128, "encoder_2")
    bottom = _encode(layers.MaxPooling2D(name="pool_2")(skip_2), 256, "bottleneck")
    middle = _decode(bottom, skip_2, 128, "decoder_2")
    top = _decode(middle, skip_1, 64, "decoder_1")
    pooled = layers.GlobalAveragePooling2D(name=FEATURE_LAYER)(top)
    hidden = layers.Dense(128, activation="relu", kernel_initializer="he_normal", name="hidden")(pooled)
    hidden = layers.Dropout(0.5, name="dropout")(hidden)
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    answer = layers.Dense(label_count, activation="softmax", dtype="float32", name="probabilities")(hidden)
    return keras.Model(pixels, answer, name="unet")


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
