"""Screening, listing and the doctor open no network connection, nor do the processes that they start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bloodsmear import paths

# Loaded by every Python that is started with its folder on PYTHONPATH, so child processes are watched, too.
WATCH = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        with open(os.environ["CONNECTIONS"], "a") as log:
            log.write(f"{event} {arguments[1:]} by {sys.argv}\\n")
        raise OSError("this test has no network")

sys.addaudithook(refuse)
"""


@pytest.fixture
def environment(tmp_path: Path, home_of_its_own: Path) -> dict[str, str]:
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "watch"),
        "CONNECTIONS": str(tmp_path / "connections.txt"),
        "BLOODSMEAR_HOME": str(home_of_its_own),
    }


def bloodsmear(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop.start", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def connections(environment: dict[str, str]) -> str:
    log = Path(environment["CONNECTIONS"])
    return log.read_text(encoding="utf-8") if log.exists() else ""


def test_the_watch_sees_a_connection(environment: dict[str, str]) -> None:
    attempt = "import socket; socket.create_connection(('localhost', 9))"
    assert subprocess.run(
        [sys.executable, "-c", attempt], env=environment, check=False, capture_output=True
    ).returncode
    assert "socket.getaddrinfo" in connections(environment)


@pytest.mark.parametrize("words", [["doctor"], ["classifiers", "list"], ["--help"]])
def test_looking_around_opens_no_connection(words: list[str], environment: dict[str, str]) -> None:
    outcome = bloodsmear(environment, *words)
    assert "Traceback" not in outcome.stderr
    assert outcome.stdout + outcome.stderr
    assert connections(environment) == ""


def test_screening_opens_no_connection(environment: dict[str, str], tmp_path: Path) -> None:
    """With an empty cache, so that the classifiers are converted in processes of their own."""
    if not any(paths.shipped_classifiers().glob("*/model.keras")):
        pytest.skip("no classifier ships yet")
    case = next(folder for folder in sorted(paths.demo_images().iterdir()) if folder.is_dir())
    outcome = bloodsmear(environment, "screen", str(case), "-o", str(tmp_path / "report.csv"), "--quiet")
    assert outcome.returncode == 0, outcome.stderr
    assert (tmp_path / "report.csv").exists()
    assert connections(environment) == ""
