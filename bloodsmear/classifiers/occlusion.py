"""Where a classifier looked, for a network of any form: parts of the image are covered, and it is asked again."""

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.engine import Engine
from bloodsmear.classifiers.preprocess import InputArray
from bloodsmear.jobs import Cancel, Progress, Report

FloatArray = npt.NDArray[np.float32]

# 12 × 12 parts are 144 requests and one more: some ten seconds on two cores for a network of VGG16's size.
PARTS_A_SIDE = 12
# A part is covered with half of each neighbour, so that no cell is spared for lying across a border.
_MARGIN = 0.5
_LEAST_PROBABILITY = 1e-7


def occlusion_map(
    engine: Engine, prepared: InputArray, label: int, report: Report, cancel: Cancel
) -> FloatArray:
    """How much the log probability of the label (its column) falls with each part covered, float32 12×12.

    `prepared` is the input as the recipe makes it, float32 H×W×3; a part is covered with the mean of it. Fewer parts
    where a side has fewer pixels. 145 requests at most; JobCancelled between two of them, ClassifierError.
    """
    rows, columns = (min(PARTS_A_SIDE, side) for side in prepared.shape[:2])
    cover = prepared.mean(axis=(0, 1))
    whole = _log_probability(engine, prepared, label)
    falls = np.zeros((rows, columns), np.float32)
    for part in range(rows * columns):
        cancel.checkpoint()
        report(Progress(part, rows * columns, "covering parts of the image"))
        row, column = divmod(part, columns)
        covered = prepared.copy()
        covered[_span(row, rows, prepared.shape[0]), _span(column, columns, prepared.shape[1])] = cover
        falls[row, column] = whole - _log_probability(engine, covered, label)
    return falls


def _log_probability(engine: Engine, prepared: InputArray, label: int) -> float:
    return float(np.log(max(float(engine.run(prepared).probabilities[label]), _LEAST_PROBABILITY)))


def _span(place: int, parts: int, pixels: int) -> slice:
    size = pixels / parts
    return slice(max(0, round((place - _MARGIN) * size)), round((place + 1 + _MARGIN) * size))
