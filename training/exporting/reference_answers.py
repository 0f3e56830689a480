"""What the network itself answers, on the backend that it was trained on."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.keras_side.convert import load_network
from bloodsmear.classifiers.keras_side.tensorflow_engine import in_float64
from bloodsmear.classifiers.preprocess import InputArray


def reference_answers(model_file: Path, inputs: Sequence[InputArray]) -> npt.NDArray[np.floating]:
    """The answers of a saved model.keras, N×labels, in double precision where the backend has it (JAX has not).

    Of the file, not of the network in memory: its weights may have been stored in half precision. On the processor,
    because a GPU may compute in TF32, which is off by 1e-3. ClassifierError when Keras cannot load the file.
    """
    with keras.device("cpu:0"):
        network = in_float64(keras, load_network(keras, model_file))
        answers = [
            keras.ops.convert_to_numpy(network(prepared[np.newaxis].astype(np.float64), training=False))[0]
            for prepared in inputs
        ]
    return np.stack(answers)
