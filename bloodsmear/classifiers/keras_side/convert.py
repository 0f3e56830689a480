"""The program bloodsmear-convert: model.keras → OpenVINO graph, by Keras 3 on its OpenVINO backend.

With --rebuild: an .h5 or .keras file of another program → model.keras. With --look: what such a file says of itself.
With --try: whether a graph compiles and answers within limits.

It runs in a process of its own, so that the window and the command line never load Keras; TensorFlow is not
needed. Errors are one sentence on stderr and exit code 2.
"""

import argparse
import io
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.imported_network import ONE_OUTPUT
from bloodsmear.classifiers.keras_side.import_file import FileToImport, check_file, import_file
from bloodsmear.classifiers.keras_side.keras_on_openvino import load_keras
from bloodsmear.classifiers.keras_side.memory_limit import limit_files, limit_memory
from bloodsmear.classifiers.keras_side.network_file import look_at_network_file
from bloodsmear.classifiers.keras_side.older_files.keras_config_check import check_keras_file
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, finish_graph, read_graph
from bloodsmear.errors import BloodsmearError, ClassifierError
from bloodsmear.no_network import unplug_if_asked
from bloodsmear.visible_text import visible

# Four times what the largest published network (VGG19 with its head, 0.6 GB) takes while it is rebuilt.
_MEMORY_BYTES = 12_000_000_000
# What a file's weights may take, and their names besides.
_LARGEST_FILE_BYTES = 2_200_000_000
# Looking at a file takes 60 MB. VGG19 with its head, 0.6 GB of weights, is compiled in 2 GB; ours in 0.3.
_LOOK_BYTES, _TRIAL_BYTES = 2_000_000_000, 4_000_000_000
# Of one processor: NASNet-Large takes 2 on a slow PC. A study has thousands of images.
_LONGEST_ANSWER_S = 20.0


def main(arguments: list[str] | None = None) -> int:
    """Run the program. Returns 0, or 2 after a sentence on stderr."""
    unplug_if_asked()
    parser = argparse.ArgumentParser(prog="bloodsmear-convert", description="model.keras to OpenVINO graph")
    parser.add_argument("model", type=Path, help="the model.keras to convert")
    parser.add_argument("target", type=Path, help="the folder for graph.xml and graph.bin")
    parser.add_argument(
        "--rebuild", action="store_true", help="the file is another program's: write model.keras in its place"
    )
    parser.add_argument(
        "--look", action="store_true", help="the file is another program's: only say what it says of itself"
    )
    parser.add_argument(
        "--try", dest="try_graph", action="store_true", help="compile the graph in TARGET and answer an image"
    )
    parser.add_argument("--size", default="", help="the input's size in pixels, as WIDTHxHEIGHT")
    parser.add_argument("--labels", default=0, type=int, help="how many labels the classifier has")
    parser.add_argument("--features", default=None, help="the layer whose output becomes a second output")
    options = parser.parse_args(arguments)
    if isinstance(sys.stderr, io.TextIOWrapper):
        # The program that started this one reads UTF-8; Windows would write paths in its own code page.
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        limit_files(_LARGEST_FILE_BYTES)
        if options.look:
            limit_memory(_LOOK_BYTES, _too_much(options.model))
            sys.stdout.write(ONE_OUTPUT if look_at_network_file(options.model).one_output else "")
        elif options.try_graph:
            try_graph(options.model, options.target, _shape_of(options))
        elif options.rebuild:
            rebuild_model(options.model, options.target, _size_of(options.size) if options.size else None)
        else:
            convert_model(options.model, options.target, _shape_of(options))
    except (BloodsmearError, OSError) as error:
        print(visible(f"bloodsmear-convert: {error}", breaks=True), file=sys.stderr)  # noqa: T201 - stderr is this program's answer
        return 2
    except MemoryError:
        print(_too_much(options.model), file=sys.stderr)  # noqa: T201 - as above
        return 2
    return 0


def _too_much(model: Path) -> str:
    sentence = f"{model} asks for more memory than a classifier may have; it is refused."
    return visible(f"bloodsmear-convert: {sentence}", breaks=True)


