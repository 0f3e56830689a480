"""Benchmarks run for minutes and never in the test command; that each one can still be started is tested here."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# As `python benchmarks/NAME.py` does: the file's folder is first on the path.
LOAD = "import runpy, sys; sys.path[0] = sys.argv[1]; runpy.run_path(sys.argv[2], run_name='loaded')"


@pytest.mark.parametrize("benchmark", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.stem)
def test_it_can_be_started(benchmark: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOAD, str(BENCHMARKS), str(benchmark)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
