"""A network in an .h5 or .keras file of another program → model.keras, in the form that bloodsmear-convert takes."""

import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bloodsmear import atomic_file
from bloodsmear.classifiers.card_file import MODEL_NAME
from bloodsmear.classifiers.imported_network import NETWORK_NAME, ImportedNetwork
from bloodsmear.classifiers.keras_side.network_file import kind_of_file
from bloodsmear.classifiers.keras_side.older_files.declared_sizes import LARGEST_SIDE_PX
from bloodsmear.classifiers.keras_side.older_files.h5_config_check import check_h5_file
from bloodsmear.classifiers.keras_side.older_files.hdf5_scan import LARGEST_FILE_BYTES
from bloodsmear.classifiers.keras_side.older_files.keras_config_check import check_keras_file
from bloodsmear.classifiers.keras_side.older_files.keras_config_in_use import rewrite_as_used
from bloodsmear.classifiers.keras_side.older_files.rebuild import Size, rebuild_h5
from bloodsmear.classifiers.openvino_engine import require_memory
from bloodsmear.errors import ClassifierError

# Functions whose one answer is a probability, and layers that hand it on.
_PROBABILITIES = {"sigmoid", "hard_sigmoid", "Sigmoid", "HardSigmoid"}
_PASSED_THROUGH = {"Identity", "Flatten", "Reshape"}


def check_file(path: Path, scratch: Path) -> Path:
    """Look at a file as data, without Keras; returns the copy in `scratch` that is to be used.

    A copy, so that what was looked at is what is loaded. ClassifierError says why a file is refused.
    """
    if path.is_dir():
        raise ClassifierError(
            f"{path} is a folder (a SavedModel?), which may hold code. Save it as .keras or .h5."
        )
    if not path.is_file():
        raise ClassifierError(f"There is no file {path}. See that its name is right.")
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise ClassifierError(f"{path} has {size:,} bytes, more than any classifier; it is not opened.")
    kind = kind_of_file(path)
    copy = Path(shutil.copyfile(path, scratch / f"network.{kind}"))
    if kind == "h5":
        check_h5_file(copy, path)
    else:
        check_keras_file(copy, path)
    return copy


@dataclass(frozen=True, slots=True)
class FileToImport:
    """The file as the user knows it, the copy that `check_file` made, and the size to take where it leaves it open."""

    shown: Path
    copy: Path
    free_size: Size | None


def import_file(keras: Any, file: FileToImport, target: Path) -> ImportedNetwork:
    """Write model.keras and network.json into the folder `target`. ClassifierError says why a file is refused."""
    if file.copy.suffix == ".h5":
        network = rebuild_h5(keras, file.copy, file.shown, file.free_size)
    else:
        rewrite_as_used(file.copy)
        network = _with_size(keras, _load_keras(keras, file.shown, file.copy), file)
    one_output = _answers_one_number(network)
    if one_output:
        network = _with_two_answers(keras, file.shown, network)
    described = _describe(file.shown, network, one_output)
    target.mkdir(parents=True, exist_ok=True)
    network.save(target / MODEL_NAME)
    atomic_file.write(target / NETWORK_NAME, msgspec.json.encode(described))
    return described


def _load_keras(keras: Any, path: Path, copy: Path) -> Any:
    try:
        return keras.saving.load_model(copy, compile=False, safe_mode=True)
    # A damaged file may raise anything: zip, HDF5, JSON and Keras' own errors.
    except Exception as error:
        said = " ".join(str(error).split()).replace(str(copy), path.name)[:300]
        raise ClassifierError(f"{path} is not a network that Keras can load: {said}") from error


def _with_size(keras: Any, network: Any, file: FileToImport) -> Any:
    """The network at the size that was given, where it leaves its size open."""
    if (
        len(network.inputs) != 1
        or len(network.inputs[0].shape) != 4
        or None not in network.inputs[0].shape[1:3]
    ):
        return network
    if file.free_size is None:
        raise ClassifierError(f"{file.shown} takes images of any size, so give the size: width and height.")
    width, height = file.free_size
    sized = keras.models.clone_model(network, input_tensors=keras.Input((height, width, 3)))
    sized.set_weights(network.get_weights())
    return sized


def _answers_one_number(network: Any) -> bool:
    return len(network.outputs) == 1 and tuple(network.outputs[0].shape)[1:] == (1,)


def _with_two_answers(keras: Any, path: Path, network: Any) -> Any:
    """A network that answers p, a probability, as one that answers 1 - p and p. ClassifierError where p is not one."""
    answer = network.outputs[0]
    if _last_function(answer) not in _PROBABILITIES:
        raise ClassifierError(
            f"{path} answers one number that is not a probability. Its last layer must be a sigmoid, or a softmax over "
            "the labels."
        )
    other = keras.layers.Rescaling(-1.0, 1.0, name="probability_of_the_first")(answer)
    both = keras.layers.Concatenate(name="both_probabilities")([other, answer])
    return keras.Model(network.inputs[0], both, name=network.name)


def _last_function(answer: Any) -> str:
    """The name of the function that an answer comes from, inside nested networks, too."""
    while True:
        operation, node, _ = answer._keras_history
        kind, activation = type(operation).__name__, getattr(operation, "activation", None)
        function = getattr(activation, "__name__", "")
        if hasattr(operation, "layers"):
            answer = operation.outputs[0]
        elif kind in _PASSED_THROUGH or (kind == "Activation" and function == "linear"):
            answer = operation._inbound_nodes[node].input_tensors[0]
        else:
            return function or kind


def _layer_bytes(network: Any) -> Iterator[int]:
    """What each layer puts out for one image, of nested networks, too; a free size counts as 1."""
    for layer in network.layers:
        if hasattr(layer, "layers"):
            yield from _layer_bytes(layer)
        for node in layer._inbound_nodes:
            for tensor in node.output_tensors:
                yield 4 * math.prod(length or 1 for length in tensor.shape)


def _describe(path: Path, network: Any, one_output: bool) -> ImportedNetwork:
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        raise ClassifierError(f"{path} must take one image and give one answer; its network does not.")
    takes, answer = tuple(network.inputs[0].shape), tuple(network.outputs[0].shape)
    fits = len(takes) == 4 and takes[1] and takes[2] and takes[3] == 3
    if not fits or len(answer) != 2 or (answer[1] or 0) < 2:
        raise ClassifierError(
            f"{path} takes {takes} and answers {answer}; "
            "an image of fixed size with three colours and at least two labels are needed."
        )
    height, width = takes[1], takes[2]
    if max(height, width) > LARGEST_SIDE_PX:
        raise ClassifierError(
            f"{path} takes {width}x{height} px; at most {LARGEST_SIDE_PX} px a side are taken over."
        )
    require_memory([1, *_layer_bytes(network)], f"of {path}")
    tried = np.random.default_rng(0).random((1, height, width, 3), dtype=np.float32)
    try:
        row = np.asarray(network.predict(tried, verbose=0))[0]
    # The backend raises whatever it likes for a function of tensors that it has not got.
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        raise ClassifierError(f"{path} holds something that cannot be computed here: {said}") from error
    if not np.isfinite(row).all() or (row < -1e-6).any() or abs(float(row.sum()) - 1) > 1e-3:
        raise ClassifierError(
            f"{path} answers an image with {np.round(row, 3).tolist()}, which are not probabilities. "
            "Its last layer must be a softmax, or a sigmoid of one number."
        )
    return ImportedNetwork(int(height), int(width), int(answer[1]), int(network.count_params()), one_output)
