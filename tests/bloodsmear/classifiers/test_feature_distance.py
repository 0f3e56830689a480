"""The distances behind `unlike_training`."""

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.feature_distance import (
    FeatureDistance,
    distances_left_out,
    fit_spread,
    with_threshold,
)
from bloodsmear.errors import ClassifierError


@pytest.fixture
def features() -> npt.NDArray[np.float64]:
    rng = np.random.default_rng(5)
    mixing = rng.normal(size=(4, 20))
    return rng.normal(size=(500, 4)) @ mixing + rng.normal(scale=0.1, size=(500, 20)) + 3.0


def test_with_all_but_one_direction_it_is_mahalanobis_distance(features: npt.NDArray[np.float64]) -> None:
    spread = fit_spread(features, components=19)
    centred = features - features.mean(axis=0)
    inverse = np.linalg.inv(np.cov(features.T))
    wanted = np.sqrt(np.einsum("nd,de,ne->n", centred, inverse, centred))
    assert FeatureDistance(spread).of_all(features) == pytest.approx(wanted, rel=1e-4)


def test_it_is_the_distance_under_the_probabilistic_components_covariance(
    features: npt.NDArray[np.float64],
) -> None:
    spread = fit_spread(features, components=4)
    values, vectors = np.linalg.eigh(np.cov(features.T))
    values[:-4] = values[:-4].mean()
    inverse = np.linalg.inv(vectors @ np.diag(values) @ vectors.T)
    centred = features - features.mean(axis=0)
    wanted = np.sqrt(np.einsum("nd,de,ne->n", centred, inverse, centred))
    assert FeatureDistance(spread).of_all(features) == pytest.approx(wanted, rel=1e-4)


def test_features_off_the_training_images_directions_are_far(features: npt.NDArray[np.float64]) -> None:
    spread = fit_spread(features, components=4)
    distance = FeatureDistance(spread)
    odd = features[0] + np.random.default_rng(6).normal(size=20) * 3
    assert distance.of(odd) > spread.threshold > distance.of(features.mean(axis=0))


def test_one_image_and_many_have_the_same_distance(features: npt.NDArray[np.float64]) -> None:
    distance = FeatureDistance(fit_spread(features, components=4))
    assert distance.of_all(features)[7] == pytest.approx(distance.of(features[7]), rel=1e-12)


def test_units_that_never_fire_give_no_division_by_zero(features: npt.NDArray[np.float64]) -> None:
    features[:, 10:] = 0.0
    spread = fit_spread(features, components=16)
    distance = FeatureDistance(spread)
    assert np.all(np.isfinite(distance.of_all(features)))
    fires = features[0].copy()
    fires[15] = 5.0
    assert distance.of(fires) > spread.threshold


def test_fewer_images_than_features_are_enough(features: npt.NDArray[np.float64]) -> None:
    spread = fit_spread(features[:8], components=32)
    assert len(spread.components) <= 7
    assert np.all(np.isfinite(FeatureDistance(spread).of_all(features)))


def test_the_threshold_lets_the_chosen_share_of_ordinary_images_pass(
    features: npt.NDArray[np.float64],
) -> None:
    spread = fit_spread(features[:250])
    distances = FeatureDistance(spread).of_all(features[250:])
    assert np.mean(distances <= with_threshold(spread, distances, 0.9).threshold) == pytest.approx(
        0.9, abs=0.02
    )


def test_a_run_that_is_left_out_is_far_from_the_others_though_it_is_near_to_itself(
    features: npt.NDArray[np.float64],
) -> None:
    runs = np.arange(500) // 100
    features[runs == 2] += np.random.default_rng(8).normal(size=20)
    within = FeatureDistance(fit_spread(features, 4)).of_all(features)
    left_out = distances_left_out(features, runs, 4)
    assert left_out[runs == 2].min() > 2 * within[runs == 2].max()
    by_hand = FeatureDistance(fit_spread(features[runs != 1], 4)).of_all(features[runs == 1])
    assert left_out[runs == 1] == pytest.approx(by_hand)


def test_one_run_alone_has_no_other(features: npt.NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="at least two"):
        distances_left_out(features, np.zeros(500, np.int64), 4)


def test_features_of_another_network_are_refused(features: npt.NDArray[np.float64]) -> None:
    distance = FeatureDistance(fit_spread(features))
    with pytest.raises(ClassifierError, match=r"describes 20 features.*\(1, 19\)"):
        distance.of(features[0, :19])


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (5,)])
def test_too_few_images_or_features_cannot_be_fitted(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must be N×D"):
        fit_spread(np.zeros(shape))
