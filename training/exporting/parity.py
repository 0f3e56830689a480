"""A classifier is one only when its graph answers as the network that was trained."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear import paths
from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.keras_side.convert import load_network
from bloodsmear.classifiers.keras_side.tensorflow_engine import in_float64
from bloodsmear.classifiers.preprocess import InputArray, prepare_input, scale_pixels
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from bloodsmear.images.decode import decode_image
from bloodsmear.images.scan import Scan
from training.data.pictures import Pictures

# Against float64 the graph's own rounding is what differs: 1.1e-6 on full-size smears. A backend that has no float64
# brings its own float32 rounding along, 2.7e-5 for TensorFlow's U-Net.
_TOLERANCE = {"float64": 1e-5, "float32": 1e-4}


def parity_inputs(recipe: Recipe, pictures: Pictures) -> list[InputArray]:
    """What both sides answer: every demo image by the recipe, and `pictures` (uint8 n×H×W×3 at the input size)."""
    demo = [paths.demo_images() / scanned.image for scanned in Scan([paths.demo_images()])]
    prepared = [prepare_input(decode_image(path).pixels, recipe) for path in demo]
    return prepared + [scale_pixels(picture, recipe) for picture in pictures]


def require_parity(
    engine: Engine, inputs: Sequence[InputArray], reference: npt.NDArray[np.floating]
) -> float:
    """The largest difference of a probability between graph and network (`reference`, N×labels).

    TrainingError when it is more than rounding, or no number.
    """
    answers = np.stack([engine.run(prepared).probabilities for prepared in inputs]).astype(np.float64)
    difference = float(np.max(np.abs(answers - reference)))
    tolerance = _TOLERANCE[reference.dtype.name]
    if not difference <= tolerance:
        raise TrainingError(
            f"The graph does not answer as the network that was trained: a probability differs by {difference:.2g}, at "
            f"most {tolerance:.0e} is allowed. Nothing was exported. Update Keras and OpenVINO together.",
            at_terminal="Or export on another backend (--backend).",
        )
    return difference


# JAX keeps to single precision unless its environment said otherwise before it was loaded, and warns at every step.
_SINGLE_PRECISION = ("jax",)


def name_of_processor(backend: str) -> str:
    """Its name among Keras' devices.

    To PyTorch `cpu:0` is another device than `cpu`, where its tensors are. Keras moves each weight there, which is then
    not a weight any more, and a layer that draws at random cannot be loaded.
    """
    return "cpu" if backend == "torch" else "cpu:0"


def reference_answers(model_file: Path, inputs: Sequence[InputArray]) -> npt.NDArray[np.floating]:
    """The answers of a saved model.keras, N×labels, in double precision where the backend has it (JAX has not).

    The answers are those of the file, not of the network in memory: the file may hold its weights in half precision.
    On the processor, because a GPU may compute in TF32, which is off by 1e-3. ClassifierError when Keras cannot load
    the file.
    """
    with keras.device(name_of_processor(keras.backend.backend())):
        network, dtype = load_network(keras, model_file), "float32"
        if keras.backend.backend() not in _SINGLE_PRECISION:
            network, dtype = in_float64(keras, network), "float64"
        answers = [
            keras.ops.convert_to_numpy(network(prepared[np.newaxis].astype(dtype), training=False))[0]
            for prepared in inputs
        ]
    return np.stack(answers)
