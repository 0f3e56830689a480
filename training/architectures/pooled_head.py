"""The head of the networks that begin with what ImageNet taught: blocks pooled, then one or two dense layers.

Of the maps' channels it sees the mean over the picture, or the deviation. A mean says how much of a thing a picture
holds, a deviation how unevenly: of few images of single cells heads learn more by the latter (docs/adr/0050).
"""

from typing import Any, Literal

import keras
from keras import layers

PooledAs = Literal["means", "deviations"]
FEATURE_LAYER = "pooled_features"
HEAD_NORM, HIDDEN, OUTPUT = "pooled_norm", "hidden", "probabilities"
# Half precision and rounding must not make the root of less than nothing.
_LEAST_VARIANCE = 1e-5


def pool_maps(maps: list[Any], pooled_as: PooledAs = "means") -> Any:
    """Each of the `maps` (n×h×w×C) averaged, or their deviations, side by side: the layer FEATURE_LAYER, n×D."""
    if len(maps) == 1:
        return layers.GlobalAveragePooling2D(name=FEATURE_LAYER)(maps[0])
    pool = _means if pooled_as == "means" else _deviations
    pooled = [pool(each, f"pooled_{place}") for place, each in enumerate(maps, start=1)]
    return layers.Concatenate(name=FEATURE_LAYER)(pooled)


def norm_while_fitted(pooled: Any) -> Any:
    """A norm over `pooled` (n×D) and a dropout, for the time of the fit.

    The blocks' averages differ a hundredfold; `folded_norms.fold_head_norm` puts the norm into the dense layer behind
    it.
    """
    # A mean over 32 images and a deviation of the same: the statistics are recomputed before every validation.
    normed = layers.BatchNormalization(momentum=0.9, dtype="float32", name=HEAD_NORM)(pooled)
    return layers.Dropout(0.3, name="thinned_features")(normed)


def answer_of(features: Any, label_count: int, pooled_as: PooledAs = "means", units: int = 256) -> Any:
    """Dense of `units` relu, softmax: n×D to n×label_count.

    Over deviations the softmax alone, which few images can fit.
    """
    if pooled_as == "means":
        features = layers.Dense(units, activation="relu", kernel_initializer="he_normal", name=HIDDEN)(
            features
        )
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    return layers.Dense(label_count, activation="softmax", dtype="float32", name=OUTPUT)(features)


def _means(maps: Any, name: str) -> Any:
    return layers.GlobalAveragePooling2D(name=name)(maps)


def _deviations(maps: Any, name: str) -> Any:
    """In float32 whatever the policy."""
    mean = layers.GlobalAveragePooling2D(keepdims=True, dtype="float32", name=f"{name}_mean")(maps)
    off = layers.Subtract(dtype="float32", name=f"{name}_off")([maps, mean])
    squares = layers.Multiply(dtype="float32", name=f"{name}_squares")([off, off])
    variance = layers.GlobalAveragePooling2D(dtype="float32", name=f"{name}_variance")(squares)
    return keras.ops.sqrt(variance + _LEAST_VARIANCE)
