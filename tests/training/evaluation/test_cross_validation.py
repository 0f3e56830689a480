"""Figures over runs."""

import numpy as np
import pytest

from bloodsmear.classifiers.label_set import OURS
from training.evaluation.cross_validation import OutOfFold, cross_validation_of, describe_runs
from training.evaluation.figures import accuracy, bootstrap_interval

KEYS = ("benign", "early_pre_b", "pre_b", "pro_b")


def answered(wrong: np.ndarray) -> OutOfFold:
    """Ten runs of ten images of each label, so many of each run (int 40) answered with the next label."""
    targets = np.repeat(np.arange(4), 100)
    runs = np.repeat(np.arange(40), 10)
    is_wrong = np.tile(np.arange(10), 40) < np.repeat(wrong, 10)
    return OutOfFold(OURS, np.where(is_wrong, (targets + 1) % 4, targets), targets, runs)


def test_what_goes_wrong_in_one_run_makes_a_wide_interval_and_the_run_is_told() -> None:
    all_in_one, spread = np.zeros(40, int), np.zeros(40, int)
    all_in_one[3], spread[:10:2] = 10, 2
    one, many = (cross_validation_of(answered(wrong), 5, "tiny", "c") for wrong in (all_in_one, spread))
    for validation in (one, many):
        leading = validation.figures[0]
        assert (leading.name, leading.value, leading.images) == ("benign_called_other", 0.1, 100)
    assert one.figures[0].high is not None
    assert many.figures[0].high is not None
    assert one.figures[0].high > 0.25 > many.figures[0].high
    assert (one.runs[3].label, one.runs[3].images, one.runs[3].right) == ("benign", 10, 0)
    assert "benign" + " " * 34 + " right in each run: 0.00 1.00" in describe_runs(one)


def test_the_interval_is_wider_than_one_over_images() -> None:
    wrong = np.zeros(40, int)
    wrong[[0, 11, 22]] = 8
    out_of_fold = answered(wrong)
    figure = next(
        figure for figure in cross_validation_of(out_of_fold, 5, "", "").figures if figure.name == "accuracy"
    )
    low, high = bootstrap_interval(accuracy, out_of_fold.predicted, out_of_fold.targets)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.high - figure.low > 1.5 * (high - low)


def test_all_right_in_every_run_admits_some_by_the_number_of_runs() -> None:
    figures = {
        figure.name: figure for figure in cross_validation_of(answered(np.zeros(40, int)), 5, "", "").figures
    }
    assert figures["other_called_benign"].value == 0.0
    assert figures["other_called_benign"].high == pytest.approx(0.1135, abs=0.001)
    assert list(figures)[2:] == [*(f"sensitivity_{key}" for key in KEYS), "accuracy"]
