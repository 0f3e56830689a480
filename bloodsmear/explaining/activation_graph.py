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
from bloodsmear.classifiers.network_head import Head, find_head
from bloodsmear.classifiers.openvino_engine import (
    Graph,
    compile_graph,
    load_graph,
    load_openvino,
    run_request,
)

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SeenByHead:
    """One image's answer, float32: probabilities before calibration, the head's maps h×w×c, the units of each relu."""

    probabilities: FloatArray
    maps: tuple[FloatArray, ...]
    hidden: tuple[FloatArray, ...]


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
    nodes = find_head(model)
    if nodes is None:
        return None
    outputs = [model.outputs[0].get_node().input_value(0), *nodes.maps, *nodes.hidden]
    second = load_openvino().Model(outputs, model.get_parameters(), "activation")
    return ActivationEngine(nodes.head, compile_graph(second, graph.source, streams=1)[0], shape)
