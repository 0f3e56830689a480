"""Words that cannot be meant are refused at once: Keras and its backend, which take seconds to load, stay unloaded."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear.jobs.training_messages import Failed, decode_message

# Several commands in one process; each one's exit status, and what of Keras was loaded by then.
_CHILD = """
import json, sys
from training.program import main
for words in json.loads(sys.argv[1]):
    print(main(words), [name for name in ("keras", "tensorflow", "jax") if name in sys.modules])
"""


@pytest.mark.skipif(sys.platform == "darwin", reason="on a Mac the backend itself is asked for a GPU")
def test_a_fit_and_an_export_that_are_refused_load_no_keras(
    labelled_folder: Callable[[int], Path], tmp_path: Path
) -> None:
    data, run, split = str(labelled_folder(10)), str(tmp_path / "run"), tmp_path / "split.json"
    split.write_text('{"seed": 1, "description": "", "parts": {"elsewhere.png": "train"}}', "utf-8")
    commands = [
        ["fit", "no-such-folder", "--run", run],
        ["fit", data, "--run", run, "--split", str(split)],
        ["export", "no-such-run", "--data", data, "-o", str(tmp_path / "tiny")],
    ]
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps(commands)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert [line for line in child.stdout.splitlines() if line.endswith("]")] == ["2 []"] * 3, child.stderr
    for reason in ("no-such-folder", "is not in the split", "no-such-run does not hold a training run"):
        assert reason in child.stderr


def test_only_a_terminal_is_told_the_programs_name(tmp_path: Path) -> None:
    refused = ["fit", "no-such-folder", "--run", str(tmp_path / "run")]
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps([refused, ["--messages", *refused]])],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.stderr.startswith("bloodsmear-train: "), child.stderr
    said = [decode_message(line) for line in child.stdout.splitlines()]
    assert [message.sentence for message in said if isinstance(message, Failed)] == [
        child.stderr.removeprefix("bloodsmear-train: ").rstrip()
    ]
