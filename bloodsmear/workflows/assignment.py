"""The heaviest assignment of rows to columns: a leaf, so that no program loads scipy (76 MB installed) for it."""

import numpy as np
import numpy.typing as npt

_BEYOND = np.iinfo(np.int64).max // 4


def heaviest_rows(weights: npt.NDArray[np.int64]) -> list[int]:
    """For each column of a square matrix its row: each row once, with the largest sum of weights there is.

    The Hungarian method with potentials, O(n³), in whole numbers (Kuhn 1955; Jonker and Volgenant 1987, without their
    start). Row by row, the cheapest path of exchanges to a free column is taken.
    """
    size = len(weights)
    costs = np.zeros((size + 1, size + 1), np.int64)
    costs[1:, 1:] = -weights
    of_row, of_column = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    # Rows and columns count from 1; column 0 holds the row that still looks for one.
    row_at, before = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    for row in range(1, size + 1):
        row_at[0], column = row, 0
        distance, seen = np.full(size + 1, _BEYOND), np.zeros(size + 1, bool)
        while row_at[column]:
            seen[column] = True
            reduced = costs[row_at[column]] - of_row[row_at[column]] - of_column
            nearer = ~seen & (reduced < distance)
            distance[nearer], before[nearer] = reduced[nearer], column
            following = int(np.argmin(np.where(seen, _BEYOND, distance)))
            step = distance[following]
            of_row[row_at[seen]] += step
            of_column[seen] -= step
            distance[~seen] -= step
            column = following
        while column:
            row_at[column], column = row_at[before[column]], int(before[column])
    return [int(row) - 1 for row in row_at[1:]]