def convert_model(model_path: Path, target: Path, shape: NetworkShape) -> None:
    """Convert model.keras into graph.xml and graph.bin in `target`. ClassifierError, OSError.

    Keras must not be loaded yet in this process, or on its OpenVINO backend.
    """
    limit_memory(_MEMORY_BYTES, _too_much(model_path))
    if model_path.is_file() and model_path.suffix == ".keras":
        # It may have come in a stranger's zip: looked at as data before Keras is loaded.
        check_keras_file(model_path, model_path)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bloodsmear-convert-", ignore_cleanup_errors=True) as scratch:
        keras = load_keras(Path(scratch))
        network = with_features(keras, load_network(keras, model_path), shape.feature_layer)
        exported = Path(scratch) / "exported.xml"
        signature = [keras.InputSpec(shape=(1, shape.height_px, shape.width_px, 3), dtype="float32")]
        try:
            network.export(str(exported), format="openvino", input_signature=signature, verbose=False)
        # Keras, its backend and OpenVINO raise whatever they like for a network that they cannot take over.
        except Exception as error:
            raise ClassifierError(f"{model_path} cannot be converted: {_in_one_line(error)}") from error
        finish_graph(exported, target, shape)


def try_graph(model: Path, folder: Path, shape: NetworkShape) -> None:
    """Compile the graph in `folder`, made of `model`, and answer one image. ClassifierError, MemoryError, OSError.

    What it takes here it takes in every program that opens the classifier later.
    """
    limit_memory(_TRIAL_BYTES, _too_much(model))
    graph = replace(read_graph(folder), source=f"of {model}")
    engine = OpenVinoEngine(graph, shape, streams=1)
    began = time.process_time()
    engine.run(np.zeros((shape.height_px, shape.width_px, 3), np.float32))
    seconds = time.process_time() - began
    if seconds > _LONGEST_ANSWER_S:
        raise ClassifierError(
            f"{model} takes {seconds:.0f} seconds for one image, and a classifier may take {_LONGEST_ANSWER_S:.0f}. "
            "Train or convert it for a smaller input."
        )


def rebuild_model(path: Path, target: Path, free_size: tuple[int, int] | None = None) -> None:
    """Write model.keras and network.json into `target` from another program's file. ClassifierError, OSError.

    `free_size` (width, height in pixels) is taken where the network leaves its input's size open. The file is
    looked at as data before Keras is loaded, and what is loaded then has only so much memory.
    """
    limit_memory(_MEMORY_BYTES, _too_much(path))
    with tempfile.TemporaryDirectory(prefix="bloodsmear-convert-", ignore_cleanup_errors=True) as scratch:
        copy = check_file(path, Path(scratch))
        import_file(load_keras(Path(scratch)), FileToImport(path, copy, free_size), target)


def load_network(keras: Any, model_path: Path) -> Any:
    """Load a model.keras as data only: nothing in it may run code. ClassifierError names the file."""
    if not model_path.is_file():
        raise ClassifierError(f"{model_path} is missing; install the classifier again.")
    if model_path.suffix != ".keras":
        # Keras would take the ending .h5 for its older format, which another reader is for.
        raise ClassifierError(f"{model_path} is not a .keras file; only those are converted.")
    try:
        network = keras.saving.load_model(model_path, compile=False, safe_mode=True)
    # A damaged or hostile file may raise anything: zip, HDF5, JSON and Keras' own errors.
    except Exception as error:
        raise ClassifierError(
            f"{model_path} is not a network that Keras can load: {_in_one_line(error)}"
        ) from error
    if len(getattr(network, "inputs", None) or ()) != 1 or len(network.outputs) != 1:
        raise ClassifierError(f"{model_path} must take one image and give one answer; its network does not.")
    for layer in network.layers:
        if layer.compute_dtype != "float32":
            raise ClassifierError(
                f"{model_path} computes its layer {layer.name} in {layer.compute_dtype}; export it in float32."
            )
    return network


def with_features(keras: Any, network: Any, layer_name: str | None) -> Any:
    """The network with the output of `layer_name`, flattened to 2-D, as its second output; ClassifierError."""
    if layer_name is None:
        return network
    layer = next((layer for layer in network.layers if layer.name == layer_name), None)
    if layer is None:
        raise ClassifierError(
            f"The network has no layer {layer_name!r}, which the card's unlike_training names; "
            f"its last layers are {', '.join(layer.name for layer in network.layers[-5:])}."
        )
    features = layer.output
    if len(features.shape) != 2:
        features = keras.layers.Flatten(name="features")(features)
    return keras.Model(network.inputs[0], [network.outputs[0], features])


def _shape_of(options: argparse.Namespace) -> NetworkShape:
    width, height = _size_of(options.size)
    if options.labels < 1:
        raise ClassifierError(f"--labels must be a number such as 4, got {options.labels}.")
    return NetworkShape(height, width, options.labels, options.features)


def _size_of(text: str) -> tuple[int, int]:
    """Width and height in pixels of 96x96."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise ClassifierError(f"--size must be written like 96x96, got {text!r}.")
    return int(width), int(height)


def _in_one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else text[:297] + "..."


if __name__ == "__main__":
    sys.exit(main())
