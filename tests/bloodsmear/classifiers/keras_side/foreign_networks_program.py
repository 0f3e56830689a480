"""Makes .keras and .h5 files as laboratories have them with today's Keras, and what their networks answer in use.

Run: foreign_networks_program.py FOLDER. On TensorFlow, in a process of its own.
"""

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
from keras import layers
from keras.applications import imagenet_utils

SIDE_PX = 32
# Its own layers are in the way: "cannot pickle 'module' object".
KERAS_WRITES_NO_H5 = ("nested",)
Body = Callable[[Any], Any]


def network(body: Body, head: Body | None = None) -> Any:
    """A network whose images go through `body` first; by default it answers four labels."""
    pixels = keras.Input((SIDE_PX, SIDE_PX, 3))
    x = layers.Rescaling(1 / 255)(body(pixels))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3, activation="relu")(x))
    return keras.Model(pixels, head(x) if head is not None else layers.Dense(4, activation="softmax")(x))


def chain(*parts: Any) -> Body:
    """These layers, one after the other."""

    def body(x: Any) -> Any:
        for part in parts:
            x = part(x)
        return x

    return body


def nested() -> Any:
    """Augmentation in a network within a network, as Keras' tutorials build it, and noise further inside."""
    inner = keras.Sequential([layers.RandomZoom(0.2), layers.GaussianNoise(0.4)], name="inner")
    outer = keras.Sequential([layers.RandomFlip(), inner, layers.RandomBrightness(0.3)], name="augmentation")
    return network(outer)


def called_as_in_training() -> Any:
    """Dropout that stays at work, as `layer(x, training=True)` leaves it."""
    return network(
        lambda x: x, lambda x: layers.Dense(4, activation="softmax")(layers.Dropout(0.5)(x, training=True))
    )


def in_half_precision() -> Any:
    """Fitted as Keras' guide to mixed precision has it: all in half, the answer in single precision."""
    keras.config.set_dtype_policy("mixed_float16")
    try:
        made = network(
            chain(layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization(), layers.Dropout(0.2)),
            lambda x: layers.Activation("softmax", dtype="float32")(layers.Dense(4)(x)),
        )
    finally:
        keras.config.set_dtype_policy("float32")
    return made


def one_output(last: Body) -> Any:
    """A network that answers one number for two labels."""
    return network(lambda x: x, last)


def networks() -> Iterator[tuple[str, Any]]:
    """Every network with its name."""
    for kind, part in (
        ("rotation", layers.RandomRotation(0.2)), ("translation", layers.RandomTranslation(0.3, 0.3)),
        ("contrast", layers.RandomContrast(0.5)), ("shear", layers.RandomShear(0.3, 0.3)),
        ("gaussian_dropout", layers.GaussianDropout(0.5)), ("spatial_dropout", layers.SpatialDropout2D(0.5)),
    ):  # fmt: skip
        yield kind, network(part)
    yield "nested", nested()
    yield "called_as_in_training", called_as_in_training()
    yield "in_half_precision", in_half_precision()
    for mode in ("tf", "torch", "caffe"):
        yield f"preprocessed_{mode}", network(partial(imagenet_utils.preprocess_input, mode=mode))
    base = keras.applications.MobileNetV3Small(
        weights=None, include_top=False, input_shape=(SIDE_PX, SIDE_PX, 3)
    )
    yield "mobilenet_v3", network(lambda x: layers.Conv2D(3, 1)(layers.UpSampling2D(32)(base(x))))
    yield (
        "since_keras_3",
        network(chain(layers.Conv2D(4, 3, activation="hard_silu"), layers.Conv2D(4, 3, activation="mish"))),
    )
    yield "operations", network(lambda x: keras.ops.maximum(255.0 - x, x[..., :1]) * 0.5 + 3.0)
    yield "sigmoid", one_output(layers.Dense(1, activation="sigmoid"))
    yield "sigmoid_apart", one_output(chain(layers.Dense(1), layers.Activation("sigmoid"), layers.Flatten()))
    yield (
        "sigmoid_inside",
        one_output(
            keras.Sequential([layers.Dense(3), layers.Dropout(0.5), layers.Dense(1, activation="sigmoid")])
        ),
    )
    yield "regression", one_output(layers.Dense(1))


def main(folder: Path) -> None:
    """Make everything. What an answer in half precision would be is asked of the same weights in single."""
    rng = np.random.default_rng(7)
    inputs = rng.integers(0, 256, (2, SIDE_PX, SIDE_PX, 3)).astype(np.float32)
    np.save(folder / "inputs.npy", inputs)
    for name, made in networks():
        for weight in made.weights:
            values = rng.normal(0, 0.15, weight.shape)
            weight.assign(0.5 + np.abs(values) if "variance" in weight.name else values)
        answers = np.asarray(made.predict(inputs, verbose=0)) if name != "called_as_in_training" else None
        if answers is None:
            plain = keras.Model(made.inputs[0], made.layers[-1](made.layers[-3].output))
            answers = np.asarray(plain.predict(inputs, verbose=0))
        np.save(folder / f"{name}.npy", answers)
        made.save(folder / f"{name}.keras")
        if name not in KERAS_WRITES_NO_H5:
            made.save(folder / f"{name}.h5")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
