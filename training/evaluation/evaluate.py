"""Measuring: the same figures for any network's answers, the two that may hurt a patient first."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers import figure_words as named
from bloodsmear.classifiers.calibration import LEAST_SURE
from bloodsmear.classifiers.card import Figure
from bloodsmear.classifiers.label_set import leading_names
from training.evaluation.curves import answerable_shares, coverage_curve, reliability_bins
from training.evaluation.evaluation import (
    Answerable,
    Baseline,
    Calibration,
    Evaluation,
    LabelFigures,
    Proportion,
    Resampling,
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
from training.evaluation.mistakes import worst_mistakes
from training.evaluation.network_answers import (
    AS_THEY_ARE,
    CORNER_FILLED,
    CORNER_SWAPPED,
    NUCLEI_HIDDEN,
    EvaluationRequest,
    NetworkAnswers,
    ask,
)
from training.evaluation.shifts import SHIFTS


def evaluate_network(request: EvaluationRequest) -> Evaluation:
    """Ask the network, and count: see `evaluation_of`."""
    return evaluation_of(ask(request), request)


def evaluation_of(asked: NetworkAnswers, request: EvaluationRequest) -> Evaluation:
    """The figures of what was answered: errors, labels, baselines, calibration, coverage, shifts, hidden parts."""
    targets, keys = request.held_out.targets, request.label_keys
    raw = asked.network[AS_THEY_ARE]
    probabilities = calibrated(raw, request.temperature)
    confusion = confusion_matrix(probabilities.argmax(axis=1), targets, len(keys))
    measured = Evaluation(
        figures=(),
        label_keys=keys,
        label_names=tuple(label.name for label in request.label_set.labels),
        confusion=confusion,
        labels=label_figures(confusion, keys),
        shifts=_shifts(asked, request),
        calibration=Calibration(
            temperature=request.temperature,
            error_before=round(expected_calibration_error(raw, targets), 4),
            error_after=round(expected_calibration_error(probabilities, targets), 4),
            bins_before=reliability_bins(raw, targets),
            bins_after=reliability_bins(probabilities, targets),
        ),
        coverage=coverage_curve(probabilities, targets),
        answerable=answerable_shares(probabilities, targets),
        baseline=_baseline(asked, request),
        mistakes=worst_mistakes(probabilities, targets, keys),
        resampling=_resampling(request),
    )
    return replace(measured, figures=tuple(_figures(asked, measured, request)))


def _baseline(asked: NetworkAnswers, request: EvaluationRequest) -> Baseline | None:
    if asked.colour is None:
        return None
    probabilities, targets, keys = asked.colour[AS_THEY_ARE], request.held_out.targets, request.label_keys
    predicted = probabilities.argmax(axis=1)
    return Baseline(
        accuracy=_accuracy(predicted, request),
        cross_entropy=round(cross_entropy(probabilities, targets), 4),
        labels=label_figures(confusion_matrix(predicted, targets, len(keys)), keys),
        coverage=coverage_curve(probabilities, targets),
    )


def _shifts(asked: NetworkAnswers, request: EvaluationRequest) -> tuple[ShiftFigures, ...]:
    return tuple(
        ShiftFigures(
            name=name,
            accuracy=_accuracy(asked.network[name].argmax(axis=1), request),
            baseline=None if asked.colour is None else _accuracy(asked.colour[name].argmax(axis=1), request),
        )
        for name in SHIFTS
    )


def _figures(asked: NetworkAnswers, measured: Evaluation, request: EvaluationRequest) -> Iterator[Figure]:
    """The figures of the card, in the order in which they are read."""
    targets = request.held_out.targets
    probabilities = calibrated(asked.network[AS_THEY_ARE], request.temperature)
    predicted = probabilities.argmax(axis=1)
    yield from leading_figures(predicted, request)
    for label in measured.labels:
        yield from _label_figures(label, request)
    yield _figure(named.ACCURACY, _accuracy(predicted, request), request)
    low, high = bootstrap_interval(macro_f1, predicted, targets, request.cases)
    f1 = Proportion(value=round(macro_f1(predicted, targets), 4), low=round(low, 4), high=round(high, 4))
    yield _figure("macro_f1", f1, request)
    yield from _other_sources(asked, measured, request)
    yield _figure(named.CALIBRATION_ERROR, expected_calibration_error(probabilities, targets), request)
    yield _figure(named.ANSWERABLE, _answerable_at_one_percent(measured.answerable), request)
    yield from _asking_for_a_look(asked, probabilities, request)
    for shift in measured.shifts:
        yield _figure(f"{named.ACCURACY}_{shift.name}", shift.accuracy, request)


def leading_figures(predicted: Targets, request: EvaluationRequest) -> Iterator[Figure]:
    """How often Benign was called another label, and another one Benign; the same of the label that matters first.

    None where the set of labels does not say which one that is.

    Each is a share of the images that have the label, or one of the others: as a rate that doesn't change with how many
    of each were measured on.
    """
    names = leading_names(request.label_set)
    if names is None:
        return
    first = request.label_keys.index(request.label_set.matters_first)
    is_first, called_first = request.held_out.targets == first, predicted == first
    for name, those, wrong in zip(names, (is_first, ~is_first), (~called_first, called_first), strict=True):
        if those.any():
            yield _figure(name, _share(wrong[those], _cases_of(those, request)), request, int(those.sum()))


def _label_figures(label: LabelFigures, request: EvaluationRequest) -> Iterator[Figure]:
    if label.sensitivity is not None:
        yield _figure(f"{named.SENSITIVITY}{label.label}", label.sensitivity, request, label.images)
    if label.precision is not None:
        yield _figure(f"{named.PRECISION}{label.label}", label.precision, request, label.answered)


def _other_sources(
    asked: NetworkAnswers, measured: Evaluation, request: EvaluationRequest
) -> Iterator[Figure]:
    """What speaks besides cells: colour, the burnt-in corner, and what surrounds the nuclei."""
    if measured.baseline is not None:
        yield _figure(named.COLOUR_ALONE, measured.baseline.accuracy, request)
    if asked.corner is not None:
        yield _figure(named.CORNER_ALONE, _accuracy(asked.corner.argmax(axis=1), request), request)
    unchanged = asked.network[AS_THEY_ARE].argmax(axis=1)
    for name, shown in ((named.CORNER_FILLED, CORNER_FILLED), (named.CORNER_SWAPPED, CORNER_SWAPPED)):
        changed = asked.network[shown].argmax(axis=1) != unchanged
        yield _figure(name, _share(changed, request.cases), request)
    hidden = asked.network[NUCLEI_HIDDEN].argmax(axis=1)
    yield _figure(named.NUCLEI_HIDDEN, _accuracy(hidden, request), request)


def _asking_for_a_look(
    asked: NetworkAnswers, probabilities: Probabilities, request: EvaluationRequest
) -> Iterator[Figure]:
    """What a reader sees flagged for its answer, and what is wrong among the rest.

    Unsure is what lies below the limit of the label that it names, or on which several classifiers disagree.
    """
    predicted, count = probabilities.argmax(axis=1), len(request.label_keys)
    limits = np.array(request.sure_from or (LEAST_SURE,) * count)
    unsure = probabilities.max(axis=1) < limits[predicted]
    wrong = predicted != request.held_out.targets
    if asked.members:
        differ = _disagreement(asked)
        yield from _parted((named.DISAGREEMENT, named.WRONG_WHERE_AGREED), differ, wrong, request)
        unsure = unsure | differ
    yield from _parted((named.UNSURE, named.WRONG_WHERE_SURE), unsure, wrong, request)


def _disagreement(asked: NetworkAnswers) -> npt.NDArray[np.bool_]:
    answered = np.stack([member.argmax(axis=1) for member in asked.members])
    return np.asarray((answered != answered[0]).any(axis=0))


def _parted(
    names: tuple[str, str],
    flagged: npt.NDArray[np.bool_],
    wrong: npt.NDArray[np.bool_],
    request: EvaluationRequest,
) -> Iterator[Figure]:
    """The share that is flagged under the first name, and what is wrong among the others under the second."""
    yield _figure(names[0], _share(flagged, request.cases), request)
    rest = ~flagged
    if rest.any():
        yield _figure(names[1], _share(wrong[rest], _cases_of(rest, request)), request, int(rest.sum()))


def _answerable_at_one_percent(answerable: tuple[Answerable, ...]) -> float:
    return next(point.share for point in answerable if point.error_rate == 0.01)


def _figure(
    name: str, measured: Proportion | float, request: EvaluationRequest, images: int | None = None
) -> Figure:
    if isinstance(measured, Proportion):
        value, low, high = measured.value, measured.low, measured.high
    else:
        value, low, high = round(measured, 4), None, None
    count = len(request.held_out.targets) if images is None else images
    return Figure(name=name, value=value, low=low, high=high, images=count, command=request.command)


def _accuracy(predicted: Targets, request: EvaluationRequest) -> Proportion:
    targets, cases = request.held_out.targets, request.cases
    value = accuracy(predicted, targets)
    low, high = bootstrap_interval(accuracy, predicted, targets, cases)
    if low == high:
        # All right (or all wrong): resampling gives no width, the score interval does.
        trials = len(targets) if cases is None else len(np.unique(cases))
        low, high = wilson_interval(value * trials, trials)
    return Proportion(value=round(value, 4), low=round(low, 4), high=round(high, 4))


def _share(true: npt.NDArray[np.bool_], cases: Targets | None) -> Proportion:
    """The share of True with its interval: the score interval, since such shares are of few or none.

    Where there are cases, whole cases are resampled.
    """
    value = float(true.mean())
    low, high = wilson_interval(float(true.sum()), len(true))
    if cases is not None:
        by_case = bootstrap_interval(accuracy, true.astype(np.int64), np.ones(len(true), np.int64), cases)
        low, high = (
            by_case
            if by_case[0] < by_case[1]
            else wilson_interval(value * (count := len(np.unique(cases))), count)
        )
    return Proportion(value=round(value, 4), low=round(low, 4), high=round(high, 4))


def _cases_of(those: npt.NDArray[np.bool_], request: EvaluationRequest) -> Targets | None:
    return None if request.cases is None else request.cases[those]


def _resampling(request: EvaluationRequest) -> Resampling:
    if request.cases is None:
        return Resampling(unit="image", count=len(request.held_out.targets))
    return Resampling(unit="case", count=len(np.unique(request.cases)))


def label_figures(confusion: list[list[int]], label_keys: tuple[str, ...]) -> tuple[LabelFigures, ...]:
    """The figures of each label in the matrix's order (a row per true label), with score intervals (Wilson 1927)."""
    found = []
    for place, key in enumerate(label_keys):
        right = confusion[place][place]
        images = sum(confusion[place])
        answered = sum(row[place] for row in confusion)
        found.append(
            LabelFigures(
                label=key,
                images=images,
                answered=answered,
                sensitivity=_share_of(right, images),
                precision=_share_of(right, answered),
            )
        )
    return tuple(found)


def _share_of(part: int, whole: int) -> Proportion | None:
    if whole == 0:
        return None
    low, high = wilson_interval(part, whole)
    return Proportion(value=round(part / whole, 4), low=round(low, 4), high=round(high, 4))
