"""Measuring: the same figures for any network's answers, with the colour-only baseline beside them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.card import Figure
from bloodsmear.jobs import Progress, Report, report_nowhere
from training.data.pictures import LabelledPictures, Pictures
from training.evaluation.colour_baseline import fit_colour_baseline
from training.evaluation.curves import answerable_shares, coverage_curve, reliability_bins
from training.evaluation.evaluation import (
    Answerable,
    Baseline,
    Calibration,
    Evaluation,
    Resampling,
    Share,
    ShiftFigures,
)
from training.evaluation.figures import (
    Probabilities,
    Targets,
    accuracy,
    bootstrap_interval,
    calibrated,
    confusion_matrix,
    cross_entropy,
    expected_calibration_error,
    macro_f1,
    wilson_interval,
)
from training.evaluation.label_figures import label_figures
from training.evaluation.mistakes import worst_mistakes
from training.evaluation.shifts import SHIFTS

# uint8 N×H×W×3 at the input size → probabilities before calibration, float64 N×labels.
Predict = Callable[[Pictures], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """The network's answer function, its temperature, the images to measure on and the command that prints the figures.

    `train` are the images that the network was fitted on, for the colour-only baseline; it may be empty. `report`
    hears of each shift and may stop the evaluation by raising JobCancelled. `cases` is the case of each held-out image
    (int64 N) where intervals are to be resampled by case.
    """

    predict: Predict
    temperature: float
    label_keys: tuple[str, ...]
    train: LabelledPictures
    held_out: LabelledPictures
    command: str
    report: Report = report_nowhere
    cases: Targets | None = None


def evaluate_network(request: EvaluationRequest) -> Evaluation:
    """Measure on the held-out images: accuracy with intervals, labels, baseline, calibration, coverage, shifts."""
    targets, keys = request.held_out.targets, request.label_keys
    request.report(Progress(0, len(SHIFTS) + 1, "measuring the images as they are"))
    by_colour = _fit_baseline(request)
    raw = request.predict(request.held_out.pixels)
    probabilities = calibrated(raw, request.temperature)
    predicted = probabilities.argmax(axis=1)
    baseline = _baseline(by_colour(request.held_out.pixels), request) if by_colour else None
    shifts = _measure_shifts(request, by_colour)
    confusion = confusion_matrix(predicted, targets, len(keys))
    answerable = answerable_shares(probabilities, targets)
    return Evaluation(
        figures=_figures(probabilities, answerable, baseline, shifts, request),
        label_keys=keys,
        confusion=confusion,
        labels=label_figures(confusion, keys),
        shifts=shifts,
        calibration=Calibration(
            temperature=request.temperature,
            error_before=round(expected_calibration_error(raw, targets), 4),
            error_after=round(expected_calibration_error(probabilities, targets), 4),
            bins_before=reliability_bins(raw, targets),
            bins_after=reliability_bins(probabilities, targets),
        ),
        coverage=coverage_curve(probabilities, targets),
        answerable=answerable,
        baseline=baseline,
        mistakes=worst_mistakes(probabilities, targets, keys),
        resampling=_resampling(request),
    )


def _fit_baseline(request: EvaluationRequest) -> Predict | None:
    # On a folder that nothing was fitted on there is no training part to fit the baseline on either; and of one label
    # only, trees have nothing to tell apart.
    if len(np.unique(request.train.targets)) < 2:
        return None
    return fit_colour_baseline(request.train, len(request.label_keys))


def _baseline(probabilities: Probabilities, request: EvaluationRequest) -> Baseline:
    targets, keys = request.held_out.targets, request.label_keys
    predicted = probabilities.argmax(axis=1)
    return Baseline(
        accuracy=_share(predicted, request),
        cross_entropy=round(cross_entropy(probabilities, targets), 4),
        labels=label_figures(confusion_matrix(predicted, targets, len(keys)), keys),
        coverage=coverage_curve(probabilities, targets),
    )


def _measure_shifts(request: EvaluationRequest, by_colour: Predict | None) -> tuple[ShiftFigures, ...]:
    found = []
    for done, (name, shift) in enumerate(SHIFTS.items(), 1):
        request.report(Progress(done, len(SHIFTS) + 1, f"measuring under {name.replace('_', ' ')}"))
        shifted = np.stack([shift(picture) for picture in request.held_out.pixels])
        found.append(
            ShiftFigures(
                name=name,
                accuracy=_share(request.predict(shifted).argmax(axis=1), request),
                baseline=_share(by_colour(shifted).argmax(axis=1), request) if by_colour else None,
            )
        )
    request.report(Progress(len(SHIFTS) + 1, len(SHIFTS) + 1, "measured"))
    return tuple(found)


def _figures(
    probabilities: Probabilities,
    answerable: tuple[Answerable, ...],
    baseline: Baseline | None,
    shifts: tuple[ShiftFigures, ...],
    request: EvaluationRequest,
) -> tuple[Figure, ...]:
    """The figures of the card. Their names are parsed; new ones go to the end."""
    targets = request.held_out.targets
    predicted = probabilities.argmax(axis=1)
    low, high = bootstrap_interval(macro_f1, predicted, targets, request.cases)
    calibration_error = expected_calibration_error(probabilities, targets)
    f1 = Share(value=round(macro_f1(predicted, targets), 4), low=round(low, 4), high=round(high, 4))
    at_one_percent = next(point.share for point in answerable if point.error_rate == 0.01)
    shares: list[tuple[str, Share | float]] = [
        ("accuracy", _share(predicted, request)),
        ("macro_f1", f1),
        *([("accuracy_colour_only_baseline", baseline.accuracy)] if baseline else []),
        ("expected_calibration_error", calibration_error),
        ("share_answerable_at_1_percent_error", at_one_percent),
        *((f"accuracy_{shift.name}", shift.accuracy) for shift in shifts),
    ]
    return tuple(_figure(name, value, request) for name, value in shares)


def _figure(name: str, measured: Share | float, request: EvaluationRequest) -> Figure:
    if isinstance(measured, Share):
        value, low, high = measured.value, measured.low, measured.high
    else:
        value, low, high = round(measured, 4), None, None
    images = len(request.held_out.targets)
    return Figure(name=name, value=value, low=low, high=high, images=images, command=request.command)


def _share(predicted: Targets, request: EvaluationRequest) -> Share:
    targets, cases = request.held_out.targets, request.cases
    value = accuracy(predicted, targets)
    low, high = bootstrap_interval(accuracy, predicted, targets, cases)
    if low == high:
        # All right (or all wrong): resampling gives no width, the score interval does.
        trials = len(targets) if cases is None else len(np.unique(cases))
        low, high = wilson_interval(value * trials, trials)
    return Share(value=round(value, 4), low=round(low, 4), high=round(high, 4))


def _resampling(request: EvaluationRequest) -> Resampling:
    if request.cases is None:
        return Resampling(unit="image", count=len(request.held_out.targets))
    return Resampling(unit="case", count=len(np.unique(request.cases)))
