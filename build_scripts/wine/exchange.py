"""A study and a classifier that one system made, gone on with on the other: nothing in them is of the system."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from wine.packages import SetUpError
from wine.prefix import Wine
from wine.windows_python import WindowsPython

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("exchange_program.py").relative_to(ROOT)
# Golden answers may differ by as much between two processors; the card's own test allows no more.
_MOST_DIFFERENT = 0.001
_PATIENCE_S = 1200
# Runs exchange_program.py with these words; what it said, a line each. SetUpError.
Run = Callable[..., list[str]]


def on_linux(home: Path) -> Run:
    """This Python, with a user's folder of its own."""

    def run(*words: str) -> list[str]:
        environment = os.environ | {"BLOODSMEAR_HOME": str(home)}
        call = [sys.executable, str(PROGRAM), *words]
        outcome = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return _said("Linux", words, outcome)

    return run


def on_windows(prefix: Path, python: WindowsPython, home: Path) -> Run:
    """The Windows Python, with a user's folder of its own."""
    wine = Wine(prefix, BLOODSMEAR_HOME=str(home.relative_to(ROOT)), PYTHONUTF8="1")

    def run(*words: str) -> list[str]:
        return _said(
            "Windows", words, wine(python.program, PROGRAM, *words, folder=ROOT, timeout_s=_PATIENCE_S)
        )

    return run


def _said(system: str, words: Sequence[str], outcome: subprocess.CompletedProcess[str]) -> list[str]:
    if outcome.returncode:
        raise SetUpError(
            f"{' '.join(words)} failed on {system}: {outcome.stdout[-2000:]}{outcome.stderr[-2000:]}"
        )
    return outcome.stdout.splitlines()


def exchange_study(study: Path, first: Run, second: Run) -> int:
    """Decide in the study on the first system, go on with it on the second; how many events both read alike."""
    there = os.path.relpath(study, ROOT)
    first("decide", there, "Ada")
    before = first("events", there)
    if second("events", there) != before:
        raise SetUpError(f"The two systems don't read the same in {study}.")
    second("decide", there, "Grace")
    after = first("events", there)
    if second("events", there) != after:
        raise SetUpError(f"The two systems don't read the same in {study}, gone on with on the second.")
    state, *events = [json.loads(line) for line in after]
    if state != {"whole": True, "damage": ""}:
        raise SetUpError(f"{study} is not whole any more: {state}")
    return sum("hash" in one for one in events)


def exchange_classifier(folder: Path, archive: Path, first: Run, second: Run) -> float:
    """Pack a classifier on the first system and add it on both; the largest difference of their answers."""
    words = [os.path.relpath(path, ROOT) for path in (folder, archive)]
    first("pack", words[0], "carried", words[1])
    answers = [[json.loads(line) for line in run("add", words[1])] for run in (first, second)]
    different: list[float] = [
        abs(one - other)
        for ours, theirs in zip(*answers, strict=True)
        for one, other in zip(ours[1:], theirs[1:], strict=True)
    ]
    if max(different) > _MOST_DIFFERENT:
        raise SetUpError(f"The classifier of {archive} answers otherwise on the other system: {answers}")
    return max(different)


def fresh(folder: Path) -> Path:
    """The folder, empty. OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
