"""Shares of a differential count, against a published table, scipy and a count by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from bloodsmear.cells.differential import differential_of, limits_words, share_interval, share_words
from bloodsmear.cells.names import FIVE_PART, cell_name

# Rümke's table for 100 cells: per cent counted, and the limits.
RUMKE_100 = {
    0: (0, 4),
    1: (0, 6),
    2: (0, 8),
    3: (0, 9),
    4: (1, 10),
    5: (1, 12),
    10: (4, 18),
    20: (12, 30),
    50: (39, 61),
    100: (96, 100),
}


@pytest.mark.parametrize(("count", "limits"), RUMKE_100.items())
def test_rounded_outward_the_limits_of_a_hundred_cells_are_rumkes(
    count: int, limits: tuple[int, int]
) -> None:
    shown = differential_of({"lymphocyte": count, "neutrophil": 100 - count}, FIVE_PART.names)
    (lymphocytes,) = [one for one in shown.of_white if one.name.id == "lymphocyte"]
    assert limits_words(lymphocytes) == f"{limits[0]}–{limits[1]}"


@given(st.integers(1, 500), st.data())
def test_the_interval_is_clopper_and_pearsons(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = share_interval(count, total)
    exact_low = beta.ppf(0.025, count, total - count + 1) if count else 0.0
    exact_high = beta.ppf(0.975, count + 1, total - count) if count < total else 1.0
    assert (low, high) == pytest.approx((exact_low, exact_high), abs=1e-6)


def test_erythroblasts_are_told_for_a_hundred_white_cells_and_artefacts_not_at_all() -> None:
    counts = {"neutrophil": 60, "lymphocyte": 30, "unidentified": 10, "erythroblast": 5, "artefact": 7}
    differential = differential_of(counts, FIVE_PART.names)
    assert differential.white == 100
    assert [(one.name.id, one.count, share_words(one)) for one in differential.all] == [
        ("neutrophil", 60, "60.0 %"),
        ("lymphocyte", 30, "30.0 %"),
        ("monocyte", 0, "0.0 %"),
        ("eosinophil", 0, "0.0 %"),
        ("basophil", 0, "0.0 %"),
        ("unidentified", 10, "10.0 %"),
        ("erythroblast", 5, "5.0 per 100"),
        ("smudge", 0, "0.0 per 100"),
        ("artefact", 7, ""),
    ]


def test_the_limits_of_cells_beside_are_those_of_the_odds() -> None:
    (one,) = differential_of({"lymphocyte": 100, "erythroblast": 5}).beside
    low, high = share_interval(5, 105)
    assert (one.low, one.high) == pytest.approx((low / (1 - low), high / (1 - high)))


def test_without_a_white_cell_no_share_is_told() -> None:
    (one,) = differential_of({"erythroblast": 3}).beside
    assert (one.value, share_words(one), limits_words(one)) == (None, "", "")


def test_names_of_another_set_are_counted_and_stand_behind() -> None:
    differential = differential_of({"blast": 1, "Hairy cell": 3, "neutrophil": 4}, FIVE_PART.names)
    assert differential.white == 8
    assert [one.name for one in differential.of_white[-2:]] == [cell_name("blast"), cell_name("Hairy cell")]


def test_what_cannot_have_been_counted_is_refused() -> None:
    for count, total in ((5, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="cannot be"):
            share_interval(count, total)


def test_an_unbounded_limit_has_no_words() -> None:
    (one,) = differential_of({"lymphocyte": 1, "erythroblast": 1}).beside
    assert one.high is not None
    assert not math.isinf(one.high)
