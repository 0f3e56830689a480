"""The statistics behind the flag `unlike_training`, from a run's training and validation images."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student_t

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.card import Spread, UnlikeTraining
from bloodsmear.classifiers.feature_distance import (
    FeatureDistance,
    FloatArray,
    at_threshold,
    distances_left_out,
    fit_spread,
)
from bloodsmear.classifiers.recipe import Recipe
from training.data.pictures import Pictures

# In a run that nobody has seen yet, of any label, at most this share of the images is to be flagged ...
_FLAGGED_SHARE = 0.05
# ... with this confidence. By its looks another laboratory's image is so far away (33 and more, where ordinary ones
# reach 15) that a wide limit costs nothing. How far the features of a run reach is known from the validation part's few
# runs only, and a held-out run of Pro-B lay as far out as other laboratories do; so their limit is wider still.
_APPEARANCE_CONFIDENCE, _FEATURE_CONFIDENCE = 0.975, 0.999
# With fewer degrees of freedom Student's t is so wide that nothing would ever be flagged: how runs differ is not known
# then, and this share of the ordinary images of each label passes.
_FEWEST_DEGREES = 4
# What a reader is told of the flag rests on it, too (review/flag_words.py).
ACCEPTED_SHARE = 0.99
_FEATURE_DIRECTIONS = 32
_APPEARANCE_DIRECTIONS = 12


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One part of a run: `pixels` uint8 N×H×W×3 at the input size, `targets` int64 N, `features` float64 N×D.

    `runs` int64 N: the capture run of each image, in which neighbours look alike.
    """

    pixels: Pictures
    targets: npt.NDArray[np.int64]
    features: FloatArray
    runs: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ordinary:
    """How far ordinary images lie: `distances` float64 N, with the label and the run of each, int64 N."""

    distances: FloatArray
    targets: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]


def spread_of_training(train: SeenPart, validation: SeenPart, layer: str, recipe: Recipe) -> UnlikeTraining:
    """The spread of the training images, with thresholds that are fair to each label.

    What ordinary is, validation images say, and for the appearance training images of other runs than those that the
    spread is of, too: the few runs of the validation part say too little of how series differ. The features of training
    images say nothing, since the network was fitted on these very images.
    """
    features = fit_spread(train.features, _FEATURE_DIRECTIONS)
    ordinary = Ordinary(
        FeatureDistance(features).of_all(validation.features), validation.targets, validation.runs
    )
    return UnlikeTraining(
        layer=layer,
        features=at_threshold(features, fair_threshold(ordinary, _FEATURE_CONFIDENCE)),
        appearance=_appearance(train, validation, recipe),
    )


def _appearance(train: SeenPart, validation: SeenPart, recipe: Recipe) -> Spread:
    looks, others = (
        np.stack([appearance_of(picture, recipe) for picture in part.pixels]) for part in (train, validation)
    )
    spread = fit_spread(looks, _APPEARANCE_DIRECTIONS)
    left_out = distances_left_out(looks, train.runs, _APPEARANCE_DIRECTIONS)
    ordinary = Ordinary(
        np.concatenate([left_out, FeatureDistance(spread).of_all(others)]),
        np.concatenate([train.targets, validation.targets]),
        # A run of one part is not a run of the other.
        np.concatenate([train.runs, validation.runs + train.runs.max() + 1]),
    )
    return at_threshold(spread, fair_threshold(ordinary, _APPEARANCE_CONFIDENCE))


def fair_threshold(ordinary: Ordinary, confidence: float) -> float:
    """The distance within which 95 % of the images of a new run stay, whatever its label, with this confidence.

    For each label the one-sided prediction limit of a normal distribution (Hahn and Meeker 1991, Statistical Intervals,
    chapter 4) for the logarithm of a run's 95th percentile; the deviation between runs is pooled over the labels. The
    largest of the labels' limits counts, so that the label whose images differ most isn't flagged for that.
    """
    labels = np.unique(ordinary.targets)
    ends = [_ends_of_runs(ordinary, label) for label in labels]
    freedom = sum(len(of_label) - 1 for of_label in ends)
    if freedom < _FEWEST_DEGREES:
        return max(
            float(np.quantile(ordinary.distances[ordinary.targets == label], ACCEPTED_SHARE))
            for label in labels
        )
    deviation = np.sqrt(sum(float(((end - end.mean()) ** 2).sum()) for end in ends) / freedom)
    reach = float(student_t.ppf(confidence, freedom)) * deviation
    return max(float(np.exp(end.mean() + reach * np.sqrt(1 + 1 / len(end)))) for end in ends)


def _ends_of_runs(ordinary: Ordinary, label: np.int64) -> FloatArray:
    """The logarithm of the 95th percentile of the distances in each run of a label."""
    of_label = ordinary.targets == label
    runs = np.unique(ordinary.runs[of_label])
    return np.array(
        [
            np.log(np.quantile(ordinary.distances[of_label & (ordinary.runs == run)], 1 - _FLAGGED_SHARE))
            for run in runs
        ]
    )
