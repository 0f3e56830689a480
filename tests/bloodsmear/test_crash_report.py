"""A crash leaves a report without names; an orderly end, a kill and a living process leave none."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear import paths
from bloodsmear.crash_report import CrashWatch, collect_crash_reports, crash_sentence

WATCH = "from bloodsmear.crash_report import CrashWatch; watch = CrashWatch(); "
CRASH = "import faulthandler; faulthandler._sigabrt()"
LOG = (
    "import logging; from bloodsmear.logs import LogFile; LogFile(); "
    "logging.getLogger('bloodsmear').info('screened 0123456789ab'); "
)


def run(program: str) -> int:
    command = [sys.executable, "-c", WATCH + program]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_a_crash_leaves_a_report_with_versions_the_place_and_the_end_of_the_log() -> None:
    assert run(LOG + CRASH) != 0

    (report,) = collect_crash_reports()
    text = report.read_text(encoding="utf-8")
    assert report.parent == paths.logs()
    assert text.startswith("Bloodsmear ")
    assert "Fatal Python error" in text
    assert 'File "<string>"' in text
    assert text.endswith("screened 0123456789ab\n")
    assert str(report) in crash_sentence(report)


def test_the_report_names_no_folder_of_the_code(tmp_path: Path) -> None:
    folder = tmp_path / "Petrov"
    folder.mkdir()
    (folder / "crashing.py").write_text(f"def crash():\n    {CRASH}\n")
    run(f"import sys; sys.path.insert(0, {str(folder)!r}); import crashing; crashing.crash()")

    (report,) = collect_crash_reports()
    text = report.read_text(encoding="utf-8")
    assert 'File "crashing.py", line 2 in crash' in text
    assert "Petrov" not in text


def test_a_report_is_made_once() -> None:
    run(CRASH)
    assert len(collect_crash_reports()) == 1
    assert collect_crash_reports() == []
    assert len(list(paths.logs().iterdir())) == 1


@pytest.mark.parametrize("end", ["watch.close()", "raise SystemExit(3)"])
def test_an_end_without_a_crash_leaves_no_report(end: str) -> None:
    run(end)
    assert collect_crash_reports() == []
    assert list(paths.logs().iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is ended in another way")
def test_a_kill_is_not_a_crash() -> None:
    assert run(f"import os; os.kill(os.getpid(), {int(signal.SIGTERM)})") != 0
    assert collect_crash_reports() == []


def test_a_process_that_runs_is_left_alone() -> None:
    program = WATCH + "print('ready', flush=True); input(); " + CRASH
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        assert collect_crash_reports() == []
        running.communicate("\n")
    assert len(collect_crash_reports()) == 1


def test_the_ten_newest_reports_are_kept() -> None:
    paths.logs().mkdir(parents=True)
    for number in range(12):
        (paths.logs() / f"crash 2026-01-{number + 10} 120000.txt").touch()
    run(CRASH)
    made = collect_crash_reports()
    kept = sorted(paths.logs().iterdir())
    assert len(kept) == 10
    assert kept[-1] == made[0]


def test_where_no_log_can_be_written_nothing_is_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    CrashWatch(tmp_path / "file" / "logs").close()
    assert collect_crash_reports(tmp_path / "file" / "logs") == []
