"""VGG16 for transfer learning: its convolutions, then a small head; while it is fitted with batch norm, if asked."""

from typing import Any

import keras
from keras import layers

FEATURE_LAYER = "pooled_features"
_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # filters and convolutions of each


def build_vgg16(height_px: int, width_px: int, label_count: int) -> keras.Model:
    """VGG16 without top (Simonyan and Zisserman 2014), global average pooling, Dense 256 relu, softmax.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count]. The weights are
    He-initialised: Keras' own glorot start stalls in a network of this depth without batch norm.
    """
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(height_px, width_px, 3))
    _start_as_he(base)
    return _with_head(base.input, base.output, label_count, "vgg16")


def build_normed_vgg16(height_px: int, width_px: int, label_count: int) -> keras.Model:
    """The same network with a batch norm between each convolution and its relu, for the time of the fit.

    Thirteen convolutions learn slowly from scratch without it. `folded_norms.fold_norms` makes a plain VGG16 of it that
    answers the same.
    """
    pixels = keras.Input((height_px, width_px, 3), name="pixels")
    maps: Any = pixels
    for block, (filters, convolutions) in enumerate(_BLOCKS, start=1):
        for step in range(1, convolutions + 1):
            name = f"block{block}_conv{step}"
            maps = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal", name=name)(maps)
            maps = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(maps)
            maps = layers.ReLU(name=f"{name}_relu")(maps)
        maps = layers.MaxPooling2D(2, name=f"block{block}_pool")(maps)
    return _with_head(pixels, maps, label_count, "normed_vgg16")


def _with_head(pixels: Any, maps: Any, label_count: int, name: str) -> keras.Model:
    pooled = layers.GlobalAveragePooling2D(name=FEATURE_LAYER)(maps)
    hidden = layers.Dense(256, activation="relu", kernel_initializer="he_normal", name="hidden")(pooled)
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    answer = layers.Dense(label_count, activation="softmax", dtype="float32", name="probabilities")(hidden)
    return keras.Model(pixels, answer, name=name)


def _start_as_he(base: keras.Model) -> None:
    for layer in base.layers:
        if isinstance(layer, layers.Conv2D):
            # Keras draws from its global seed, which the fit has set: the start is the same every time.
            layer.kernel.assign(keras.initializers.HeNormal(keras.random.SeedGenerator())(layer.kernel.shape))
