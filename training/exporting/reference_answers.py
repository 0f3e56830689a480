"""What the network itself answers, on the backend that it was trained on."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.keras_side.convert import load_network
from bloodsmear.classifiers.keras_side.tensorflow_engine import in_float64
from bloodsmear.classifiers.preprocess import InputArray

# JAX keeps to single precision unless its environment said otherwise before it was loaded, and warns at every step.
_SINGLE_PRECISION = ("jax",)


def reference_answers(model_file: Path, inputs: Sequence[InputArray]) -> npt.NDArray[np.floating]:
    """The answers of a saved model.keras, N×labels, in double precision where the backend has it (JAX has not).

    The answers are those of the file, not of the network in memory: the file may hold its weights in half precision.
    On the processor, because a GPU may compute in TF32, which is off by 1e-3. ClassifierError when Keras cannot load
    the file.
    """
    with keras.device("cpu:0"):
        network, dtype = load_network(keras, model_file), "float32"
        if keras.backend.backend() not in _SINGLE_PRECISION:
            network, dtype = in_float64(keras, network), "float64"
        answers = [
            keras.ops.convert_to_numpy(network(prepared[np.newaxis].astype(dtype), training=False))[0]
            for prepared in inputs
        ]
    return np.stack(answers)
