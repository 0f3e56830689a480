"""Near duplicates among images, so that a split keeps them together."""

import numpy as np
import numpy.typing as npt

# Correlation of reduced pictures above which two count as near duplicates (the data set's own list uses 0.9 too).
NEAR_DUPLICATE_CORRELATION = 0.9


def group_duplicates(
    pictures: npt.NDArray[np.uint8], fingerprints: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Give each of the `pictures` (uint8 N×H×W×3, small) the number of its group of near duplicates, int64 N.

    Pictures whose pixels correlate above `NEAR_DUPLICATE_CORRELATION`, or whose fingerprints (uint64 N) are
    equal, share a group, also through a third one.
    """
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    alike = flat @ flat.T > NEAR_DUPLICATE_CORRELATION
    alike |= fingerprints[:, None] == fingerprints[None, :]
    groups = np.arange(len(pictures))
    for first, second in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
        if groups[first] != groups[second]:
            groups[groups == groups[second]] = groups[first]
    return groups
