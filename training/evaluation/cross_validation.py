"""Figures over runs: how they differ from one capture run to the next, which images of one run don't show."""

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers import figure_words as named
from bloodsmear.classifiers.card import CrossValidation, Figure, RunFigures
from bloodsmear.classifiers.label_set import LabelSet, leading_names
from training.evaluation.figures import Targets, bootstrap_interval, wilson_interval


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What each image was called by the network that has not seen its run: `predicted`, `targets`, `runs` int64 N."""

    label_set: LabelSet
    predicted: Targets
    targets: Targets
    runs: Targets


def cross_validation_of(answered: OutOfFold, groups: int, settings: str, command: str) -> CrossValidation:
    """The figures with intervals that come of drawing whole runs, and each run's own count of right answers."""
    return CrossValidation(
        settings=settings,
        groups=groups,
        figures=tuple(_figures(answered, command)),
        runs=tuple(_runs(answered)),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )


def _figures(answered: OutOfFold, command: str) -> list[Figure]:
    keys, targets = answered.label_set.keys, answered.targets
    wrong = answered.predicted != targets
    asked: list[tuple[str, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]] = []
    names = leading_names(answered.label_set)
    if names is not None:
        first = keys.index(answered.label_set.matters_first)
        asked += [
            (names[0], targets == first, wrong),
            (names[1], targets != first, answered.predicted == first),
        ]
    asked += [(f"{named.SENSITIVITY}{key}", targets == place, ~wrong) for place, key in enumerate(keys)]
    asked += [(named.ACCURACY, np.ones(len(targets), bool), ~wrong)]
    return [
        _figure(name, true[those], answered.runs[those], command)
        for name, those, true in asked
        if those.any()
    ]


def _figure(name: str, true: npt.NDArray[np.bool_], runs: Targets, command: str) -> Figure:
    value, count = float(true.mean()), len(np.unique(runs))

    def share(predicted: Targets, targets: Targets) -> float:
        return float((predicted == targets).mean())

    low, high = bootstrap_interval(share, true.astype(np.int64), np.ones(len(true), np.int64), runs)
    if value in (0.0, 1.0):
        # Resampling gives no width then; the score interval of as many runs does.
        low, high = wilson_interval(value * count, count)
    return Figure(
        name=name,
        value=round(value, 4),
        low=round(low, 4),
        high=round(high, 4),
        images=len(true),
        command=command,
    )


def _runs(answered: OutOfFold) -> list[RunFigures]:
    found = []
    for place, key in enumerate(answered.label_set.keys):
        of_label = answered.targets == place
        for run in np.unique(answered.runs[of_label]):
            those = of_label & (answered.runs == run)
            right = int((answered.predicted[those] == place).sum())
            found.append(RunFigures(label=key, images=int(those.sum()), right=right))
    return found


def describe_runs(validation: CrossValidation) -> str:
    """The figures, and the spread of each label over its runs, as lines for a terminal."""
    lines = [f"{validation.settings}, in {validation.groups} groups, {len(validation.runs)} runs"]
    lines += [
        f"{figure.name:40} {figure.value:.4f}  (95 % over runs {figure.low:.4f} to {figure.high:.4f})  "
        f"n = {figure.images}"
        for figure in validation.figures
    ]
    for key in dict.fromkeys(run.label for run in validation.runs):
        shares = sorted(run.right / run.images for run in validation.runs if run.label == key)
        lines.append(f"{key:40} right in each run: {' '.join(f'{share:.2f}' for share in shares)}")
    return "\n".join(lines)
