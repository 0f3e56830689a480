"""The only door to OpenVINO: running a graph, and bringing Keras' export of one into its lasting form.

A graph is data only; nothing in it can run code. OpenVINO is imported when a graph is first used, so that the
window shows before it.
"""

import hashlib
import math
import queue
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.channels_first import keep_channels_first
from bloodsmear.classifiers.deviations import deviations_of
from bloodsmear.classifiers.engine import NetworkShape, RawAnswer, check_input, single_row
from bloodsmear.errors import ClassifierError

GRAPH_XML = "graph.xml"
GRAPH_BIN = "graph.bin"
# What one layer, and all of them together, may put out for one image. The largest of the shipped ones puts out 9 MB,
# all of one 92 MB; 64 channels of 512 × 512 px are 67 MB.
_LARGEST_LAYER_BYTES, _LARGEST_LAYERS_BYTES = 1_000_000_000, 4_000_000_000
# A layer, the one before and what is computed between, for all images that are answered at once.
_STREAMS_BYTES = 4_000_000_000
_OUTPUT_NAMES = ("probabilities", "features")


@dataclass(frozen=True)
class Graph:
    """A graph as it lies in its two files, graph.xml and graph.bin; `source` names it in errors."""

    xml: bytes
    weights: bytes
    source: str

    @cached_property
    def file_sha256s(self) -> tuple[str, str]:
        """The sha256 (hex) of graph.xml and of graph.bin, taken once from these very bytes."""
        return hashlib.sha256(self.xml).hexdigest(), hashlib.sha256(self.weights).hexdigest()

    @property
    def sha256(self) -> str:
        """One sha256 (hex) for both files."""
        return hashlib.sha256("".join(self.file_sha256s).encode()).hexdigest()


