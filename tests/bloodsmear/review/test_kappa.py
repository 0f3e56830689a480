"""Cohen's kappa against published figures, an independent derivation and scikit-learn."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bloodsmear.review.kappa import cohen_kappa

Z_95 = 1.959964
PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40)


def pairs_of(table: list[list[int]]) -> list[tuple[str, str]]:
    """The pairs of a table of counts: rows are what the one said, columns what the other said."""
    cells = ((row, column) for row in range(len(table)) for column in range(len(table)))
    return [
        (str(row), str(column)) for row, column in cells for _ in itertools.repeat(None, table[row][column])
    ]


def error_by_finite_differences(pairs: list[tuple[str, str]]) -> float:
    """The standard error by the delta method with a numeric gradient: no formula of ours in it."""
    names = sorted({name for pair in pairs for name in pair})
    shares = np.zeros((len(names), len(names)))
    for one, other in pairs:
        shares[names.index(one), names.index(other)] += 1 / len(pairs)

    def kappa(table: np.ndarray) -> float:
        by_chance = table.sum(axis=1) @ table.sum(axis=0)
        return float((np.trace(table) - by_chance) / (1 - by_chance))

    step = 1e-6
    gradient = np.zeros_like(shares)
    for place in np.ndindex(shares.shape):
        moved = np.zeros_like(shares)
        moved[place] = step
        gradient[place] = (kappa(shares + moved) - kappa(shares - moved)) / (2 * step)
    flat, weights = gradient.ravel(), shares.ravel()
    variance = (weights @ flat**2 - (weights @ flat) ** 2) / len(pairs)
    return math.sqrt(max(0.0, float(variance)))


def test_the_example_of_fleiss_cohen_and_everitt() -> None:
    """Two raters, three names, 200 subjects (their 1969 paper): kappa 0.429, standard error 0.054."""
    kappa = cohen_kappa(pairs_of([[106, 10, 4], [22, 28, 10], [2, 12, 6]]))

    assert (kappa.images, kappa.agreed) == (200, 140)
    assert kappa.value == pytest.approx(0.429, abs=5e-4)
    assert kappa.low is not None
    assert kappa.high is not None
    assert (kappa.high - kappa.low) / 2 / Z_95 == pytest.approx(0.0537, abs=5e-5)


@given(PAIRS)
def test_the_value_is_scikit_learns_and_the_interval_that_of_the_delta_method(
    pairs: list[tuple[str, str]],
) -> None:
    kappa = cohen_kappa(pairs)
    assume(kappa.value is not None and kappa.low is not None and kappa.high is not None)
    assert kappa.value is not None
    assert kappa.low is not None
    assert kappa.high is not None

    assert kappa.value == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-12)
    error = error_by_finite_differences(pairs)
    assert kappa.low == pytest.approx(max(-1.0, kappa.value - Z_95 * error), abs=1e-5)
    assert kappa.high == pytest.approx(min(1.0, kappa.value + Z_95 * error), abs=1e-5)


@given(PAIRS)
def test_it_does_not_matter_who_is_named_first(pairs: list[tuple[str, str]]) -> None:
    one, other = cohen_kappa(pairs), cohen_kappa([(second, first) for first, second in pairs])

    assert one.value == pytest.approx(other.value)
    assert one.low == pytest.approx(other.low)
    assert one.remark == other.remark


@given(PAIRS)
def test_what_is_missing_is_said_and_no_figure_is_a_nan(pairs: list[tuple[str, str]]) -> None:
    kappa = cohen_kappa(pairs)

    figures = [figure for figure in (kappa.value, kappa.low, kappa.high) if figure is not None]
    assert all(-1 <= figure <= 1 for figure in figures)
    assert bool(kappa.remark) == (len(figures) < 3)


@pytest.mark.parametrize(
    ("pairs", "value", "words"),
    [
        ([], None, "no image that both"),
        ([("a", "a")] * 5, None, "the same name"),
        ([("a", "a"), ("b", "b")], 1.0, "agree on every image"),
        ([("a", "b")] * 10, 0.0, "so few different answers"),
        ([*[("a", "a")] * 6, *[("b", "c")] * 3], pytest.approx(0.4), "Fewer than 10 images"),
    ],
)
def test_a_case_without_an_interval_says_why(
    pairs: list[tuple[str, str]], value: float | None, words: str
) -> None:
    kappa = cohen_kappa(pairs)

    assert kappa.value == value
    assert (kappa.low, kappa.high) == (None, None)
    assert words in kappa.remark
