"""VGG16 for transfer learning: its convolutions, then a small head; while it is fitted with batch norm, if asked."""

from typing import Any

import keras
from keras import layers

from training.architectures.pooled_head import PooledAs, answer_of, norm_while_fitted, pool_maps

_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # filters and convolutions of each


def build_vgg16(
    height_px: int,
    width_px: int,
    label_count: int,
    pooled_blocks: tuple[int, ...] = (5,),
    pooled_as: PooledAs = "means",
) -> keras.Model:
    """VGG16 without top (Simonyan and Zisserman 2014), global average pooling, Dense 256 relu, softmax.

    Input float32 [n, height_px, width_px, 3] as the recipe scales it, output [n, label_count]. The head sees the last
    maps of the `pooled_blocks`, averaged (or their deviations: `pooled_as`) and side by side: those of the last block
    alone, or of earlier ones, too. Blocks behind the last pooled one are left out. The weights are He-initialised:
    Keras' own glorot start stalls in a network of this depth without batch norm.
    """
    base = _base(height_px, width_px)
    pooled = pool_maps([_last_maps(base, block) for block in pooled_blocks], pooled_as)
    return keras.Model(base.input, answer_of(pooled, label_count, pooled_as), name="vgg16")


def build_fitted_vgg16(
    height_px: int,
    width_px: int,
    label_count: int,
    pooled_blocks: tuple[int, ...],
) -> keras.Model:
    """The same with a norm over what several blocks give, and a dropout, for the time of the fit."""
    base = _base(height_px, width_px)
    pooled = pool_maps([_last_maps(base, block) for block in pooled_blocks])
    answer = answer_of(norm_while_fitted(pooled), label_count)
    return keras.Model(base.input, answer, name="fitted_vgg16")


def build_normed_vgg16(height_px: int, width_px: int, label_count: int) -> keras.Model:
    """The plain network with a batch norm between each convolution and its relu, for the time of the fit.

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
    return keras.Model(pixels, answer_of(pool_maps([maps]), label_count), name="normed_vgg16")


def _base(height_px: int, width_px: int) -> keras.Model:
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(height_px, width_px, 3))
    _start_as_he(base)
    return base


def _last_maps(base: keras.Model, block: int) -> Any:
    # Of the last block what its pooling gives, as VGG16 without top ends; of earlier ones the finer maps before it.
    if block == len(_BLOCKS):
        return base.output
    return base.get_layer(f"block{block}_conv{_BLOCKS[block - 1][1]}").output


def _start_as_he(base: keras.Model) -> None:
    for layer in base.layers:
        if isinstance(layer, layers.Conv2D):
            # Keras draws from its global seed, which the fit has set: the start is the same every time.
            layer.kernel.assign(keras.initializers.HeNormal(keras.random.SeedGenerator())(layer.kernel.shape))
