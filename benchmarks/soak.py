"""The long versions of the reliability tests, and a soak: thousands of images in one run, with memory recorded.

.venv/bin/python benchmarks/soak.py [--images N] [--only tests|images]

The tests look at 60,000 damaged files and kill a screening at 25 random moments (pytest with BLOODSMEAR_SOAK=1).
The soak screens N demo-like images (20,000), one in fifty of them damaged, with the classifiers of this PC, and
prints the rate and the largest memory. Exit status 1: a test failed, an image has no row, or memory grew over the
limit.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG_TESTS = (
    "tests/bloodsmear/images/test_damaged_files.py",
    "tests/bloodsmear/images/test_decompression_bombs.py",
    "tests/e2e/test_a_killed_screening_ends_in_the_same_report.py",
)
# What 100,000 images may take with both classifiers (issue 6).
MEMORY_LIMIT_MB = 1500
_DAMAGED_EVERY = 50
_SAMPLE_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Soak:
    """What a long run came to; memory in MB, None where the system does not tell it of a child process."""

    exit_code: int
    rows: int
    unreadable: int
    seconds: float
    early_memory_mb: float | None
    largest_memory_mb: float | None


def main(words: list[str]) -> int:
    """Run what was asked for and print it; returns the exit status."""
    parser = argparse.ArgumentParser(description="Long reliability tests and a soak.")
    parser.add_argument("--images", type=int, default=20_000, help="images of the soak (20000)")
    parser.add_argument("--only", choices=["tests", "images"], help="one of the two")
    parsed = parser.parse_args(words)
    well = True
    if parsed.only != "images":
        well = run_long_tests() == 0
    if parsed.only != "tests":
        with tempfile.TemporaryDirectory(prefix="bloodsmear-soak-") as scratch:
            soak = screen_many(Path(scratch), parsed.images)
        print_soak(soak)
        well = well and is_well(soak, parsed.images)
    return 0 if well else 1


def run_long_tests() -> int:
    """The reliability tests at their full length; returns pytest's exit status."""
    # The tests' limit for one that hangs is meant for their short versions.
    words = [sys.executable, "-m", "pytest", "-q", "-o", "faulthandler_timeout=0", *LONG_TESTS]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, "BLOODSMEAR_SOAK": "1"}, check=False).returncode


def screen_many(scratch: Path, images: int) -> Soak:
    """Screen `images` files in a process of its own and watch its memory."""
    folder, report = scratch / "smears", scratch / "r.csv"
    make_images(folder, images)
    words = [sys.executable, "-m", "desktop.start", "screen", str(folder), "-o", str(report)]
    started = time.monotonic()
    memory: list[float] = []
    with subprocess.Popen(
        words, cwd=ROOT, env={**os.environ, "BLOODSMEAR_HOME": str(scratch / "home")}
    ) as run:
        while run.poll() is None:
            if (now_mb := resident_mb(run.pid)) is not None:
                memory.append(now_mb)
            time.sleep(_SAMPLE_EVERY_S)
    rows = list(csv.DictReader(report.open(encoding="utf-8-sig", newline=""))) if report.exists() else []
    early = memory[: max(1, len(memory) // 5)]
    return Soak(
        exit_code=run.returncode,
        rows=len(rows),
        unreadable=sum(row["status"] == "unreadable" for row in rows),
        seconds=time.monotonic() - started,
        early_memory_mb=max(early, default=None),
        largest_memory_mb=max(memory, default=None),
    )


def make_images(folder: Path, images: int) -> None:
    """Copies of the demo images in cases of a hundred, each other in its bytes; one in fifty is cut off."""
    demo = [path.read_bytes() for path in sorted((ROOT / "assets" / "demo").rglob("*.jpg"))]
    for number in range(images):
        path = folder / f"case {number // 100}" / f"smear {number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Behind the end of a JPEG nothing is read: other bytes, the same picture.
        content = demo[number % len(demo)] + str(number).encode()
        path.write_bytes(content[: len(content) // 2] if number % _DAMAGED_EVERY == 0 else content)


def resident_mb(pid: int) -> float | None:
    """The memory of a process now, in MB; None where the system has no /proc."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    resident = next((line for line in status.splitlines() if line.startswith("VmRSS:")), None)
    return int(resident.split()[1]) / 1000 if resident else None


def print_soak(soak: Soak) -> None:
    """The figures, one a line."""
    print(f"{soak.rows} rows, {soak.unreadable} of them unreadable, exit code {soak.exit_code}")
    print(f"{soak.seconds:.0f} s, {soak.rows / soak.seconds:.2f} images a second on {os.cpu_count()} cores")
    if soak.early_memory_mb is not None and soak.largest_memory_mb is not None:
        print(
            f"memory {soak.early_memory_mb:.0f} MB in the first fifth, {soak.largest_memory_mb:.0f} MB at most"
        )


def is_well(soak: Soak, images: int) -> bool:
    """Whether every image has its row, the damaged ones alone are unreadable, and memory kept its limit."""
    damaged = len(range(0, images, _DAMAGED_EVERY))
    memory_mb = soak.largest_memory_mb or 0.0
    complete = (soak.exit_code, soak.rows, soak.unreadable) == (1, images, damaged)
    return complete and memory_mb < MEMORY_LIMIT_MB


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
