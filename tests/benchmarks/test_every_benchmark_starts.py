"""Benchmarks run for minutes and never in the test command; that each one can still be started is tested here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# As `python benchmarks/NAME.py` does: the file's folder is first on the path. All in one process, where what many of
# them load is loaded once.
LOAD_ALL = """
import json, runpy, sys, traceback
folder, *benchmarks = sys.argv[1:]
failed, path = {}, sys.path[1:]
for benchmark in benchmarks:
    sys.path[:] = [folder, *path]
    try:
        runpy.run_path(benchmark, run_name="loaded")
    except BaseException:
        failed[benchmark] = traceback.format_exc()
print(json.dumps(failed))
"""


@pytest.fixture(scope="module")
def failed() -> dict[str, str]:
    """Why a benchmark could not be started, by its file; none of those that could."""
    files = [str(file) for file in sorted(BENCHMARKS.glob("*.py"))]
    ended = subprocess.run(
        [sys.executable, "-c", LOAD_ALL, str(BENCHMARKS), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("benchmark", sorted(BENCHMARKS.glob("*.py")), ids=lambda path: path.stem)
def test_it_can_be_started(benchmark: Path, failed: dict[str, str]) -> None:
    assert str(benchmark) not in failed, failed.get(str(benchmark))
