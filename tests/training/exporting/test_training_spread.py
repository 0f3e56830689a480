"""The statistics that an export puts into a card."""

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.recipe import Recipe
from training.data.folds import runs_of
from training.data.pictures import Pictures
from training.exporting.training_spread import Ordinary, SeenPart, fair_threshold, spread_of_training
from training.fitting.presets import default_config
from training.fitting.run import recipe_of

RECIPE: Recipe = recipe_of(default_config("unet", width_px=16, height_px=16, precision="float32"))


def pictures(random: np.random.Generator, count: int, brightness: float) -> Pictures:
    levels = brightness + random.normal(0, 4, (count, 1, 1, 3))
    noise = random.normal(0, 6, (count, 16, 16, 3))
    return np.clip(levels + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def parts() -> tuple[SeenPart, SeenPart]:
    random = np.random.default_rng(3)
    made = []
    for count in (200, 60):
        targets: npt.NDArray[np.int64] = np.repeat(np.arange(2, dtype=np.int64), count // 2)
        # Three runs of each label in the validation part, ten in the training part.
        runs = runs_of(targets) if count == 200 else np.arange(count) // 10
        made.append(SeenPart(pictures(random, count, 180), targets, random.normal(size=(count, 40)), runs))
    return made[0], made[1]


def test_a_run_is_ten_neighbours_of_one_label_in_a_hundred() -> None:
    runs = runs_of(np.repeat(np.array([0, 1, 0]), 50))
    assert len(np.unique(runs)) == 20
    assert list(runs[:10]) == [0] * 10
    assert not set(runs[50:100]) & {*runs[:50], *runs[100:]}


def test_fewer_images_than_runs_are_a_run_each() -> None:
    assert len(set(runs_of(np.array([0, 0, 0, 1, 1])))) == 5


def test_the_thresholds_let_ordinary_images_pass_and_hold_others_back(
    parts: tuple[SeenPart, SeenPart],
) -> None:
    train, validation = parts
    unlike = spread_of_training(train, validation, "pooled", RECIPE)
    assert unlike.layer == "pooled"
    passed = FeatureDistance(unlike.features).of_all(validation.features) <= unlike.features.threshold
    assert passed.mean() >= 0.95
    assert unlike.appearance is not None
    distance = FeatureDistance(unlike.appearance)
    random = np.random.default_rng(4)

    def flagged(brightness: float) -> float:
        looks = np.stack([appearance_of(one, RECIPE) for one in pictures(random, 100, brightness)])
        assert unlike.appearance is not None
        return float(np.mean(distance.of_all(looks) > unlike.appearance.threshold))

    assert flagged(180) <= 0.06
    assert flagged(130) == 1.0


def ordinary(random: np.random.Generator, runs: int, spread_of_runs: tuple[float, float]) -> Ordinary:
    """Distances around 5, twenty images a run, of two labels whose runs differ by these deviations of the logarithm."""
    distances = [
        5 * np.exp(random.normal(0, deviation) + random.normal(0, 0.1, 20))
        for deviation in spread_of_runs
        for _ in range(runs)
    ]
    places = np.arange(2 * runs).repeat(20)
    return Ordinary(np.concatenate(distances), places // runs, places)


def test_of_a_new_run_at_most_one_image_in_twenty_lies_beyond_the_threshold() -> None:
    random = np.random.default_rng(5)
    kept = []
    for _ in range(200):
        threshold = fair_threshold(ordinary(random, 6, (0.2, 0.2)), 0.975)
        new = ordinary(random, 1, (0.2, 0.2)).distances[20:]
        kept.append(float((new > threshold).mean()) <= 0.05)
    assert np.mean(kept) >= 0.95


def test_the_label_that_lies_further_out_sets_the_threshold_for_all() -> None:
    near = ordinary(np.random.default_rng(6), 6, (0.1, 0.1))
    far = Ordinary(np.where(near.targets == 1, 2 * near.distances, near.distances), near.targets, near.runs)
    assert fair_threshold(far, 0.975) > 1.6 * fair_threshold(near, 0.975)


def test_with_two_runs_of_one_label_the_threshold_stays_near_what_was_seen() -> None:
    seen = ordinary(np.random.default_rng(7), 2, (0.3, 0.3))
    one_each = np.where(seen.targets == 0, 0, seen.runs)
    threshold = fair_threshold(Ordinary(seen.distances, seen.targets, one_each), 0.999)
    assert threshold <= seen.distances.max()


def test_with_one_run_a_label_99_percent_of_each_label_pass() -> None:
    distances = np.concatenate([np.linspace(1, 2, 101), np.linspace(3, 4, 101)])
    targets = np.repeat([0, 1], 101)
    assert fair_threshold(Ordinary(distances, targets, targets), 0.975) == pytest.approx(3.99)
