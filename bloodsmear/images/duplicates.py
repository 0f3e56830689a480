"""Near duplicates among images, turned and mirrored ones too, so that a split keeps them together.

Each channel's mean is taken off first: by their tint alone all fields of a strongly stained laboratory correlate above
0.9, of 200 different frames 58 counted as one (docs/adr/0043). Measured on the 2,633 Taleqani frames: 71 pairs
correlate above 0.9, twelve between 0.65 and 0.9, all others below 0.65 in every position, and no two of different
labels above 0.43. Of 120 frames all correlate with themselves saved again as JPEG 30 or at half the size at 0.98 or
more, and 118 brightened by a tenth above 0.9: of the two others four fifths became plain white.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.jobs import Progress, Report, report_nowhere

# Correlation of reduced pictures above which two count as near duplicates (the data set's own list uses 0.9 too).
NEAR_DUPLICATE_CORRELATION = 0.9
# Above it two are the same picture: saved again, resized, turned or mirrored.
SAME_PICTURE_CORRELATION = 0.95
# 500 rows against 20,000 pictures: three tables of 40 MB at a time, where all at once would take 1.6 GB.
_ROWS_AT_ONCE = 500

_Correlations = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which pictures are alike.

    `groups` int64 N: the number of each picture's group of near duplicates. `doubly_labelled`: pairs of places that
    hold the same picture under two labels, the smaller place first; of several partners the most alike one.
    """

    groups: npt.NDArray[np.int64]
    doubly_labelled: tuple[tuple[int, int], ...]


def group_duplicates(
    pictures: npt.NDArray[np.uint8], fingerprints: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Give each of the `pictures` (uint8 N×S×S×3, small) the number of its group of near duplicates, int64 N.

    Pictures whose pixels correlate above `NEAR_DUPLICATE_CORRELATION` in one of the eight positions of a square
    (turned by quarters, mirrored), or whose fingerprints (uint64 N) are equal, share a group, also through a third one.
    """
    return compare_pictures(pictures, fingerprints, np.zeros(len(pictures), np.int64)).groups


def compare_pictures(
    pictures: npt.NDArray[np.uint8],
    fingerprints: npt.NDArray[np.uint64],
    targets: npt.NDArray[np.int64],
    report: Report = report_nowhere,
    near: float = NEAR_DUPLICATE_CORRELATION,
) -> Likeness:
    """Group the `pictures` as `group_duplicates` does, and find those that stand under two labels (`targets` int64 N).

    `near` is the correlation above which two share a group.

    The memory needed grows with N, the time with its square: 2 s for 2,633 pictures and 160 s for 20,000 on a busy
    core. Whatever `report` raises ends it.
    """
    groups = np.unique(fingerprints, return_inverse=True)[1].astype(np.int64)
    doubly: list[tuple[int, int]] = []
    for first, correlations in _correlation_rows(pictures):
        # The row's picture itself is the first of its partners.
        later = np.arange(first + 1, len(pictures))
        row = correlations[1:]
        alike = later[row > near]
        if alike.size:
            for joined in np.unique(groups[alike]).tolist():
                if joined != groups[first]:
                    groups[groups == joined] = groups[first]
            other = row * (targets[later] != targets[first])
            best = int(other.argmax())
            if other[best] > SAME_PICTURE_CORRELATION:
                doubly.append((first, int(later[best])))
        if (first + 1) % _ROWS_AT_ONCE == 0 or first + 1 == len(pictures):
            report(Progress(first + 1, len(pictures), "comparing images"))
    return Likeness(groups, tuple(doubly))


def _correlation_rows(pictures: npt.NDArray[np.uint8]) -> Iterator[tuple[int, _Correlations]]:
    """Each picture's place, and its correlation (float32) with itself and every later one in the best position."""
    flat = _normalised(pictures)
    for start in range(0, len(pictures), _ROWS_AT_ONCE):
        rows = pictures[start : start + _ROWS_AT_ONCE]
        best = _normalised(rows) @ flat[start:].T
        for position in _other_positions(rows):
            np.maximum(best, _normalised(position) @ flat[start:].T, out=best)
        for row in range(len(rows)):
            yield start + row, best[row, row:]


def _other_positions(pictures: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.uint8]]:
    """The seven other ways in which square pictures N×S×S×3 can lie: turned by quarters, and each mirrored."""
    for quarters in range(4):
        turned = np.rot90(pictures, quarters, axes=(1, 2))
        if quarters:
            yield turned
        yield turned[:, :, ::-1]


def _normalised(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    # Without the tint: each channel's mean.
    centred = pictures.astype(np.float32)
    centred -= centred.mean(axis=(1, 2), keepdims=True)
    flat = centred.reshape(len(pictures), math.prod(pictures.shape[1:]))
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return flat
