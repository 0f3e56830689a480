"""What benchmarks of networks and input sizes share: the line of figures, and how long a network's graph answers."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from bloodsmear import paths
from bloodsmear.classifiers.engine import NetworkShape
from bloodsmear.classifiers.graph_cache import CONVERTER, run_converter
from bloodsmear.classifiers.openvino_engine import OpenVinoEngine, read_graph

_ANSWERS = 40
_LEAST = 1e-12


def figures_of(
    said: npt.NDArray[np.float64], targets: npt.NDArray[np.int64], label_keys: tuple[str, ...]
) -> str:
    """Accuracy, the mean of the labels' sensitivities, each of them, and the loss, in one line."""
    named = said.argmax(axis=1)
    sensitivities = [float((named[targets == label] == label).mean()) for label in range(len(label_keys))]
    of_labels = "   ".join(
        f"{key} {100 * share:.1f}" for key, share in zip(label_keys, sensitivities, strict=True)
    )
    of_truth = said[np.arange(len(targets)), targets]
    loss = -np.log(np.maximum(of_truth, _LEAST)).mean()
    return (
        f"accuracy {100 * (named == targets).mean():.1f} %   balanced {100 * np.mean(sensitivities):.1f} %   "
        f"{of_labels}   loss {loss:.3f}"
    )


def graph_of(network: keras.Model) -> OpenVinoEngine:
    """The graph that the installed program would make of the network, ready to answer."""
    _, height_px, width_px, _ = network.input_shape
    shape = NetworkShape(height_px, width_px, network.output_shape[-1])
    with tempfile.TemporaryDirectory(prefix="bloodsmear-") as scratch:
        model = Path(scratch, "model.keras")
        network.save(model)
        run_converter(paths.program(CONVERTER), model, Path(scratch), shape)
        return OpenVinoEngine(read_graph(Path(scratch)), shape)


def milliseconds_of(engine: OpenVinoEngine, shape: tuple[int, ...]) -> float:
    """The processor's time for one image (H×W×3) on one thread: the least of many, because other work only adds."""
    image = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    took = []
    for _ in range(_ANSWERS):
        began = time.process_time()
        engine.run(image)
        took.append(time.process_time() - began)
    return 1000 * min(took)
