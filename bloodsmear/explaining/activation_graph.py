"""A second graph of a classifier: beside its probabilities it gives what its head sees and which units fire.

No gradients are needed: between the last maps and the logits stand only pooling (or flattening), dense layers and relu,
and where it is known which units fire, that is one linear map. Its weights are the graph's own constants.
"""

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.engine import NetworkShape, check_input, single_row
from bloodsmear.classifiers.openvino_engine import (
    Graph,
    compile_graph,
    load_graph,
    load_openvino,
    run_request,
)

FloatArray = npt.NDArray[np.float32]

# Keras' exports hold a Convert from float32 to float32 around every step.
_DOES_NOTHING = ("Convert", "Squeeze", "Identity")
# Height and width of maps h×w×c, and of c×h×w, which newer graphs have (channels_first.py).
_MAP_AXES, _MAP_AXES_CHANNELS_FIRST = {1, 2}, {2, 3}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a network: `pooled` says if its maps (h×w×c) are averaged or else flattened before `weights`.

    Averages of several maps stand side by side before the first dense layer.

    `weights` are the dense layers' kernels in order, inputs × units; all but the last are followed by relu.
    """

    pooled: bool
    weights: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True)
class SeenByHead:
    """One image's answer, float32: probabilities before calibration, the head's maps h×w×c, the units of each relu."""

    probabilities: FloatArray
    maps: tuple[FloatArray, ...]
    hidden: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The outputs of the graph that a head is made of."""

    head: Head
    maps: tuple[Any, ...]
    hidden: tuple[Any, ...]


class ActivationEngine:
    """The second graph, compiled as the first one is: its probabilities are the same bits. Safe from any thread."""

    def __init__(self, head: Head, request: Any, shape: NetworkShape) -> None:
        self.head = head
        self._request = request
        self._shape = shape
        self._one_at_a_time = threading.Lock()

    def run(self, prepared: FloatArray) -> SeenByHead:
        """Answer one prepared image (float32 H×W×3, as `Engine.run`). ClassifierError."""
        check_input(prepared, self._shape)
        with self._one_at_a_time:
            probabilities, *seen = run_request(self._request, prepared)
            hidden = len(self.head.weights) - 1
            maps, units = seen[: len(seen) - hidden], seen[len(seen) - hidden :]
            return SeenByHead(
                single_row(probabilities, self._shape.label_count, "labels"),
                tuple(np.array(each[0], dtype=np.float32) for each in maps),
                tuple(single_row(each, None, "units") for each in units),
            )


def open_activation_engine(graph: Graph, shape: NetworkShape) -> ActivationEngine | None:
    """The second graph of `graph`; None where its head has another form than this module knows.

    The form it knows: softmax over dense layers with relu between them, over maps that are averaged, several of them
    side by side, or over the last maps flattened. ClassifierError where OpenVINO refuses the graph.
    """
    model = load_graph(graph, shape)
    nodes = _find_nodes(model)
    if nodes is None:
        return None
    outputs = [model.outputs[0].get_node().input_value(0), *nodes.maps, *nodes.hidden]
    second = load_openvino().Model(outputs, model.get_parameters(), "activation")
    return ActivationEngine(nodes.head, compile_graph(second, graph.source, streams=1)[0], shape)


def _find_nodes(model: Any) -> _Nodes | None:
    softmax = _source(model.outputs[0].get_node())
    if softmax.get_type_name() != "Softmax":
        return None
    weights: list[FloatArray] = []
    hidden: list[Any] = []
    node = _source(softmax)
    while (dense := _dense(node)) is not None:
        kernel, node = dense
        weights.insert(0, kernel)
        if node.get_type_name() != "Relu" or _dense(_source(node)) is None:
            break
        hidden.insert(0, node.output(0))
        node = _source(node)
    maps = _maps_before(node) if weights else None
    if maps is None:
        return None
    output, pooled = maps
    return _Nodes(Head(pooled, tuple(weights)), output, tuple(hidden))


def _dense(node: Any) -> tuple[FloatArray, Any] | None:
    """Kernel and input of a dense layer that ends at `node`, with a bias or without; None for another layer."""
    if node.get_type_name() == "Add":
        inputs = [_through(value.get_source_output().get_node()) for value in node.inputs()]
        products = [each for each in inputs if each.get_type_name() == "MatMul"]
        constants = [each for each in inputs if _constant(each) is not None]
        if len(products) != 1 or len(constants) != 1:
            return None
        node = products[0]
    if node.get_type_name() != "MatMul":
        return None
    kernel = _constant(node.input_value(1).get_node())
    settings = node.get_attributes()
    if kernel is None or kernel.ndim != 2 or settings.get("transpose_a"):
        return None
    return (kernel.T if settings.get("transpose_b") else kernel), _source(node)


def _maps_before(node: Any) -> tuple[tuple[Any, ...], bool] | None:
    """The outputs with maps [1, h, w, c], and whether they are averaged (else flattened)."""
    if node.get_type_name() == "Concat":
        parts = [_maps_before(_through(value.get_node())) for value in node.input_values()]
        found = [part[0] for part in parts if part is not None and part[1]]
        return (tuple(output for (output,) in found), True) if len(found) == len(parts) else None
    if node.get_type_name() == "Reshape" and _sizes(node.input_value(0))[1:3] == [1, 1]:
        node = _source(node)
    if node.get_type_name() == "ReduceMean":
        output = _averaged_maps(node)
        return None if output is None else ((output,), True)
    if node.get_type_name() == "Reshape":
        output = node.input_value(0)
        sizes = _sizes(output)
        return (
            ((output,), False)
            if len(sizes) == 4 and _sizes(node.output(0)) == [1, int(np.prod(sizes))]
            else None
        )
    return None


def _averaged_maps(mean: Any) -> Any:
    """The output with the maps [1, h, w, c] that a ReduceMean averages; None where it averages something else."""
    axes, output = _constant(mean.input_value(1).get_node()), mean.input_value(0)
    if axes is None or len(_sizes(output)) != 4:
        return None
    averaged = {int(axis) for axis in axes.ravel()}
    if averaged == _MAP_AXES:
        return output
    if averaged != _MAP_AXES_CHANNELS_FIRST:
        return None
    ops = load_openvino().opset13
    return ops.transpose(output, ops.constant(np.array([0, 2, 3, 1]))).output(0)


def _source(node: Any) -> Any:
    """What gives a node its first input, steps that do nothing left out."""
    return _through(node.input_value(0).get_node())


def _through(node: Any) -> Any:
    while node.get_type_name() in _DOES_NOTHING and node.get_input_size() > 0:
        node = node.input_value(0).get_node()
    return node


def _constant(node: Any) -> npt.NDArray[Any] | None:
    # Weights that float16 holds exactly stand as such in the graph, with a Convert behind them.
    node = _through(node)
    return np.asarray(node.get_data()) if node.get_type_name() == "Constant" else None


def _sizes(output: Any) -> list[int]:
    return [int(size) for size in output.get_shape()]
