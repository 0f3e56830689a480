"""The reference engine: the same network on Keras and TensorFlow. For tests and training, never for the window."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card_file import MODEL_NAME, read_card
from bloodsmear.classifiers.classifier import EngineClassifier
from bloodsmear.classifiers.engine import NetworkShape, RawAnswer, check_input, shape_of, single_row
from bloodsmear.classifiers.keras_side.convert import load_network, with_features
from bloodsmear.errors import ClassifierError


class TensorFlowEngine:
    """A model.keras run by TensorFlow on the processor, one image at a time. Safe from any thread.

    In float64: in float32 TensorFlow's own rounding moved the U-Net's probabilities on full-size smears by up to
    2.7e-5, where the OpenVINO graph is within 1.1e-6 of float64. A reference has to be the more exact one.

    Imports TensorFlow (4 s, 600 MB) when it is made; Keras must not be loaded yet on another backend.
    ClassifierError as for `OpenVinoEngine`.
    """

    def __init__(self, model_path: Path, shape: NetworkShape) -> None:
        self._shape = shape
        self._tensorflow, keras = _load_tensorflow()
        network = load_network(keras, model_path)
        self._network = in_float64(keras, with_features(keras, network, shape.feature_layer))

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        """Answer one prepared image; see `Engine.run`."""
        check_input(prepared, self._shape)
        # A GPU may compute in TF32, which is not a reference.
        with self._tensorflow.device("/CPU:0"):
            outputs = self._network(prepared[np.newaxis].astype(np.float64), training=False)
        if self._shape.feature_layer is None:
            return RawAnswer(single_row(np.asarray(outputs), self._shape.label_count, "labels"), None)
        probabilities = single_row(np.asarray(outputs[0]), self._shape.label_count, "labels")
        return RawAnswer(probabilities, single_row(np.asarray(outputs[1]), None, "features"))


def open_reference_classifier(folder: Path) -> EngineClassifier:
    """The classifier of a folder on the reference engine, without its checks. CardError, ClassifierError."""
    card = read_card(folder)
    return EngineClassifier(card, TensorFlowEngine(folder / MODEL_NAME, shape_of(card)))


def in_float64(keras: Any, network: Any) -> Any:
    """The same network with the same weights in double precision, on whatever backend `keras` runs."""

    def widen(layer: Any) -> Any:
        config = layer.get_config()
        # A function of tensors has a kind of numbers only where it changes it.
        precision = {"dtype": "float64"} if isinstance(layer, keras.layers.Layer) or "dtype" in config else {}
        return type(layer).from_config({**config, **precision})

    source = network.inputs[0]
    wide = keras.models.clone_model(
        network,
        input_tensors=keras.Input(batch_shape=source.shape, dtype="float64"),
        clone_function=widen,
        recursive=True,
    )
    wide.set_weights(network.get_weights())
    return wide


def _load_tensorflow() -> tuple[Any, Any]:
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    # TensorFlow's own greetings on stderr; errors stay.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras
    import tensorflow

    if keras.config.backend() != "tensorflow":
        raise ClassifierError(
            f"Keras runs on {keras.config.backend()} here; the reference engine needs a process of its own."
        )
    return tensorflow, keras
