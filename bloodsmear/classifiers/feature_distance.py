"""How far some numbers of an image lie from those of the training images: the measure behind `unlike_training`.

The numbers are a network's features, or what the picture looks like (appearance.py). They are modelled by
probabilistic principal components (Tipping and Bishop 1999, J. R. Stat. Soc. B 61, doi:10.1111/1467-9868.00196):
covariance = Σ λₖ uₖ uₖᵀ along the first components and σ² in every direction left out, σ² being the mean of the
eigenvalues left out. The distance is Mahalanobis' under that covariance. A full covariance of features would be
singular: it has more entries than there are images, and some units never fire.
"""

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bloodsmear.classifiers.card import Spread
from bloodsmear.errors import ClassifierError

FloatArray = npt.NDArray[np.float64]

# Where the features fill a few directions only, σ² would be zero and every new image infinitely far.
_VARIANCE_FLOOR = 1e-6
# Significant digits kept in a card: as many as float32, in which the features come.
_DIGITS = 7


class FeatureDistance:
    """The distance under one card's statistics, with the arrays made once. Safe from any thread."""

    def __init__(self, spread: Spread) -> None:
        self._mean = np.array(spread.mean, dtype=np.float64)
        self._scaled = np.array(spread.components, dtype=np.float64).reshape(-1, self._mean.size)
        # A stored row is uₖ / √λₖ and uₖ has length one, so λₖ is one over the row's squared length.
        self._variances = 1.0 / np.sum(self._scaled**2, axis=1)
        self._residual_variance = spread.residual_variance

    def of(self, features: npt.NDArray[np.floating]) -> float:
        """The distance (no unit) of one image's features, D values. ClassifierError when D doesn't fit."""
        return float(self.of_all(np.asarray(features)[np.newaxis])[0])

    def of_all(self, features: npt.NDArray[np.floating]) -> FloatArray:
        """The distances of N×D features, N values. ClassifierError when D doesn't fit."""
        if features.ndim != 2 or features.shape[1] != self._mean.size:
            raise ClassifierError(
                f"The card's unlike_training describes {self._mean.size} features, "
                f"but the classifier gave the shape {features.shape}; its model and card do not belong together."
            )
        centred = features.astype(np.float64) - self._mean
        along = centred @ self._scaled.T
        explained = (along**2) @ self._variances
        # Rounding may leave a hair below zero where the components explain everything.
        left_out = np.maximum(np.sum(centred**2, axis=1) - explained, 0.0)
        distances: FloatArray = np.sqrt(np.sum(along**2, axis=1) + left_out / self._residual_variance)
        return distances


def fit_spread(features: FloatArray, components: int = 32) -> Spread:
    """Fit the spread of the training images' features (N×D, without augmentation).

    Keeps `components` directions, or as many as N and D allow. The threshold is the 99th percentile of these
    same images, which flatters: set it anew by `with_threshold`. ValueError below two images or two features.
    """
    features = np.asarray(features, dtype=np.float64)
    if features.ndim != 2 or len(features) < 2 or features.shape[1] < 2:
        raise ValueError(f"features must be N×D with both at least 2, got the shape {features.shape}")
    images, dimensions = features.shape
    mean = features.mean(axis=0)
    _, singular, directions = np.linalg.svd(features - mean, full_matrices=False)
    eigenvalues = singular**2 / (images - 1)
    total = float(eigenvalues.sum())
    floor = max(_VARIANCE_FLOOR * total / dimensions, np.finfo(np.float32).tiny)
    kept = min(components, images - 1, dimensions - 1)
    kept = min(kept, int(np.sum(eigenvalues > floor)))
    residual = max(float(eigenvalues[kept:].sum()) / (dimensions - kept), floor)
    scaled = directions[:kept] / np.sqrt(eigenvalues[:kept, np.newaxis])
    spread = Spread(
        mean=_rounded(mean),
        components=tuple(_rounded(row) for row in scaled),
        residual_variance=_rounded(np.array([residual]))[0],
        threshold=1.0,
    )
    return with_threshold(spread, FeatureDistance(spread).of_all(features), 0.99)


def at_threshold(spread: Spread, threshold: float) -> Spread:
    """The spread with this threshold, rounded as a card keeps it."""
    return replace(spread, threshold=_rounded(np.array([threshold]))[0])


def with_threshold(spread: Spread, distances: FloatArray, accepted_share: float) -> Spread:
    """The spread with a threshold that `accepted_share` of these distances of ordinary images stay under."""
    return at_threshold(spread, float(np.quantile(distances, accepted_share)))


def distances_left_out(features: FloatArray, runs: npt.NDArray[np.int64], components: int) -> FloatArray:
    """The distance of each image (N×D features) under the spread of all others than its own run's, N values.

    `runs` (int64 N) says which images were taken together. Images of one capture series look alike, so a distance under
    a spread that holds the series tells nothing about the next one. ValueError for fewer than two runs.
    """
    if len(np.unique(runs)) < 2:
        raise ValueError("the distance from other runs needs at least two of them")
    distances = np.empty(len(features))
    for run in np.unique(runs):
        inside = runs == run
        distances[inside] = FeatureDistance(fit_spread(features[~inside], components)).of_all(
            features[inside]
        )
    return distances


def _rounded(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)
