"""The head of the networks that begin with what ImageNet taught: blocks pooled, then one or two dense layers."""

from typing import Any

from keras import layers

from training.architectures.map_pooling import PooledAs, deviation_of, mean_of

FEATURE_LAYER = "pooled_features"
HEAD_NORM, HIDDEN, OUTPUT = "pooled_norm", "hidden", "probabilities"
_DROPPED_SHARE: dict[PooledAs, float] = {"means": 0.3, "deviations": 0.5}


def pool_maps(maps: list[Any], pooled_as: PooledAs = "means") -> Any:
    """Each of the `maps` (n×h×w×C) averaged, or their deviations, side by side: the layer FEATURE_LAYER, n×D."""
    if len(maps) == 1:
        return mean_of(maps[0], FEATURE_LAYER)
    pool = mean_of if pooled_as == "means" else deviation_of
    pooled = [pool(each, f"pooled_{place}") for place, each in enumerate(maps, start=1)]
    return layers.Concatenate(name=FEATURE_LAYER)(pooled)


def norm_while_fitted(pooled: Any, pooled_as: PooledAs = "means") -> Any:
    """A norm over `pooled` (n×D) and a dropout, for the time of the fit.

    The blocks' averages differ a hundredfold; `folded_norms.fold_head_norm` puts the norm into the dense layer behind
    it.
    """
    # A mean over 32 images and a deviation of the same: the statistics are recomputed before every validation.
    normed = layers.BatchNormalization(momentum=0.9, dtype="float32", name=HEAD_NORM)(pooled)
    return layers.Dropout(_DROPPED_SHARE[pooled_as], name="thinned_features")(normed)


def answer_of(features: Any, label_count: int, pooled_as: PooledAs = "means") -> Any:
    """Dense 256 relu, softmax: n×D to n×label_count. Over deviations the softmax alone."""
    if pooled_as == "deviations":
        # Of few images a hidden layer learns worse than none, and weights that begin at random than none at all.
        return layers.Dense(
            label_count, activation="softmax", kernel_initializer="zeros", dtype="float32", name=OUTPUT
        )(features)
    hidden = layers.Dense(256, activation="relu", kernel_initializer="he_normal", name=HIDDEN)(features)
    # float32 whatever the policy: a softmax in bfloat16 has two digits.
    return layers.Dense(label_count, activation="softmax", dtype="float32", name=OUTPUT)(hidden)
