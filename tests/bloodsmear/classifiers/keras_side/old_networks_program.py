"""Makes .h5 files as Keras 2 wrote them, and what their networks answered. Run: old_networks_program.py FOLDER.

With tf_keras, the last Keras 2, in a process of its own: it and Keras 3 are not loaded together.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf
import tf_keras as keras
from tf_keras.applications import imagenet_utils

SIDE_PX = 32
LABELS = 4


def published(make: Callable[..., Any], **more: Any) -> Any:
    """A network of keras.applications as a lab fits one: without its top, with a small head."""
    base = make(include_top=False, weights=None, input_shape=(SIDE_PX, SIDE_PX, 3), **more)
    pooling, dropout = keras.layers.GlobalAveragePooling2D(), keras.layers.Dropout(0.3)
    return keras.Sequential([base, pooling, dropout, keras.layers.Dense(LABELS, activation="softmax")])


def plain_operations() -> Any:
    """Preprocessing layers, TensorFlow's operations between layers, and activations that have changed since."""
    layers = keras.layers
    pixels = keras.Input((SIDE_PX, SIDE_PX, 3))
    normalized = layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.1, 0.2, 0.3])(
        layers.Rescaling(0.5, 0.1)(pixels)
    )
    augmented = layers.RandomFlip()(layers.Resizing(24, 20)(normalized))
    gated = layers.Conv2D(8, 3, activation="hard_sigmoid", name="block/gate")(augmented)
    wide = tf.image.resize(layers.LeakyReLU(0.2)(gated), [26, 22], method="nearest")
    scaled = tf.nn.relu6(wide * 3.0 + 0.25)
    both = tf.concat([scaled, layers.DepthwiseConv2D(3, padding="same", activation="swish")(scaled)], axis=-1)
    normed = layers.LayerNormalization()(layers.SeparableConv2D(12, 3, strides=2)(both))
    grouped = layers.GroupNormalization(4)(layers.Conv2DTranspose(8, 2, strides=2)(normed))
    pooled = layers.Flatten()(
        layers.AveragePooling2D(4, padding="same")(layers.PReLU(shared_axes=[1, 2])(grouped))
    )
    return keras.Model(
        pixels, layers.Dense(LABELS, activation="softmax")(layers.Dense(6, activation="elu")(pooled))
    )


def preprocessed(mode: str) -> Any:
    """A network that calls keras.applications' preprocess_input itself."""
    pixels = keras.Input((SIDE_PX, SIDE_PX, 3))
    prepared = imagenet_utils.preprocess_input(pixels * 255.0, mode=mode)
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(6, 3, activation="relu")(prepared))
    return keras.Model(pixels, keras.layers.Dense(LABELS, activation="softmax")(pooled))


def constants_first() -> Any:
    """Numbers and colours' means before and after the image, and blue first in three ways of writing it."""
    pixels = keras.Input((SIDE_PX, SIDE_PX, 3))
    reversed_twice = tf.reverse(pixels[:, :, :, ::-1], axis=[-1])
    prepared = 2.0 - (1.5 + 4.0 * reversed_twice[..., ::-1]) / [2.0, 3.0, 4.0]
    for_each_colour: Any = [0.5, 0.25, 0.125]
    prepared = -(for_each_colour * (prepared - [0.1, 0.2, 0.3]))
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(6, 3, activation="relu")(prepared))
    return keras.Model(pixels, keras.layers.Dense(LABELS, activation="softmax")(pooled))


def divided_by_the_image() -> Any:
    """A number and colours' numbers by the image, and one image by another."""
    pixels = keras.Input((SIDE_PX, SIDE_PX, 3))
    for_each_colour: Any = [0.5, 0.25, 0.125]
    prepared = 1.0 / (pixels + 1.0) + for_each_colour / (pixels + 0.5)
    prepared = tf.math.divide(prepared, pixels + 2.0)
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(6, 3, activation="relu")(prepared))
    return keras.Model(pixels, keras.layers.Dense(LABELS, activation="softmax")(pooled))


def adapted() -> Any:
    """A Sequential without an input layer, with a normalization that took its statistics from images."""
    images = np.random.default_rng(5).random((20, SIDE_PX, SIDE_PX, 3)).astype(np.float32)
    normalization = keras.layers.Normalization()
    normalization.adapt(images)
    conv = keras.layers.Conv2D(4, 3, padding="same", activation="relu")
    head = keras.layers.Dense(LABELS, activation="softmax")
    network = keras.Sequential([normalization, conv, keras.layers.GlobalMaxPooling2D(), head])
    network.build((None, SIDE_PX, SIDE_PX, 3))
    return network


def networks() -> Iterator[tuple[str, Any]]:
    """Every network with its name."""
    yield "mobilenet_v2", published(keras.applications.MobileNetV2, alpha=0.35)
    yield "efficientnet_b0", published(keras.applications.EfficientNetB0)
    yield "densenet121", published(keras.applications.DenseNet121)
    yield "resnet50", published(keras.applications.ResNet50)
    yield "plain_operations", plain_operations()
    yield "adapted", adapted()
    yield "constants_first", constants_first()
    yield "divided_by_the_image", divided_by_the_image()
    for mode in ("tf", "torch", "caffe"):
        yield f"preprocessed_{mode}", preprocessed(mode)


def fill(network: Any, rng: np.random.Generator) -> None:
    """Random weights that keep the values of a deep network where they are."""
    for weight in _fitted_weights(network):
        values = rng.normal(0, 0.05, weight.shape)
        if "variance" in weight.name:
            values = 0.5 + np.abs(values)
        elif "gamma" in weight.name:
            values = 1 + values
        elif "kernel" in weight.name:
            values = rng.normal(0, np.sqrt(1 / max(1, np.prod(weight.shape[:-1]))), weight.shape)
        weight.assign(values)


def _fitted_weights(network: Any) -> Iterator[Any]:
    """All weights but those of a normalization, which are statistics that it keeps a second time, for itself."""
    for layer in network.layers:
        if hasattr(layer, "layers"):
            yield from _fitted_weights(layer)
        elif not isinstance(layer, keras.layers.Normalization):
            yield from layer.weights


def main(folder: Path) -> None:
    """Make everything."""
    rng = np.random.default_rng(7)
    inputs = rng.random((2, SIDE_PX, SIDE_PX, 3), dtype=np.float32)
    np.save(folder / "inputs.npy", inputs)
    for name, network in networks():
        fill(network, rng)
        np.save(folder / f"{name}.npy", np.asarray(network(inputs, training=False)))
        network.save(folder / f"{name}.h5", save_format="h5")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
