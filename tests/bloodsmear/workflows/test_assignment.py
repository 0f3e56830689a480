"""The heaviest assignment is as heavy as scipy's."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from bloodsmear.workflows.assignment import heaviest_rows


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 30])
def test_no_assignment_is_heavier(size: int) -> None:
    random = np.random.default_rng(size)
    for most in (1, 3, 10, 100_000):
        for _ in range(40):
            weights = random.integers(0, most + 1, (size, size))

            rows = heaviest_rows(weights)

            assert sorted(rows) == list(range(size))
            best = int(weights[linear_sum_assignment(weights, maximize=True)].sum())
            assert int(weights[rows, np.arange(size)].sum()) == best
