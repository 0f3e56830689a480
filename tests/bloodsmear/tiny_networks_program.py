"""Makes two tiny networks of the shipped kinds and TensorFlow's answers, in a process of its own.

Usage: python tiny_networks_program.py FOLDER. Writes unet.keras, vgg.keras, inputs.npy and, for each network,
<name>_probabilities.npy and <name>_features.npy. Keras and Qt never meet in one process.
"""

import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from bloodsmear.classifiers.engine import NetworkShape, RawAnswer
from bloodsmear.classifiers.keras_side.tensorflow_engine import TensorFlowEngine

HEIGHT_PX, WIDTH_PX, LABELS = 18, 22, 4
FEATURES = {"unet": "pooled", "vgg": "hidden"}


def tiny_unet() -> keras.Model:
    """Every kind of layer of the U-Net: batch norm, transposed convolution, resize to the skip, group norm."""
    pixels = keras.Input((HEIGHT_PX, WIDTH_PX, 3))
    skip = layers.BatchNormalization()(layers.Conv2D(8, 3, padding="same", activation="relu")(pixels))
    low = layers.Conv2D(16, 3, padding="same", activation="relu")(layers.MaxPooling2D(4)(skip))
    raised = layers.Conv2DTranspose(16, 2, strides=2, padding="same")(low)
    raised = layers.Resizing(HEIGHT_PX, WIDTH_PX, interpolation="bilinear")(raised)
    joined = layers.Concatenate()([layers.GroupNormalization(8)(raised), skip])
    top = layers.Conv2D(8, 3, padding="same", activation="relu")(joined)
    pooled = layers.GlobalAveragePooling2D(name="pooled")(top)
    hidden = layers.Dropout(0.5)(layers.Dense(16, activation="relu")(pooled))
    return keras.Model(pixels, layers.Dense(LABELS, activation="softmax")(hidden))


def tiny_vgg() -> keras.Model:
    """The published VGG16's kinds of layers: convolution, pooling, flatten, dense."""
    pixels = keras.Input((HEIGHT_PX, WIDTH_PX, 3))
    low = layers.MaxPooling2D()(layers.Conv2D(8, 3, padding="same", activation="relu")(pixels))
    hidden = layers.Dense(32, activation="relu", name="hidden")(layers.Flatten()(low))
    return keras.Model(pixels, layers.Dense(LABELS, activation="softmax")(hidden))


def fill(network: keras.Model, rng: np.random.Generator, in_half: bool) -> None:
    """Weights unlike those of a fresh network: no zero bias, no normalisation that does nothing."""
    for weight in network.weights:
        values = rng.normal(0, 0.3, weight.shape)
        if "variance" in weight.path or "gamma" in weight.path:
            values = 0.5 + np.abs(values)
        weight.assign(values.astype(np.float16 if in_half else np.float32).astype(np.float32))


def features_of(answer: RawAnswer) -> npt.NDArray[np.float32]:
    """The features, which these networks always give."""
    assert answer.features is not None
    return answer.features


def main(folder: Path) -> None:
    """Make everything."""
    rng = np.random.default_rng(7)
    inputs = rng.random((6, HEIGHT_PX, WIDTH_PX, 3), dtype=np.float32)
    np.save(folder / "inputs.npy", inputs)
    for name, network, in_half in (("unet", tiny_unet(), False), ("vgg", tiny_vgg(), True)):
        fill(network, rng, in_half)
        network.save(folder / f"{name}.keras")
        engine = TensorFlowEngine(
            folder / f"{name}.keras", NetworkShape(HEIGHT_PX, WIDTH_PX, LABELS, FEATURES[name])
        )
        answers = [engine.run(prepared) for prepared in inputs]
        np.save(folder / f"{name}_probabilities.npy", np.stack([answer.probabilities for answer in answers]))
        np.save(folder / f"{name}_features.npy", np.stack([features_of(answer) for answer in answers]))
    bias = keras.Sequential([keras.Input((HEIGHT_PX, WIDTH_PX, 3)), layers.Flatten(), layers.Dense(LABELS)])
    bias.add(layers.Lambda(lambda values: values * 2))
    bias.save(folder / "lambda.keras")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
