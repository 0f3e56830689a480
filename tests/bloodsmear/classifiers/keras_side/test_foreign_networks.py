"""Files of today's Keras as laboratories have them: what works in training only is left out, and each answers right."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# A network fitted in half precision rounds otherwise than in single.
HALF, SINGLE = 1e-3, 1e-5
IN_TRAINING_ONLY = (
    "rotation", "translation", "contrast", "shear", "gaussian_dropout", "spatial_dropout", "called_as_in_training",
)  # fmt: skip
FUNCTIONS = (
    "preprocessed_tf", "preprocessed_torch", "preprocessed_caffe", "mobilenet_v3", "since_keras_3", "operations",
)  # fmt: skip
ONE_OUTPUT = ("sigmoid", "sigmoid_apart", "sigmoid_inside")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float | str]:
    """How far each imported network's answers are from those it gives where it was made, or why it is refused."""
    folder = tmp_path_factory.mktemp("foreign")
    for program in ("foreign_networks_program.py", "import_program.py"):
        done = subprocess.run(
            [sys.executable, HERE / program, folder], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
    answered: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return answered


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("name", [*IN_TRAINING_ONLY, *FUNCTIONS, *ONE_OUTPUT])
def test_it_answers_as_where_it_was_made(name: str, ending: str, told: dict[str, float | str]) -> None:
    difference = told[f"{name}.{ending}"]
    assert isinstance(difference, float), difference
    assert difference < SINGLE


def test_augmentation_deep_inside_is_left_out(told: dict[str, float | str]) -> None:
    """Keras itself writes no .h5 file of it."""
    assert told["nested.keras"] == pytest.approx(0, abs=SINGLE)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_one_fitted_in_half_precision_answers_but_for_rounding(
    ending: str, told: dict[str, float | str]
) -> None:
    assert told[f"in_half_precision.{ending}"] == pytest.approx(0, abs=HALF)


def test_one_number_that_is_not_a_probability_is_refused_in_a_sentence(told: dict[str, float | str]) -> None:
    for ending in ("keras", "h5"):
        assert "answers one number that is not a probability" in str(told[f"regression.{ending}"])


def test_every_layer_on_the_list_of_those_of_training_hands_images_on_unchanged() -> None:
    done = subprocess.run(
        [sys.executable, HERE / "training_only_program.py"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert {name for name, unchanged in told.items() if not unchanged} == set()
    assert len(told) > 25
