import numpy as np
import pytest

from training.evaluation.figures import (
    accuracy,
    bootstrap_interval,
    calibrated,
    confusion_matrix,
    expected_calibration_error,
    fit_temperature,
    macro_f1,
    wilson_interval,
)


def overconfident_answers(images: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(2)
    logits = random.normal(0, 1.5, (images, 4))
    honest = calibrated(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 1.0)
    targets = np.array([random.choice(4, p=row) for row in honest])
    return calibrated(honest, 0.5), targets


def test_the_temperature_undoes_an_overconfidence_of_factor_two() -> None:
    probabilities, targets = overconfident_answers()
    temperature = fit_temperature(probabilities, targets)
    assert temperature == pytest.approx(2.0, rel=0.1)
    before = expected_calibration_error(probabilities, targets)
    after = expected_calibration_error(calibrated(probabilities, temperature), targets)
    assert after < before / 3


def test_calibration_never_changes_the_label() -> None:
    probabilities, _ = overconfident_answers(200)
    assert np.array_equal(calibrated(probabilities, 2.5).argmax(axis=1), probabilities.argmax(axis=1))


def test_macro_f1_counts_a_rare_label_like_a_common_one() -> None:
    targets = np.array([0] * 98 + [1] * 2)
    assert accuracy(np.zeros(100, int), targets) == 0.98
    assert macro_f1(np.zeros(100, int), targets) == pytest.approx(0.495, abs=0.001)


def test_intervals_hold_the_figure_and_narrow_with_more_images() -> None:
    random = np.random.default_rng(3)
    widths = []
    for images in (50, 800):
        targets = random.integers(0, 4, images)
        predicted = np.where(random.random(images) < 0.9, targets, (targets + 1) % 4)
        low, high = bootstrap_interval(accuracy, predicted, targets)
        assert low <= accuracy(predicted, targets) <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_images_of_one_case_that_stand_or_fall_together_make_the_interval_wide() -> None:
    cases = np.repeat(np.arange(10), 20)
    targets = np.zeros(200, int)
    predicted = (cases < 2).astype(int)
    by_image, by_case = (bootstrap_interval(accuracy, predicted, targets, each) for each in (None, cases))
    assert by_image[1] - by_image[0] < 0.12
    assert by_case[1] - by_case[0] > 0.4
    assert by_case[0] <= 0.8 <= by_case[1]


def test_cases_of_one_image_each_are_images() -> None:
    targets = np.arange(50) % 4
    predicted = np.where(np.arange(50) < 40, targets, 0)
    assert bootstrap_interval(accuracy, predicted, targets, np.arange(50)) == bootstrap_interval(
        accuracy, predicted, targets
    )


def test_all_right_on_few_images_does_not_prove_perfection() -> None:
    low, high = wilson_interval(35, 35)
    assert low == pytest.approx(0.901, abs=0.001)
    assert high == pytest.approx(1.0)


def test_the_confusion_matrix_has_true_labels_as_rows() -> None:
    assert confusion_matrix(np.array([1, 1, 2]), np.array([0, 1, 2]), 3) == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_the_score_interval_of_none_begins_at_zero_and_that_of_all_ends_at_one() -> None:
    for trials in (7, 28, 35, 477):
        assert str(wilson_interval(0, trials)[0]) == "0.0"
        assert wilson_interval(trials, trials)[1] == 1.0
