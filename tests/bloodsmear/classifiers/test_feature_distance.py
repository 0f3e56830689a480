"""The distance behind `unlike_training`."""

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.feature_distance import FeatureDistance, fit_feature_statistics, with_threshold
from bloodsmear.errors import ClassifierError


@pytest.fixture
def features() -> npt.NDArray[np.float64]:
    rng = np.random.default_rng(5)
    mixing = rng.normal(size=(4, 20))
    return rng.normal(size=(500, 4)) @ mixing + rng.normal(scale=0.1, size=(500, 20)) + 3.0


def test_with_all_but_one_direction_it_is_mahalanobis_distance(features: npt.NDArray[np.float64]) -> None:
    statistics = fit_feature_statistics(features, "pooled", components=19)
    centred = features - features.mean(axis=0)
    inverse = np.linalg.inv(np.cov(features.T))
    wanted = np.sqrt(np.einsum("nd,de,ne->n", centred, inverse, centred))
    assert FeatureDistance(statistics).of_all(features) == pytest.approx(wanted, rel=1e-4)


def test_it_is_the_distance_under_the_probabilistic_components_covariance(
    features: npt.NDArray[np.float64],
) -> None:
    statistics = fit_feature_statistics(features, "pooled", components=4)
    values, vectors = np.linalg.eigh(np.cov(features.T))
    values[:-4] = values[:-4].mean()
    inverse = np.linalg.inv(vectors @ np.diag(values) @ vectors.T)
    centred = features - features.mean(axis=0)
    wanted = np.sqrt(np.einsum("nd,de,ne->n", centred, inverse, centred))
    assert FeatureDistance(statistics).of_all(features) == pytest.approx(wanted, rel=1e-4)


def test_features_off_the_training_images_directions_are_far(features: npt.NDArray[np.float64]) -> None:
    statistics = fit_feature_statistics(features, "pooled", components=4)
    distance = FeatureDistance(statistics)
    odd = features[0] + np.random.default_rng(6).normal(size=20) * 3
    assert distance.of(odd) > statistics.threshold > distance.of(features.mean(axis=0))


def test_one_image_and_many_have_the_same_distance(features: npt.NDArray[np.float64]) -> None:
    distance = FeatureDistance(fit_feature_statistics(features, "pooled", components=4))
    assert distance.of_all(features)[7] == pytest.approx(distance.of(features[7]), rel=1e-12)


def test_units_that_never_fire_give_no_division_by_zero(features: npt.NDArray[np.float64]) -> None:
    features[:, 10:] = 0.0
    statistics = fit_feature_statistics(features, "pooled", components=16)
    distance = FeatureDistance(statistics)
    assert np.all(np.isfinite(distance.of_all(features)))
    fires = features[0].copy()
    fires[15] = 5.0
    assert distance.of(fires) > statistics.threshold


def test_fewer_images_than_features_are_enough(features: npt.NDArray[np.float64]) -> None:
    statistics = fit_feature_statistics(features[:8], "pooled", components=32)
    assert len(statistics.components) <= 7
    assert np.all(np.isfinite(FeatureDistance(statistics).of_all(features)))


def test_the_threshold_lets_the_chosen_share_of_ordinary_images_pass(
    features: npt.NDArray[np.float64],
) -> None:
    statistics = with_threshold(fit_feature_statistics(features[:250], "pooled"), features[250:], 0.9)
    passed = FeatureDistance(statistics).of_all(features[250:]) <= statistics.threshold
    assert passed.mean() == pytest.approx(0.9, abs=0.02)


def test_features_of_another_network_are_refused(features: npt.NDArray[np.float64]) -> None:
    distance = FeatureDistance(fit_feature_statistics(features, "pooled"))
    with pytest.raises(ClassifierError, match=r"describes 20 features.*\(1, 19\)"):
        distance.of(features[0, :19])


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (5,)])
def test_too_few_images_or_features_cannot_be_fitted(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must be N×D"):
        fit_feature_statistics(np.zeros(shape), "pooled")
