"""The statistics behind the flag `unlike_training`, from a run's training and validation images."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.card import Spread, UnlikeTraining
from bloodsmear.classifiers.feature_distance import (
    FeatureDistance,
    FloatArray,
    distances_left_out,
    fit_spread,
    with_threshold,
)
from bloodsmear.classifiers.recipe import Recipe
from training.data.pictures import Pictures

# Two classifiers with two distances each ask for a look at one ordinary image in fifty, or fewer. What a reader is told
# of the flag rests on it, too (review/sentences.py).
ACCEPTED_SHARE = 0.99
_FEATURE_DIRECTIONS = 32
_APPEARANCE_DIRECTIONS = 12
_RUNS_A_LABEL = 10


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One part of a run: `pixels` uint8 N×H×W×3 at the input size, `targets` int64 N, `features` float64 N×D."""

    pixels: Pictures
    targets: npt.NDArray[np.int64]
    features: FloatArray


def spread_of_training(train: SeenPart, validation: SeenPart, layer: str, recipe: Recipe) -> UnlikeTraining:
    """The spread of the training images, with thresholds that 99 % of ordinary images stay under.

    What ordinary is, validation images say, and for the appearance training images of other runs than those that the
    spread is of, too: the few runs of the validation part say too little of how series differ (on the shipped data
    7.8 % of the held-out images lay beyond 99 % of the validation images, 1.5 % beyond 99 % of both). The features of
    training images say nothing, since the network was fitted on these very images.
    """
    features = fit_spread(train.features, _FEATURE_DIRECTIONS)
    ordinary = FeatureDistance(features).of_all(validation.features)
    return UnlikeTraining(
        layer=layer,
        features=with_threshold(features, ordinary, ACCEPTED_SHARE),
        appearance=_appearance(train, validation, recipe),
    )


def _appearance(train: SeenPart, validation: SeenPart, recipe: Recipe) -> Spread:
    looks, others = (
        np.stack([appearance_of(picture, recipe) for picture in part.pixels]) for part in (train, validation)
    )
    spread = fit_spread(looks, _APPEARANCE_DIRECTIONS)
    left_out = distances_left_out(looks, runs_of(train.targets), _APPEARANCE_DIRECTIONS)
    ordinary = np.concatenate([left_out, FeatureDistance(spread).of_all(others)])
    return with_threshold(spread, ordinary, ACCEPTED_SHARE)


def runs_of(targets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each image (int64 N), the same for neighbours of one label: ten contiguous runs of each label.

    `targets` (int64 N) are in the data set's order, which is that of the image numbers.
    """
    runs = np.empty_like(targets)
    for label in np.unique(targets):
        places = np.flatnonzero(targets == label)
        runs[places] = label * _RUNS_A_LABEL + np.arange(len(places)) * _RUNS_A_LABEL // len(places)
    return runs
