"""Temperature scaling."""

import numpy as np
import pytest

from bloodsmear.classifiers.calibration import calibrate
from bloodsmear.errors import ClassifierError

ROW = np.array([0.7, 0.2, 0.06, 0.04], np.float32)


def test_a_temperature_of_one_changes_nothing() -> None:
    assert calibrate(ROW, 1.0) == pytest.approx(ROW.tolist(), abs=1e-7)


def test_it_is_the_softmax_of_the_logarithms_over_the_temperature() -> None:
    powers = ROW.astype(np.float64) ** (1 / 2.5)
    assert calibrate(ROW, 2.5) == pytest.approx((powers / powers.sum()).tolist(), abs=1e-12)


def test_a_temperature_above_one_lowers_the_confidence_and_keeps_the_order() -> None:
    calibrated = calibrate(ROW, 3.0)
    assert max(calibrated) < 0.7
    assert np.argsort(calibrated).tolist() == np.argsort(ROW).tolist()
    assert sum(calibrated) == pytest.approx(1.0, abs=1e-12)


def test_a_probability_of_zero_stays_finite() -> None:
    calibrated = calibrate(np.array([1.0, 0.0, 0.0, 0.0], np.float32), 2.0)
    assert calibrated[0] == pytest.approx(1.0)
    assert all(np.isfinite(calibrated))


@pytest.mark.parametrize("row", [[0.5, 0.6], [np.nan, 1.0], [-0.5, 1.5], [3.0, -2.0]])
def test_an_answer_that_is_not_a_set_of_probabilities_is_refused(row: list[float]) -> None:
    with pytest.raises(ClassifierError, match="must be a softmax"):
        calibrate(np.array(row, np.float32), 1.0)
