"""A run's folder belongs to one process at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear.errors import TrainingError
from training.fitting.run_lock import hold_run

HOLD = """
import sys
from pathlib import Path
from training.fitting.run_lock import hold_run
with hold_run(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_process_is_refused_until_the_first_ends_however_it_ends(tmp_path: Path) -> None:
    run = tmp_path / "run"
    command = [sys.executable, "-c", HOLD, str(run)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(TrainingError, match="Another program is working on the run"), hold_run(run):
            pass
        other.kill()
        other.wait()
        with hold_run(run):
            pass


def test_a_run_is_held_again_after_it_was_let_go_and_no_folder_is_made(tmp_path: Path) -> None:
    for _ in range(2):
        with hold_run(tmp_path / "run"), hold_run(tmp_path / "another run"):
            assert not (tmp_path / "run").exists()
