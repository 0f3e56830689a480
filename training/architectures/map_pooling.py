"""What a head sees of maps: of each channel the mean over the picture, or the deviation.

A mean says how much of a thing a picture holds, a deviation how unevenly: of few images of single cells heads learn
more by the latter (docs/adr/0050).
"""

from typing import Any, Literal

import keras
from keras import layers

PooledAs = Literal["means", "deviations"]
# Of a channel that is the same everywhere the root's slope would be without bound.
_LEAST_VARIANCE = 1e-5


def mean_of(maps: Any, name: str) -> Any:
    """The means over the picture of maps n×h×w×c: n×c, made by a layer of this name."""
    return layers.GlobalAveragePooling2D(name=name)(maps)


def deviation_of(maps: Any, name: str) -> Any:
    """The standard deviations over the picture of maps n×h×w×c, in float32 whatever the policy: n×c."""
    mean = layers.GlobalAveragePooling2D(keepdims=True, dtype="float32", name=f"{name}_mean")(maps)
    off = layers.Subtract(dtype="float32", name=f"{name}_off")([maps, mean])
    squares = layers.Multiply(dtype="float32", name=f"{name}_squares")([off, off])
    variance = layers.GlobalAveragePooling2D(dtype="float32", name=f"{name}_variance")(squares)
    return keras.ops.sqrt(variance + _LEAST_VARIANCE)
