"""The graph of the base classifier up to the deviations that are taught on, with a taught head behind.

The base's last block knows its own labels, not others (docs/adr/0035), and a taught graph does without it, unless it is
taught the base's labels: then what the base answers is taught on as well.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.deviations import deviations_of
from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.openvino_engine import (
    GRAPH_XML,
    Graph,
    load_graph,
    load_openvino,
    read_graph,
)
from bloodsmear.errors import ClassifierError
from bloodsmear.teaching.ridge import LinearHead

# The name that a card has for the features, where one with model.keras names a layer.
TAUGHT_FEATURES = "taught_features"
# Added to a probability of the base before its logarithm: no answer is surer than that.
_LEAST_PROBABILITY = 1e-4


def no_features(source: str) -> str:
    """Why nothing can be taught on the graph or classifier `source`."""
    return f"{source} has no max-pooling, so nothing can be taught on it. Name another base classifier."


def base_answers(probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What a head is taught on of the base's calibrated probabilities, N×K as they are: their bounded logarithms."""
    return np.log(probabilities + _LEAST_PROBABILITY)


def taught_graph(base: Graph, shape: NetworkShape, head: LinearHead, temperature: float = 1.0) -> Graph:
    """A graph that answers softmax of the head's logits and, as its second output, the features (1×D).

    A head of more than D weights a label takes `base_answers` behind the features; `temperature` calibrates these.
    """
    ops = load_openvino().opset13
    model = load_graph(base, shape)
    features = _features(model, base.source)
    taken = features
    if len(head.weights) > int(features.get_partial_shape()[1].get_length()):
        taken = ops.concat([features, _base_answers(model, temperature)], 1)
    logits = ops.add(
        ops.matmul(taken, ops.constant(head.weights.astype(np.float32)), False, False),
        ops.constant(head.intercepts.astype(np.float32)[np.newaxis]),
    )
    return _saved([ops.softmax(logits, axis=1).output(0), features], model, base.source)


def _base_answers(model: Any, temperature: float) -> Any:
    """`base_answers` of what the graph answers, calibrated as `calibrate` does it."""
    ops = load_openvino().opset13

    def constant(value: float) -> Any:
        return ops.constant(np.array(value, np.float32))

    answered = model.outputs[0].get_node().input_value(0)
    smallest = constant(float(np.finfo(np.float32).tiny))
    scaled = ops.divide(ops.log(ops.maximum(answered, smallest)), constant(temperature))
    return ops.log(ops.add(ops.softmax(scaled, axis=1), constant(_LEAST_PROBABILITY)))


def _features(model: Any, source: str) -> Any:
    features = deviations_of(load_openvino(), model)
    if features is None:
        raise ClassifierError(no_features(f"The graph {source}"))
    return features


def _saved(outputs: list[Any], model: Any, source: str) -> Graph:
    openvino = load_openvino()
    made = openvino.Model(outputs, model.get_parameters(), "taught")
    # Unnamed steps are named by a counter of the process, and the same lesson must make the same bytes.
    for place, node in enumerate(made.get_ordered_ops()):
        node.set_friendly_name(f"step_{place}")
    for output, name in zip(made.outputs, ("probabilities", "features"), strict=True):
        output.get_tensor().set_names({name})
    try:
        with tempfile.TemporaryDirectory(prefix="bloodsmear-", ignore_cleanup_errors=True) as scratch:
            openvino.save_model(made, Path(scratch) / GRAPH_XML, compress_to_fp16=False)
            graph = read_graph(Path(scratch))
    except (RuntimeError, OSError) as error:
        raise ClassifierError(
            f"The graph on top of {source} cannot be written; free some space on the disk of temporary files."
        ) from error
    return Graph(graph.xml, graph.weights, source)
