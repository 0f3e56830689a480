"""Which images are held out together, so that a head is never measured on what it was taught.

Images of one case look alike, and so do neighbours of one capture series and near duplicates, wherever they lie.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bloodsmear.count_words import count_words
from bloodsmear.errors import DataSetError

IntArray = npt.NDArray[np.int64]

MOST_FOLDS = 5
# Fewer cases say nothing on how much cases differ.
FEWEST_CASES = 3
RUNS_A_LABEL = 10


def group_images(cases: Sequence[str], targets: IntArray, duplicates: IntArray) -> IntArray:
    """The number of each image's group (int64 N): a case, or a run where there are no cases; near duplicates together.

    `cases` are names, all empty where there are none: the images of each label are then cut into ten contiguous runs,
    in the order in which they are given. `duplicates` (int64 N) numbers the groups of near duplicates.
    """
    if any(cases):
        # Images beside a label's folders of cases count as one case of that label.
        names = [case or f"/{target}" for case, target in zip(cases, targets.tolist(), strict=True)]
        units = np.unique(names, return_inverse=True)[1].astype(np.int64)
    else:
        units = _runs(targets)
    return _joined(units, duplicates)


def assign_folds(groups: IntArray, targets: IntArray, label_names: Sequence[str]) -> IntArray:
    """The fold of each image (int64 N): whole groups, each label spread over the folds as evenly as groups allow.

    DataSetError where a label has fewer than three groups: it could not be measured on images of other cases.
    """
    table = np.zeros((int(groups.max()) + 1, len(label_names)))
    np.add.at(table, (groups, targets), 1)
    of_label = (table > 0).sum(axis=0)
    for name, count in zip(label_names, of_label.tolist(), strict=True):
        if count < FEWEST_CASES:
            raise DataSetError(
                f"The images of {name} are of {count_words(count, 'case')}, near duplicates counted as one; at least "
                f"{FEWEST_CASES} are needed, since whole cases are held out. Add images of other cases, or put every "
                "image directly into its label's folder if the cases are not known."
            )
    folds = int(min(MOST_FOLDS, of_label.min()))
    filled = np.zeros((folds, len(label_names)))
    fold_of = np.empty(len(table), np.int64)
    for group in np.argsort(-table.sum(axis=1), kind="stable"):
        shares = (filled + table[group]) / table.sum(axis=0)
        rest = filled / table.sum(axis=0)
        growth = (shares**2).sum(axis=1) - (rest**2).sum(axis=1)
        fold = int(growth.argmin())
        fold_of[group] = fold
        filled[fold] += table[group]
    return fold_of[groups]


def _runs(targets: IntArray) -> IntArray:
    runs = np.empty_like(targets)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        runs[places] = label * RUNS_A_LABEL + np.arange(len(places)) * RUNS_A_LABEL // len(places)
    return runs


def _joined(units: IntArray, duplicates: IntArray) -> IntArray:
    """Units that share a group of near duplicates become one, also through a third one; numbered from 0."""
    joined = units.copy()
    for group in np.flatnonzero(np.bincount(duplicates) > 1):
        touched = np.unique(joined[duplicates == group])
        joined[np.isin(joined, touched)] = touched[0]
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)
