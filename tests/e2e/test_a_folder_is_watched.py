"""A camera drops files into a watched folder: the report follows, and Ctrl-C ends it in order."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bloodsmear import paths

Start = Callable[..., "subprocess.Popen[str]"]
RowsOf = Callable[[Path], list[dict[str, str]]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_files_that_come_are_screened_until_ctrl_c(
    tiny_classifiers: Path, start: Start, rows_of: RowsOf, tmp_path: Path
) -> None:
    folder, report = tmp_path / "camera", tmp_path / "r.csv"
    folder.mkdir()
    shutil.copy(paths.demo_images() / "synthetic-1" / "smear-1.jpg", folder)
    with start("screen", "--watch", folder, "-o", report, "--jobs", 1) as process:
        wait_for_rows(report, 1, process, rows_of)
        shutil.copy(paths.demo_images() / "synthetic-1" / "smear-2.jpg", folder)
        wait_for_rows(report, 2, process, rows_of)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err == "bloodsmear: Stopped. Give the same command again to go on watching.\n"
    assert f"2 images in {report}" in out
    assert [row["status"] for row in rows_of(report)] == ["ok", "ok"]


def wait_for_rows(report: Path, rows: int, process: "subprocess.Popen[str]", rows_of: RowsOf) -> None:
    until = time.monotonic() + 90
    while not report.exists() or len(rows_of(report)) < rows:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.1)
