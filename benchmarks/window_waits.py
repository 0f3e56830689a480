"""Waiting for the real window, and what its process holds: for the benchmarks that drive it."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

LONGEST_WAIT_S = 300.0


def spin(holds: Callable[[], bool]) -> None:
    """Let the window live until `holds()`. SystemExit when that takes too long."""
    until = time.perf_counter() + LONGEST_WAIT_S
    loop, look = QEventLoop(), QTimer(interval=1)
    look.timeout.connect(lambda: loop.quit() if holds() or time.perf_counter() > until else None)
    look.start()
    loop.exec()
    look.stop()
    if not holds():
        raise SystemExit(f"The window did not come to it within {LONGEST_WAIT_S:g} s.")


def resident_mb() -> float:
    """The memory that the process holds now; 0 where the system does not tell it in a file."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1e3
