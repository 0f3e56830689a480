"""Folds for a cross-validation: every capture run is held out once, together with the others of its group.

Images of one run look alike. So how well a classifier does on the next patient's images shows in how its figures differ
from run to run, not from image to image.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.errors import DataSetError
from training.data.case_split import case_table
from training.data.data_set import DataSet
from training.data.split import Part, Split, keep_duplicates_together

RUNS_A_LABEL = 10
_GAP = 4
# Runs that a split holds out lie further apart.
_LARGEST_HOLE = 12
FEWEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Folds:
    """`splits` hold out a group each; `runs` (int64 N) says which run each image of the data set is of."""

    splits: tuple[Split, ...]
    runs: npt.NDArray[np.int64]


def runs_of(targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each image (int64 N), the same for neighbours of one label: ten contiguous runs of each label.

    `targets` (int64 N) are in the data set's order, which is that of the image numbers.
    """
    runs = np.empty_like(targets)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        runs[places] = label * RUNS_A_LABEL + np.arange(len(places)) * RUNS_A_LABEL // len(places)
    return runs


def stretches_of(places: Sequence[int], targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each of a part's images (int64 n), the same for those that lie in one stretch of the data set.

    `places` say where in the data set they lie, rising, `targets` (int64 n) their labels. What is a few images further
    on is of the same stretch: a near duplicate between them may be left out.
    """
    where = np.asarray(places, np.int64)
    begins = (np.diff(where) > _LARGEST_HOLE) | (np.diff(targets) != 0)
    return np.concatenate([[0], np.cumsum(begins)]).astype(np.int64)[: len(where)]


def make_folds(data_set: DataSet, duplicates: npt.NDArray[np.int64], groups: int) -> Folds:
    """As many folds as `groups`; near duplicates (`duplicates` int64 N, the group of each) stay on one side.

    A run is a case where the data set has folders of cases, else one of ten contiguous runs of a label's image numbers.
    A group is some neighbouring runs of every label, or some cases. Half of the next group chooses the epoch.
    DataSetError where there cannot be so many groups.
    """
    targets = np.array(data_set.targets, np.int64)
    cases = case_table(data_set)
    runs = runs_of(targets) if cases is None else cases.of_image
    most = RUNS_A_LABEL if cases is None else len(cases.counts)
    if not FEWEST_GROUPS <= groups <= most:
        raise DataSetError(
            f"{data_set.root} can be held out in {FEWEST_GROUPS} to {most} groups of runs, not in {groups}."
        )
    group_of = (
        runs % RUNS_A_LABEL * groups // RUNS_A_LABEL if cases is None else _dealt(cases.counts, groups)[runs]
    )
    names = [data_set.name_of(image) for image in data_set.images]
    splits = []
    for group in range(groups):
        chooses = _choosing(targets, group_of == (group + 1) % groups, runs if cases is not None else None)
        parts = _parts(targets, group_of == group, chooses, gap=_GAP if cases is None else 0)
        keep_duplicates_together(parts, duplicates)
        how = "cases" if cases is not None else "contiguous runs of image numbers of every label"
        named: dict[str, Part] = dict(zip(names, parts.tolist(), strict=True))
        splits.append(Split(group, f"group {group + 1} of {groups} held out: {how}", named))
    return Folds(tuple(splits), runs)


def _dealt(counts: npt.NDArray[np.int64], groups: int) -> npt.NDArray[np.int64]:
    """The group of each case (`counts` int64 cases×labels): the largest first, each to where its labels are fewest."""
    held = np.zeros((groups, counts.shape[1]))
    group_of = np.empty(len(counts), np.int64)
    for case in np.argsort(-counts.sum(axis=1), kind="stable"):
        group_of[case] = int(np.argmin(held @ (counts[case] > 0)))
        held[group_of[case]] += counts[case]
    return group_of


def _choosing(
    targets: npt.NDArray[np.int64], following: npt.NDArray[np.bool_], cases: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.bool_]:
    """Which images choose the epoch: of each label the last half of the group that follows, whole cases of it."""
    chosen = np.zeros(len(targets), bool)
    for label in np.unique(targets):
        places = np.flatnonzero(following & (targets == label))
        if cases is None:
            chosen[places[len(places) // 2 :]] = True
        else:
            of_label = np.unique(cases[places])
            chosen |= following & np.isin(cases, of_label[len(of_label) // 2 :])
    return chosen


def _parts(
    targets: npt.NDArray[np.int64],
    held_out: npt.NDArray[np.bool_],
    chooses: npt.NDArray[np.bool_],
    gap: int,
) -> npt.NDArray[np.object_]:
    """The part of each image; up to `gap` neighbours in number of what is held out or chooses are left out."""
    parts = np.full(len(targets), "train", dtype=object)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        for inside in (held_out[places], chooses[places]):
            if gap and inside.any():
                # A label with few images has a smaller gap, or nothing would be left to fit on.
                reach = min(gap, int(inside.sum()) // 2)
                near = np.convolve(inside, np.ones(2 * reach + 1), mode="same") > 0
                parts[places[near]] = "left_out"
    parts[chooses] = "validation"
    # What is measured on stays whole: the gap is taken from what is fitted on.
    parts[held_out] = "held_out"
    return parts
