import numpy as np
import pytest

from bloodsmear.teaching.intervals import difference_of, share_of, student_t


@pytest.mark.parametrize(
    ("freedom", "known"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (100, 1.984)]
)
def test_students_t_is_that_of_the_tables(freedom: int, known: float) -> None:
    assert student_t(freedom) == pytest.approx(known, abs=0.01)


def test_the_interval_of_independent_images_is_about_wilsons() -> None:
    right = np.arange(200) % 10 > 0
    share = share_of(right, np.arange(200))
    assert share.value == 0.9
    assert share.low == pytest.approx(0.8506, abs=0.003)
    assert share.high == pytest.approx(0.9343, abs=0.003)


def test_images_of_few_cases_tell_less_than_as_many_of_many() -> None:
    right = np.repeat([True, True, True, True, False], 40)
    few, many = share_of(right, np.repeat(np.arange(5), 40)), share_of(right, np.arange(200))
    assert few.low is not None
    assert many.low is not None
    assert few.low < many.low - 0.2


def test_all_right_in_five_cases_does_not_prove_perfection() -> None:
    share = share_of(np.ones(500, bool), np.repeat(np.arange(5), 100))
    assert share.high == 1.0
    assert share.low is not None
    assert share.low < 0.5


def test_one_case_has_no_interval() -> None:
    assert share_of(np.array([True, False]), np.zeros(2, int)).low is None


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        # Twelve cases of ten images, each case with a difficulty of its own; the truth is 0.8.
        ability = np.repeat(chance.beta(8, 2, 12), 10)
        share = share_of(chance.random(120) < ability, np.repeat(np.arange(12), 10))
        assert share.low is not None
        assert share.high is not None
        covered += share.low <= 0.8 <= share.high
    assert 0.92 <= covered / 400 <= 0.99


def test_a_gain_on_every_case_is_shown_and_a_tie_is_not() -> None:
    cases = np.repeat(np.arange(10), 10)
    theirs = np.arange(100) % 10 < 7
    better = np.arange(100) % 10 < 9
    gain = difference_of(better, theirs, cases)
    assert gain.value == pytest.approx(0.2)
    assert gain.low is not None
    assert gain.low > 0
    tie = difference_of(theirs, theirs, cases)
    assert tie.value == 0.0
    assert tie.low is not None
    assert tie.low < 0


def test_the_same_answers_in_few_cases_prove_neither_no_gain_nor_no_loss() -> None:
    cases = np.repeat(np.arange(10), 3)
    gain = difference_of(np.ones(30, bool), np.ones(30, bool), cases)
    assert gain.value == 0.0
    # Tango 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B): n pairs without a difference.
    reach = 2.262**2 / (10 + 2.262**2)
    assert gain.low == pytest.approx(-reach, abs=0.001)
    assert gain.high == pytest.approx(reach, abs=0.001)


def test_cases_with_the_same_share_are_nearly_independent_images_however_it_is_rounded() -> None:
    halves = share_of(np.arange(40) % 4 < 2, np.repeat(np.arange(10), 4))
    thirds = share_of(np.arange(60) % 3 < 1, np.repeat(np.arange(10), 6))
    # Independent ones would give a little more.
    assert halves.low == pytest.approx(0.346, abs=0.002)
    assert thirds.low == pytest.approx(0.224, abs=0.002)


def test_few_images_have_wilsons_interval_with_students_t() -> None:
    share = share_of(np.arange(20) > 0, np.arange(20))
    # Student's t of 19 degrees is 2.093: Wilson's interval of 20 images by it.
    assert share.low == pytest.approx(0.744, abs=0.003)
    assert share.high == pytest.approx(0.993, abs=0.002)


def test_few_cases_that_gain_alike_by_chance_do_not_make_the_interval_narrow() -> None:
    cases = np.arange(20) // 5
    theirs = np.tile([True, False, True, False, True], 4)
    gain = difference_of(np.ones(20, np.bool_), theirs, cases)
    assert gain.value == pytest.approx(0.4)
    assert gain.low is not None
    assert gain.high is not None
    assert gain.low < 0.1
    assert gain.high > 0.7
