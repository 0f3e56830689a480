import numpy as np
import pytest

from bloodsmear.teaching.ridge import balanced_weights, fit_head, fit_temperature, log_loss, softmax


def clouds(images: int = 90, labels: int = 3, apart: float = 1.5) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    targets = np.arange(images) % labels
    return chance.normal(size=(labels, 5))[targets] * apart + chance.normal(size=(images, 5)), targets


def test_the_head_is_the_one_that_scikit_learn_finds() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    features, targets = clouds()
    strength = 0.01
    theirs = linear_model.LogisticRegression(C=1 / (strength * len(targets)), tol=1e-10, max_iter=5000)
    theirs.fit(features, targets)
    ours = softmax(fit_head(features, targets, 3, strength).logits(features))
    assert np.abs(ours - theirs.predict_proba(features)).max() < 1e-3


def test_a_rare_label_weighs_as_much_as_a_frequent_one() -> None:
    targets = np.array([0] * 90 + [1] * 10)
    weights = balanced_weights(targets, 3)
    assert weights[targets == 0].sum() == pytest.approx(0.5)
    assert weights[targets == 1].sum() == pytest.approx(0.5)


def test_a_head_of_features_that_tell_nothing_names_every_label_alike() -> None:
    head = fit_head(np.zeros((30, 4)), np.array([0] * 25 + [1] * 5), 2, 0.1)
    assert softmax(head.logits(np.zeros((1, 4)))) == pytest.approx(np.array([[0.5, 0.5]]), abs=1e-3)


def test_a_search_from_another_head_ends_at_the_same_one() -> None:
    features, targets = clouds()
    cold = fit_head(features, targets, 3, 1e-3)
    warm = fit_head(features, targets, 3, 1e-3, fit_head(features, targets, 3, 1e-1))
    assert np.abs(cold.logits(features) - warm.logits(features)).max() < 0.02


def test_the_temperature_undoes_how_far_logits_were_blown_up() -> None:
    features, targets = clouds(900, apart=0.8)
    logits = fit_head(features, targets, 3, 1e-4).logits(features)
    assert fit_temperature(5 * logits, targets) == pytest.approx(
        5 * fit_temperature(logits, targets), rel=0.01
    )


def test_the_loss_of_answers_that_know_nothing_is_the_logarithm_of_the_labels() -> None:
    assert log_loss(np.zeros((12, 4)), np.arange(12) % 4) == pytest.approx(np.log(4))
