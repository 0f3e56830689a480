"""The graph against the network."""

import numpy as np
import numpy.typing as npt
import pytest

from bloodsmear.classifiers.engine import RawAnswer
from bloodsmear.classifiers.recipe import Recipe
from bloodsmear.errors import TrainingError
from training.exporting.parity import name_of_processor, parity_inputs, require_parity

RECIPE = Recipe(
    fill_scale_bar=False,
    denoise=None,
    width_px=12,
    height_px=10,
    resize="area",
    channels="rgb",
    scale=1 / 255,
    offset=0.0,
)
ANSWER = np.array([0.7, 0.1, 0.1, 0.1], np.float32)


class FixedEngine:
    """Answers every image alike."""

    def run(self, prepared: npt.NDArray[np.float32]) -> RawAnswer:
        return RawAnswer(ANSWER, None)


def reference(off_by: float, dtype: type[np.floating]) -> npt.NDArray[np.floating]:
    return np.array([[0.7 + off_by, 0.1 - off_by, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1]], dtype)


def test_both_sides_answer_the_demo_images_and_some_real_ones() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 10, 12, 3), np.uint8)
    inputs = parity_inputs(RECIPE, pictures)
    assert len(inputs) > len(pictures)
    assert {prepared.shape for prepared in inputs} == {(10, 12, 3)}
    assert np.array_equal(inputs[-1], (pictures[-1] / 255).astype(np.float32))


# A backend without double precision brings its own rounding along.
@pytest.mark.parametrize(("off_by", "dtype"), [(2e-6, np.float64), (3e-5, np.float32)])
def test_a_graph_may_differ_from_its_network_by_rounding(off_by: float, dtype: type[np.floating]) -> None:
    inputs = [np.zeros((10, 12, 3), np.float32)] * 2
    difference = require_parity(FixedEngine(), inputs, reference(off_by, dtype))
    assert difference == pytest.approx(off_by, abs=1e-6)


@pytest.mark.parametrize(
    ("off_by", "dtype"), [(3e-5, np.float64), (2e-4, np.float32), (float("nan"), np.float64)]
)
def test_a_graph_that_differs_by_more_is_not_a_classifiers(off_by: float, dtype: type[np.floating]) -> None:
    inputs = [np.zeros((10, 12, 3), np.float32)] * 2
    with pytest.raises(TrainingError, match="The graph does not answer as the network that was trained"):
        require_parity(FixedEngine(), inputs, reference(off_by, dtype))


@pytest.mark.parametrize(("backend", "name"), [("tensorflow", "cpu:0"), ("jax", "cpu:0"), ("torch", "cpu")])
def test_the_processor_has_the_name_that_each_backend_gives_it(backend: str, name: str) -> None:
    """By PyTorch's other name, no network with dropout could be exported: seen with PyTorch 2.14 and Keras 3.15.1."""
    assert name_of_processor(backend) == name
