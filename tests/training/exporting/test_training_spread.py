"""The statistics that an export puts into a card."""

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.appearance import appearance_of
from bloodsmear.classifiers.feature_distance import FeatureDistance
from bloodsmear.classifiers.recipe import Recipe
from training.data.pictures import Pictures
from training.exporting.training_spread import SeenPart, runs_of, spread_of_training
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
        made.append(SeenPart(pictures(random, count, 180), targets, random.normal(size=(count, 40))))
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
    assert passed.mean() == pytest.approx(0.99, abs=0.015)
    assert unlike.appearance is not None
    distance = FeatureDistance(unlike.appearance)
    random = np.random.default_rng(4)

    def flagged(brightness: float) -> float:
        looks = np.stack([appearance_of(one, RECIPE) for one in pictures(random, 100, brightness)])
        assert unlike.appearance is not None
        return float(np.mean(distance.of_all(looks) > unlike.appearance.threshold))

    assert flagged(180) <= 0.06
    assert flagged(130) == 1.0
