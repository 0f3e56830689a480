"""kill -9 at random moments: the same command goes on, and its report is that of a run that nothing disturbed.

`BLOODSMEAR_SOAK=1` (benchmarks/soak.py) kills at 25 moments.
"""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from bloodsmear.errors import StudyError
from bloodsmear.review.records import ImageRecord
from bloodsmear.storage.study_store import StudyStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")

Bloodsmear = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
IMAGES = 24
MOMENTS = 25 if os.environ.get("BLOODSMEAR_SOAK") == "1" else 2


@pytest.fixture
def smears(tmp_path: Path) -> Path:
    """Images in three cases that take a while when they are denoised as well, and one that cannot be read."""
    noise = np.random.default_rng(5)
    for number in range(IMAGES - 1):
        path = tmp_path / "smears" / f"case {number % 3}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = noise.integers(0, 256, (64, 96, 3), dtype=np.uint8)
        path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    (tmp_path / "smears" / "torn.png").write_bytes(path.read_bytes()[:900])
    return tmp_path / "smears"


def finished_in(study: Path) -> dict[str, ImageRecord]:
    try:
        with StudyStore.open_existing(study) as store:
            return {record.image: record for record in store.records() if record.screened_at is not None}
    except StudyError:
        return {}


def kill_when(study: Path, finished: int, process: "subprocess.Popen[str]", delay_s: float) -> None:
    until = time.monotonic() + 60
    while len(finished_in(study)) < finished and process.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    time.sleep(delay_s)
    process.kill()
    process.communicate()


@pytest.fixture
def undisturbed(tiny_classifiers: Path, bloodsmear: Bloodsmear, smears: Path) -> bytes:
    """The report of a run that nothing disturbed, but for the times."""
    report = smears.parent / "whole.csv"
    done = bloodsmear("screen", smears, "-o", report, "--study", report.with_suffix(""), "--check-denoised")
    assert done.returncode == 1
    return without_times(report)


def without_times(report: Path) -> bytes:
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"", report.read_bytes())


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_the_report_after_kill_9_is_that_of_an_undisturbed_run(
    start: Start, bloodsmear: Bloodsmear, smears: Path, undisturbed: bytes, moment: int
) -> None:
    chance = random.Random(moment)
    study, report = smears.parent / "s", smears.parent / "r.csv"
    words = ("screen", smears, "-o", report, "--study", study, "--check-denoised")
    with start(*words, "--jobs", 1 + moment % 3) as process:
        kill_when(study, chance.randrange(IMAGES), process, chance.uniform(0, 0.1))
    kept = finished_in(study)

    done = bloodsmear(*words)

    assert done.returncode == 1
    assert without_times(report) == undisturbed
    # What was finished before the kill was not done again: it has its time still.
    after = finished_in(study)
    assert {image: after[image] for image in kept} == kept
