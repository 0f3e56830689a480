"""Files as Keras 2 wrote them, rebuilt: each network answers as it did."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def differences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """How far each rebuilt network's answers are from those of the network that was saved."""
    if importlib.util.find_spec("tf_keras") is None:
        pytest.skip("needs tf_keras, the last Keras 2, to write such files")
    folder = tmp_path_factory.mktemp("older files")
    for program in ("old_networks_program.py", "rebuild_program.py"):
        done = subprocess.run(
            [sys.executable, HERE / program, folder], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
    answered: dict[str, float] = json.loads(done.stdout)
    return answered


@pytest.mark.parametrize(
    "name",
    [
        "mobilenet_v2", "efficientnet_b0", "densenet121", "resnet50", "plain_operations", "adapted",
        "constants_first", "divided_by_the_image", "preprocessed_tf", "preprocessed_torch", "preprocessed_caffe",
    ],
)  # fmt: skip
def test_a_network_that_keras_2_saved_answers_as_it_did(name: str, differences: dict[str, float]) -> None:
    assert differences[name] < 1e-4
