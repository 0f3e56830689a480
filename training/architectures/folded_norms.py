"""Batch norm that exists only while a network is fitted: put behind each convolution, and folded into it at the end.

After a fit a batch norm multiplies each channel by a constant and adds another (Ioffe and Szegedy 2015, section 3.1),
which a convolution's own kernel and bias can do. So the network that ships has no layer more than a plain one.
"""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from training.architectures.pooled_head import FEATURE_LAYER, HEAD_NORM, HIDDEN, OUTPUT

_NORM = "{}_norm"  # the norm behind the convolution of this name


def fold_norms(normed: keras.Model, plain: keras.Model) -> None:
    """Set the weights of `plain` so that it answers as `normed` does.

    Both have layers of the same names; a layer `X` of `normed` with a batch norm `X_norm` behind it is a convolution.
    """
    norms = {layer.name: layer for layer in normed.layers}
    for layer in plain.layers:
        weights = (
            [np.asarray(weight) for weight in normed.get_layer(layer.name).get_weights()]
            if layer.weights
            else []
        )
        norm = norms.get(_NORM.format(layer.name))
        if norm is not None:
            weights = _folded(weights, norm)
        if weights:
            layer.set_weights(weights)


def fold_head_norm(fitted: keras.Model, plain: keras.Model) -> None:
    """Set the weights of `plain` so that it answers as `fitted` does, whose head has a norm before its dense layer."""
    for layer in plain.layers:
        if layer.weights:
            layer.set_weights(fitted.get_layer(layer.name).get_weights())
    gamma, beta, mean, variance, epsilon = _norm_of(fitted.get_layer(HEAD_NORM))
    factor = gamma / np.sqrt(variance + epsilon)
    first = _first_of_head(plain)
    kernel, bias = (weight.astype(np.float64) for weight in fitted.get_layer(first).get_weights())
    plain.get_layer(first).set_weights(
        [kernel * factor[:, np.newaxis], bias + (beta - mean * factor) @ kernel]
    )


def start_head_norm(
    fitted: keras.Model, plain: keras.Model, batches: Iterable[npt.NDArray[np.float32]]
) -> None:
    """Give `fitted` the weights of `plain`, and a norm before its head, which answers the same: unfolds the norm.

    The norm takes mean and deviation of the features over `batches` (float32 [n, H, W, 3]) away, and the dense layer
    behind it gives them back. So a fit learns from features of one size, and a dropout sets one to its mean.
    """
    for layer in plain.layers:
        if layer.weights:
            fitted.get_layer(layer.name).set_weights(layer.get_weights())
    seen = keras.Model(plain.input, plain.get_layer(FEATURE_LAYER).output)
    features = np.concatenate(
        [keras.ops.convert_to_numpy(seen(batch, training=False)).astype(np.float64) for batch in batches]
    )
    norm, mean, variance = fitted.get_layer(HEAD_NORM), features.mean(axis=0), features.var(axis=0)
    _set_norm(norm, np.ones_like(mean), np.zeros_like(mean), mean, variance)
    first = _first_of_head(plain)
    kernel, bias = (weight.astype(np.float64) for weight in plain.get_layer(first).get_weights())
    fitted.get_layer(first).set_weights(
        [kernel * np.sqrt(variance + norm.epsilon)[:, np.newaxis], bias + mean @ kernel]
    )


def start_norms(normed: keras.Model, plain: keras.Model, batches: Iterable[npt.NDArray[np.float32]]) -> None:
    """Give `normed` the weights of `plain`, and norms through which it answers the same.

    Each norm is set to what the channels do over `batches` (float32 [n, H, W, 3]): it takes their mean and deviation
    away and gives them back. So a fit goes on from where a network without norms stood, with norms that work.
    """
    for layer in plain.layers:
        if layer.weights:
            normed.get_layer(layer.name).set_weights(layer.get_weights())
    names = [layer.name for layer in plain.layers if isinstance(layer, keras.layers.Conv2D)]
    norms = [normed.get_layer(_NORM.format(name)) for name in names]
    for norm in norms:
        channels = norm.gamma.shape[0]
        # It passes everything on as it is: the deviation is the root of variance + epsilon.
        _set_norm(
            norm,
            np.ones(channels),
            np.zeros(channels),
            np.zeros(channels),
            np.full(channels, 1 - norm.epsilon),
        )
    maps = keras.Model(normed.input, [normed.get_layer(name).output for name in names])
    for norm, (mean, variance) in zip(norms, _statistics(maps, batches), strict=True):
        _set_norm(norm, np.sqrt(variance + norm.epsilon), mean, mean, variance)


def _first_of_head(plain: keras.Model) -> str:
    return HIDDEN if any(layer.name == HIDDEN for layer in plain.layers) else OUTPUT


def _folded(weights: list[npt.NDArray[Any]], norm: Any) -> list[npt.NDArray[Any]]:
    kernel, bias = (weight.astype(np.float64) for weight in weights)
    gamma, beta, mean, variance, epsilon = _norm_of(norm)
    factor = gamma / np.sqrt(variance + epsilon)
    return [kernel * factor, (bias - mean) * factor + beta]


def _norm_of(norm: Any) -> tuple[Any, Any, Any, Any, float]:
    gamma, beta, mean, variance = (np.asarray(weight, np.float64) for weight in norm.get_weights())
    return gamma, beta, mean, variance, norm.epsilon


def _set_norm(norm: Any, *values: npt.NDArray[Any]) -> None:
    """Set gamma, beta, mean and variance of a batch norm, float C each."""
    norm.set_weights(list(values))


def _statistics(
    maps: keras.Model, batches: Iterable[npt.NDArray[np.float32]]
) -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Mean and variance of each channel of each of the maps over all `batches`, float64 C."""
    sums: list[Any] = [0.0] * len(maps.outputs)
    squares: list[Any] = [0.0] * len(maps.outputs)
    counts = [0] * len(maps.outputs)
    for batch in batches:
        for place, answer in enumerate(maps(batch, training=False)):
            values = keras.ops.convert_to_numpy(answer).astype(np.float64)
            sums[place] += values.sum(axis=(0, 1, 2))
            squares[place] += np.square(values).sum(axis=(0, 1, 2))
            counts[place] += values.shape[0] * values.shape[1] * values.shape[2]
    means = [total / count for total, count in zip(sums, counts, strict=True)]
    variances = [square / count - mean**2 for square, count, mean in zip(squares, counts, means, strict=True)]
    return list(zip(means, variances, strict=True))
