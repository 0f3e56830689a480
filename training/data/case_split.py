"""Holding out whole cases: images of one patient look alike, whatever their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bloodsmear.errors import DataSetError
from training.data.data_set import DataSet

CasePart = Literal["train", "validation", "held_out"]
# One to fit on, one to choose the epoch by, one to measure on.
FEWEST_CASES = 3


@dataclass(frozen=True, slots=True)
class CasesByLabel:
    """How many images of each label each case has: `counts` int64 cases×labels, `of_image` int64 N (its row).

    A case is known by its folder's name, also under two labels. Images beside a label's case folders count as one
    case of that label.
    """

    counts: npt.NDArray[np.int64]
    of_image: npt.NDArray[np.int64]


def case_table(data_set: DataSet) -> CasesByLabel | None:
    """The cases of a data set; None where no label's images lie in two or more folders of their own."""
    cases = [(image.case, "" if image.case else image.label) for image in data_set.images]
    folders = {(image.label, image.case) for image in data_set.images if image.case}
    if not any(sum(label == key for label, _ in folders) > 1 for key in data_set.label_keys):
        return None
    row_of = {case: row for row, case in enumerate(sorted(set(cases)))}
    of_image = np.array([row_of[case] for case in cases], np.int64)
    counts = np.zeros((len(row_of), len(data_set.label_keys)), np.int64)
    np.add.at(counts, (of_image, np.array(data_set.targets)), 1)
    return CasesByLabel(counts, of_image)


def part_cases(
    data_set: DataSet, table: CasesByLabel, shares: dict[CasePart, float], seed: int
) -> list[CasePart]:
    """The part of each case: of every label about the share (0 to 1) of its images that is asked for, seeded.

    Raises DataSetError for a label with fewer than three cases.
    """
    _require_cases(data_set, table)
    parts: list[CasePart] = ["train"] * len(table.counts)
    order = np.random.default_rng(seed).permutation(len(parts)).tolist()
    for place, (part, share) in enumerate(shares.items()):
        # What must stay behind of each label: a case for each part that is still to come, and one to fit on.
        behind = len(shares) - place
        wanted = share * table.counts.sum(axis=0)
        for case in _choose(table.counts, [case for case in order if parts[case] == "train"], wanted, behind):
            parts[case] = part
    return parts


def _require_cases(data_set: DataSet, table: CasesByLabel) -> None:
    for key, count in zip(data_set.label_keys, (table.counts > 0).sum(axis=0), strict=True):
        if count < FEWEST_CASES:
            instead = (
                "put every image directly into its label's folder: then runs of image numbers are held out instead."
                if data_set.is_folder
                else "decide and sign images of more of them."
            )
            raise DataSetError(
                f"{data_set.label_set.name_of(key)} in {data_set.root} has images of {count} cases; at least "
                f"{FEWEST_CASES} of each label are needed, since whole cases are held out. Add cases, or "
                f"{instead}"
            )


def _choose(
    counts: npt.NDArray[np.int64], free: list[int], wanted: npt.NDArray[np.float64], behind: int
) -> list[int]:
    """Cases of the `free` ones with about `wanted` images of each label, at least one of each where `behind` stay."""
    chosen: list[int] = []
    left = (counts[free] > 0).sum(axis=0)
    have = np.zeros_like(wanted)

    def may_go(case: int) -> bool:
        return case not in chosen and bool((left[counts[case] > 0] > behind).all())

    def misses(images: npt.NDArray[np.float64]) -> float:
        return float((np.abs(images - wanted) / np.maximum(wanted, 1)).sum())

    def take(case: int) -> None:
        chosen.append(case)
        left[counts[case] > 0] -= 1
        have[:] += counts[case]

    for case in free:
        if may_go(case) and misses(have + counts[case]) < misses(have):
            take(case)
    for label in range(counts.shape[1]):
        candidates = [case for case in free if counts[case, label] and may_go(case)]
        if not have[label] and candidates:
            take(min(candidates, key=lambda case: misses(have + counts[case])))
    return chosen


def cases_of(data_set: DataSet, places: Sequence[int]) -> npt.NDArray[np.int64] | None:
    """The case of each image at these places, int64 n: images of one case are not independent of each other.

    None where the data set has no folders of cases, or where all of the images are of one: its share of right answers
    says nothing on how much cases differ.
    """
    table = case_table(data_set)
    if table is None:
        return None
    of_images = table.of_image[list(places)]
    return of_images if len(np.unique(of_images)) > 1 else None
