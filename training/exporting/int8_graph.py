"""A graph with some of its convolutions in int8, by NNCF: quantisation after training, calibrated on its images."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bloodsmear.classifiers.folder_files import INT8_GRAPH
from bloodsmear.classifiers.openvino_engine import Graph, load_openvino, read_graph, write_graph
from bloodsmear.classifiers.preprocess import InputArray
from bloodsmear.errors import TrainingError

_CONVOLUTIONS = ("Convolution", "ConvolutionBackpropData")


def convolutions_of(model: Any) -> tuple[str, ...]:
    """The names of an OpenVINO model's convolutions, in the order in which it computes them."""
    return tuple(
        node.get_friendly_name() for node in model.get_ordered_ops() if node.get_type_name() in _CONVOLUTIONS
    )


def quantise_graph(
    model: Any, calibration: Sequence[InputArray], keep: Collection[str], target: Path
) -> Graph:
    """Write the graph with all convolutions in int8 but those in `keep`, into the folder `target`, and read it.

    Only convolutions: what a group norm computes in int8 changes every fourth label (docs/adr/0019). TrainingError
    where NNCF is missing, OSError.
    """
    nncf = load_nncf()
    others = {node.get_type_name() for node in model.get_ops()} - set(_CONVOLUTIONS)
    int8 = nncf.quantize(
        model.clone(),
        nncf.Dataset([image[np.newaxis] for image in calibration]),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(calibration),
        ignored_scope=nncf.IgnoredScope(names=list(keep), types=sorted(others), validate=False),
        # Processors without VNNI add pairs of products in 16 bits, which saturate unless weights keep to 7 bits.
        advanced_parameters=nncf.AdvancedQuantizationParameters(overflow_fix=nncf.OverflowFix.ENABLE),
    )
    write_graph(int8, target / INT8_GRAPH.xml)
    return read_graph(target, INT8_GRAPH.xml, INT8_GRAPH.weights)


def load_nncf() -> Any:
    """NNCF, with its telemetry off. TrainingError where it is not installed."""
    # Before NNCF is imported: it would report its use to its makers, and OpenVINO, which it imports, would its own.
    os.environ["NNCF_DISABLE_TELEMETRY"] = "1"
    load_openvino()
    try:
        import nncf  # type: ignore[import-untyped]  # it brings types but no py.typed
    except ImportError as error:
        raise TrainingError(
            "NNCF, which makes int8 graphs, is not part of this Bloodsmear, nor of the Full edition. Install "
            "its extra `quantise` in a checkout (docs/training.md)."
        ) from error
    nncf.set_log_level(40)
    return nncf