class OpenVinoEngine:
    """A graph compiled for the processor, in f32, with one thread per stream. Safe from any thread.

    `streams` images are answered at the same time; further callers wait. `with_deviations` answers these, too, and
    nothing else by another bit (docs/adr/0048). ClassifierError when OpenVINO refuses the graph, or when its input or
    outputs don't have the shape that the card asks for.
    """

    def __init__(
        self, graph: Graph, shape: NetworkShape, streams: int = 2, with_deviations: bool = False
    ) -> None:
        self._shape = shape
        model = load_graph(graph, shape)
        # A large network answers fewer images at once, each bit for bit the same.
        streams = min(streams, max(1, _STREAMS_BYTES // (3 * max(_layer_bytes(model)))))
        deviations = deviations_of(load_openvino(), model) if with_deviations else None
        if deviations is not None:
            model.add_outputs(deviations)
        self._has_deviations = deviations is not None
        requests = compile_graph(model, graph.source, streams)
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for request in requests:
            self._idle.put(request)

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        """Answer one prepared image; see `Engine.run`."""
        check_input(prepared, self._shape)
        request = self._idle.get()
        try:
            outputs = run_request(request, prepared)
            probabilities = single_row(outputs[0], self._shape.label_count, "labels")
            wanted = self._shape.feature_layer is not None
            features = single_row(outputs[1], None, "features") if wanted else None
            deviations = single_row(outputs[-1], None, "deviations") if self._has_deviations else None
        finally:
            self._idle.put(request)
        return RawAnswer(probabilities, features, deviations)


def load_openvino() -> Any:
    """OpenVINO, with its telemetry switched off: its import alone would send an event over the network.

    ClassifierError where this PC cannot load it.
    """
    # None makes `import openvino_telemetry` fail, as Python documents; OpenVINO then takes a stand-in of its own
    # that sends nothing.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # the stubs know modules only
    try:
        import openvino  # type: ignore[import-untyped]  # it brings stubs but no py.typed
    except (ImportError, OSError) as error:
        raise ClassifierError(
            f"OpenVINO, which runs the classifiers, cannot be loaded on this PC ({_first_line(error)}). On Windows ask "
            "IT for the Microsoft Visual C++ Redistributable 2015-2022 (x64); else install Bloodsmear again."
        ) from error
    return openvino


def openvino_version() -> str:
    """The version of OpenVINO's runtime with its build, as `2026.4.1-20521-…`."""
    return str(load_openvino().get_version())


def device_names() -> tuple[str, ...]:
    """The devices that OpenVINO sees, as `CPU (AMD EPYC …)`. Raises RuntimeError as OpenVINO does."""
    core = load_openvino().Core()
    return tuple(f"{name} ({core.get_property(name, 'FULL_DEVICE_NAME')})" for name in core.available_devices)


def read_graph(folder: Path, xml: str = GRAPH_XML, weights: str = GRAPH_BIN) -> Graph:
    """Read a graph's two files. Raises OSError."""
    return Graph((folder / xml).read_bytes(), (folder / weights).read_bytes(), str(folder / xml))


def load_graph(graph: Graph, shape: NetworkShape) -> Any:
    """OpenVINO's model of a graph that has the shape the card asks for. ClassifierError."""
    openvino = load_openvino()
    try:
        # A copy: a tensor over Python's bytes could outlive them inside the compiled graph.
        weights = openvino.Tensor(np.frombuffer(graph.weights, np.uint8), shared_memory=False)
        model = openvino.Core().read_model(model=graph.xml, weights=weights)
        _check_graph(model, shape, graph.source)
        require_memory(_layer_bytes(model), graph.source)
    except RuntimeError as error:
        raise _refused(graph.source, error) from error
    return model


def read_constants(file: Path) -> list[tuple[str, npt.NDArray[Any]]]:
    """The weights of a graph file that OpenVINO reads (.onnx), with their names, in its order. ClassifierError."""
    try:
        nodes = load_openvino().Core().read_model(file).get_ordered_ops()
        return [
            (node.get_friendly_name(), np.array(node.get_data()))
            for node in nodes
            if node.get_type_name() == "Constant"
        ]
    except RuntimeError as error:
        # The installed program leaves that reader of OpenVINO's out (build_scripts/freeze/left_out.py).
        raise ClassifierError(
            f"{file.name} cannot be read as a network: it is damaged or of another kind, or it is an .onnx file, which "
            "the installed program does not read. Download it again, or give the weights as an .h5 file."
        ) from error


def compile_graph(model: Any, source: str, streams: int) -> list[Any]:
    """Requests to OpenVINO's model, one a stream: on the processor, in f32, one thread each. ClassifierError."""
    try:
        compiled = load_openvino().Core().compile_model(model, "CPU", _properties(streams))
        return [compiled.create_infer_request() for _ in range(streams)]
    except RuntimeError as error:
        raise _refused(source, error) from error


def run_request(request: Any, prepared: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """The outputs for one prepared image, as they lie in OpenVINO's memory until the next call. ClassifierError."""
    try:
        # Copied into OpenVINO's own aligned memory, so that the bits never depend on where numpy put it.
        request.infer({0: np.ascontiguousarray(prepared)[np.newaxis]}, share_inputs=False)
        return [tensor.data for tensor in request.output_tensors]
    except RuntimeError as error:
        raise ClassifierError(f"OpenVINO could not answer an image: {_first_line(error)}.") from error


def finish_graph(exported_xml: Path, target: Path, shape: NetworkShape) -> None:
    """Bring a graph that Keras exported into its lasting form: graph.xml and graph.bin in the folder `target`.

    The input becomes static [1, H, W, 3]: Keras bakes batch 1 into Flatten, GroupNormalization and Resizing while
    it declares the batch free, and such a graph answers three images with one row and no error. Weights that
    float16 holds exactly are stored so, at half the size and with the same bits when it runs. ClassifierError
    when the shapes do not fit.
    """
    openvino = load_openvino()
    try:
        model = openvino.Core().read_model(exported_xml)
        if len(model.inputs) != 1:
            raise ClassifierError(f"The network has {len(model.inputs)} inputs; it must take one image.")
        model.reshape([1, shape.height_px, shape.width_px, 3])
        require_memory(_layer_bytes(model), "of this network")
        _compute_constants(model)
        keep_channels_first(openvino, model)
        model.inputs[0].get_tensor().set_names({"image"})
        for output, name in zip(model.outputs, _OUTPUT_NAMES, strict=False):
            output.get_tensor().set_names({name})
        _check_graph(model, shape, "of this network")
        _store_exact_weights_in_half(openvino, model)
    except RuntimeError as error:
        raise ClassifierError(f"OpenVINO cannot take over this network: {_first_line(error)}.") from error
    try:
        write_graph(model, target / GRAPH_XML)
    except RuntimeError as error:
        # If the disk is full, OpenVINO says only "iostream error".
        raise ClassifierError(
            f"The graph cannot be written into {target}; free some space or give permission."
        ) from error


def write_graph(model: Any, xml: Path) -> None:
    """Write an OpenVINO model into `xml` and the .bin beside it, with the same bytes on every system.

    RuntimeError where OpenVINO cannot write, OSError.
    """
    # compress_to_fp16=True would round every constant, the small ones of the normalisations, too.
    load_openvino().save_model(model, xml, compress_to_fp16=False)
    # On Windows OpenVINO ends the lines with CR LF.
    xml.write_bytes(xml.read_bytes().replace(b"\r\n", b"\n"))


def _refused(source: str, error: RuntimeError) -> ClassifierError:
    return ClassifierError(
        f"OpenVINO refuses the graph {source}: {_first_line(error)}. "
        "Clear the cache, or install the classifier again."
    )


def _properties(streams: int) -> dict[str, str]:
    return {
        # Left to itself OpenVINO runs bfloat16 on some processors, silently.
        "INFERENCE_PRECISION_HINT": "f32",
        "EXECUTION_MODE_HINT": "ACCURACY",
        # One thread per stream: sums are never split among threads, so the bits don't depend on their number.
        "NUM_STREAMS": str(streams),
        "INFERENCE_NUM_THREADS": str(streams),
        # Two classifiers would be pinned to the same cores.
        "ENABLE_CPU_PINNING": "NO",
    }


def _check_graph(model: Any, shape: NetworkShape, source: str) -> None:
    inputs = [_sizes(port) for port in model.inputs]
    outputs = [_sizes(port) for port in model.outputs]
    wanted_input = [1, shape.height_px, shape.width_px, 3]
    if inputs != [wanted_input]:
        raise ClassifierError(
            f"The graph {source} takes {inputs}, but the card's recipe prepares {wanted_input}; "
            "the model and the card do not belong together."
        )
    wanted = 1 if shape.feature_layer is None else 2
    fits = len(outputs) == wanted and outputs[0] == [1, shape.label_count]
    if not fits or any(len(sizes) != 2 or sizes[0] != 1 for sizes in outputs):
        raise ClassifierError(
            f"The graph {source} gives {outputs}, but the card has {shape.label_count} labels"
            f"{'' if wanted == 1 else ' and features'}: one row with one column per label is needed; "
            "the model and the card do not belong together."
        )


def require_memory(sizes: Sequence[int], source: str) -> None:
    """Refuse a network by what its layers put out, in bytes, before anything is computed: a file of 32 kB took 4.4 GB.

    ClassifierError names the `source`.
    """
    if max(sizes) > _LARGEST_LAYER_BYTES or sum(sizes) > _LARGEST_LAYERS_BYTES:
        raise ClassifierError(
            f"The graph {source} would take {sum(sizes) / 1e9:.1f} GB of memory for one image, which no classifier of "
            "this program may. Train or convert it for a smaller input."
        )


def _layer_bytes(model: Any) -> list[int]:
    """What each layer puts out for one image, and 1 for none at all."""
    return [1] + [
        4 * math.prod(max(0, length) for length in _sizes(port))
        for node in model.get_ops()
        if node.get_type_name() != "Constant"
        for port in node.outputs()
    ]


def _sizes(port: Any) -> list[int]:
    # -1 for a free size.
    return [dimension.get_length() if dimension.is_static else -1 for dimension in port.get_partial_shape()]


def _compute_constants(model: Any) -> None:
    """Reshaped biases and turned weights become plain constants, which is how `keep_channels_first` knows them."""
    from openvino.passes import ConstantFolding, Manager  # type: ignore[import-untyped]  # as openvino itself

    passes = Manager()
    passes.register_pass(ConstantFolding())
    passes.run_passes(model)


def _store_exact_weights_in_half(openvino: Any, model: Any) -> None:
    from openvino import opset13

    for node in model.get_ops():
        if node.get_type_name() != "Constant" or node.get_element_type() != openvino.Type.f32:
            continue
        values = node.get_data()
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if values.size < 2 or not np.array_equal(half.astype(np.float32), values):
            continue
        targets = list(node.output(0).get_target_inputs())
        widened = opset13.convert(opset13.constant(half), "f32")
        for target in targets:
            target.replace_source_output(widened.output(0))


def _first_line(error: Exception) -> str:
    # OpenVINO's messages bring the C++ file and line along; the last filled line is what happened.
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "no reason given"
