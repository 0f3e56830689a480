"""How long the program takes to start: the real window on the demo images, each time in a fresh process.

.venv/bin/python benchmarks/startup.py [--runs N] [--against CHECKOUT]

Every figure counts from the start of the process, the interpreter included. The first start is thrown away: it
makes the classifiers' graphs and fills the disk cache. On a PC that is busy otherwise the clock tells little: the load
is printed, and beside each row the middle of what the process took of the processor's cores. Exit status 1: a
classifier was refused, or TensorFlow or Keras is loaded. `--against` times another checkout in turn with this one, so
that both meet the same PC.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WATCHED = Path(__file__).with_name("watched_window.py")
DEV = Path("build_scripts") / "dev.py"
VENV = ROOT / ".venv"
DEMO_IMAGES = ROOT / "assets" / "demo"
TIMEOUT_S = 300.0

ROWS = {
    "window": ("window visible", "< 1.0 s"),
    "image": ("first image shown", ""),
    "classifiers": ("both classifiers ready", "< 3 s"),
    "answers": ("first image read by both", ""),
    "version": ("bloodsmear --version", ""),
    "dev": ("dev.py run, before the program", "about a second with the window"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds by the keys of ROWS, by the clock and of the processor (where that is known), the classifiers'
    refusals, and what is loaded and should not be.
    """

    seconds: dict[str, float]
    processor: dict[str, float]
    refused: tuple[str, ...]
    loaded: tuple[str, ...]


def main(words: list[str]) -> int:
    """Time the starts and print them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the start of the program.")
    parser.add_argument("--runs", type=int, default=5, help="starts that count (5)")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="another checkout, timed in turn")
    parsed = parser.parse_args(words)
    checkouts = [ROOT] if parsed.against is None else [ROOT, parsed.against.absolute()]
    with tempfile.TemporaryDirectory(prefix="bloodsmear-startup-") as scratch:
        starts = time_starts(checkouts, parsed.runs, Path(scratch))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    print(
        f"{os.cpu_count()} cores, load {load}, Qt on {_environment(ROOT, ROOT)['QT_QPA_PLATFORM'] or 'the display'}"
    )
    print_table(starts[ROOT])
    if parsed.against is not None:
        print_ratios(starts[ROOT], starts[checkouts[1]])
    return print_verdict(starts[ROOT])


def time_starts(checkouts: list[Path], runs: int, scratch: Path) -> dict[Path, list[Start]]:
    """Start each checkout `runs` times in turn, after one start of each that does not count."""
    starts: dict[Path, list[Start]] = {checkout: [] for checkout in checkouts}
    for run in range(runs + 1):
        for number, checkout in enumerate(checkouts):
            start = time_start(checkout, scratch / str(number))
            if run > 0:
                starts[checkout].append(start)
    return starts


def time_start(checkout: Path, home: Path) -> Start:
    """Start the programs of a checkout once, with the user's folders below `home`."""
    home.mkdir(exist_ok=True)
    environment = _environment(checkout, home)
    figures = home / "figures.json"
    figures.unlink(missing_ok=True)
    began = time.time()
    _run([str(WATCHED), str(figures), str(DEMO_IMAGES)], environment)
    outcome = json.loads(figures.read_text(encoding="utf-8"))
    seconds = {what: at - began for what, at in outcome["seen"].items()}
    seconds["version"] = _time_of(["-m", "desktop.start", "--version"], environment)
    if (VENV / "set-up-finished").exists():
        # `setup` does what `run` does before it turns into the program.
        seconds["dev"] = _time_of([str(checkout / DEV), "setup"], environment)
    return Start(seconds, outcome["worked"], tuple(outcome["refused"]), tuple(outcome["loaded"]))


def print_table(starts: list[Start]) -> None:
    """Print the least, the middle and the largest of each row's seconds, beside its goal."""
    print(
        f"{'seconds from the start of the process':38}{'min':>7}{'median':>8}{'max':>7}{'processor':>11}  goal"
    )
    for key, (words, goal) in ROWS.items():
        taken = [start.seconds[key] for start in starts if key in start.seconds]
        if taken:
            figures = f"{min(taken):7.2f}{statistics.median(taken):8.2f}{max(taken):7.2f}"
            worked = [start.processor[key] for start in starts if key in start.processor]
            figures += f"{statistics.median(worked):11.2f}" if worked else " " * 11
            print(f"{words:38}{figures}  {goal}".rstrip())


def print_ratios(ours: list[Start], others: list[Start]) -> None:
    """Print the least and the middle of each row's seconds as a share of the other checkout's."""
    print(f"{'as a share of the other checkout':38}{'min':>7}{'median':>8}")
    for key, (words, _goal) in ROWS.items():
        pairs = [[start.seconds[key] for start in side if key in start.seconds] for side in (ours, others)]
        if all(pairs):
            least, middle = (of(pairs[0]) / of(pairs[1]) for of in (min, statistics.median))
            print(f"{words:38}{least:7.2f}{middle:8.2f}")


def print_verdict(starts: list[Start]) -> int:
    """Say which classifiers were refused and whether TensorFlow or Keras was loaded; returns the exit status."""
    refused = sorted({reason for start in starts for reason in start.refused})
    loaded = sorted({name for start in starts for name in start.loaded})
    for reason in refused:
        print(f"refused: {reason}")
    print(f"loaded: {', '.join(loaded)}" if loaded else "neither tensorflow nor keras is loaded")
    return 1 if loaded or refused else 0


def _environment(checkout: Path, home: Path) -> dict[str, str]:
    environment = {**os.environ, "BLOODSMEAR_HOME": str(home), "PYTHONPATH": str(checkout)}
    shows = sys.platform in {"win32", "darwin"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    environment.setdefault("QT_QPA_PLATFORM", "" if shows else "offscreen")
    return environment


def _time_of(words: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    _run(words, environment)
    return time.perf_counter() - began


def _run(words: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, *words]
    outcome = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    if outcome.returncode != 0:
        raise SystemExit(f"{outcome.stderr}{' '.join(command)} ended with code {outcome.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
