"""An evaluation: the same figures for any network's answers, with the colour-only baseline beside them."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Figure
from training.data.pictures import LabelledPictures, Pictures
from training.evaluation.colour_baseline import predict_by_colour
from training.evaluation.figures import (
    accuracy,
    answerable_share,
    bootstrap_interval,
    calibrated,
    confusion_matrix,
    expected_calibration_error,
    macro_f1,
    wilson_interval,
)
from training.evaluation.shifts import SHIFTS

# uint8 N×H×W×3 at the input size → probabilities before calibration, float64 N×labels.
Predict = Callable[[Pictures], npt.NDArray[np.float64]]


class Evaluation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on held-out images. The confusion matrix has a row per true label."""

    figures: tuple[Figure, ...]
    label_keys: tuple[str, ...]
    confusion: list[list[int]]


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """The network's answer function, its temperature, the images to measure on and the command that prints the figures.

    `train` are the images that the network was fitted on, for the colour-only baseline; it may be empty.
    """

    predict: Predict
    temperature: float
    label_keys: tuple[str, ...]
    train: LabelledPictures
    held_out: LabelledPictures
    command: str


def evaluate_network(request: EvaluationRequest) -> Evaluation:
    """Measure on the held-out images: accuracy and macro-F1 with intervals, baseline, shifts, calibration."""
    targets = request.held_out.targets
    probabilities = calibrated(request.predict(request.held_out.pixels), request.temperature)
    predicted = probabilities.argmax(axis=1)
    figures = [
        _share("accuracy", predicted, request),
        _figure(
            "macro_f1",
            macro_f1(predicted, targets),
            bootstrap_interval(macro_f1, predicted, targets),
            request,
        ),
        *_colour_only(request),
        _figure(
            "expected_calibration_error", expected_calibration_error(probabilities, targets), None, request
        ),
        _figure(
            "share_answerable_at_1_percent_error",
            answerable_share(probabilities, targets, 0.01),
            None,
            request,
        ),
    ]
    for name, shift in SHIFTS.items():
        shifted = np.stack([shift(picture) for picture in request.held_out.pixels])
        figures.append(_share(f"accuracy_{name}", request.predict(shifted).argmax(axis=1), request))
    return Evaluation(
        figures=tuple(figures),
        label_keys=request.label_keys,
        confusion=confusion_matrix(predicted, targets, len(request.label_keys)),
    )


def _colour_only(request: EvaluationRequest) -> list[Figure]:
    # On a folder that nothing was fitted on there is no training part to fit the baseline on either.
    if len(request.train.targets) == 0:
        return []
    by_colour = predict_by_colour(request.train.pixels, request.train.targets, request.held_out.pixels)
    return [_share("accuracy_colour_only_baseline", by_colour, request)]


def describe(evaluation: Evaluation) -> str:
    """The figures and the confusion matrix as lines of text."""
    lines = []
    for figure in evaluation.figures:
        interval = "" if figure.low is None else f"  (95 % {figure.low:.4f} to {figure.high:.4f})"
        lines.append(f"{figure.name:40} {figure.value:.4f}{interval}  n = {figure.images}")
    lines.append("confusion, a row per true label: " + ", ".join(evaluation.label_keys))
    lines += ["  " + " ".join(f"{count:5}" for count in row) for row in evaluation.confusion]
    return "\n".join(lines)


def _share(name: str, predicted: npt.NDArray[np.int64], request: EvaluationRequest) -> Figure:
    targets = request.held_out.targets
    interval = bootstrap_interval(accuracy, predicted, targets)
    if interval[0] == interval[1]:
        # All right (or all wrong): resampling gives no width, the score interval does.
        interval = wilson_interval(int((predicted == targets).sum()), len(targets))
    return _figure(name, accuracy(predicted, targets), interval, request)


def _figure(
    name: str, value: float, interval: tuple[float, float] | None, request: EvaluationRequest
) -> Figure:
    low, high = interval if interval is not None else (None, None)
    return Figure(
        name=name,
        value=round(value, 4),
        low=None if low is None else round(low, 4),
        high=None if high is None else round(high, 4),
        images=len(request.held_out.targets),
        command=request.command,
    )
