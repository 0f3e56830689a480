"""Waiting for the real window, and what its process holds: for the benchmarks that drive it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from bloodsmear.workflows.classifier_set import ClassifierSet
from desktop.gui.app import build_window
from desktop.gui.main_window import MainWindow

LONGEST_WAIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds since something began, by the clock and of the processor's cores together."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Moment:
        """Since any beginning."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, began: Moment) -> Moment:
        """What lies between the two."""
        return Moment(self.clock - began.clock, self.processor - began.processor)

    def __str__(self) -> str:
        return f"{self.clock:7.2f} ({self.processor:6.2f})"


def show_window(load_classifiers: Callable[[], ClassifierSet] | None = None) -> MainWindow:
    """The real window, of a small screen's size, with the user's classifiers or these."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    window = build_window(app, load_classifiers=load_classifiers)
    window.resize(1366, 768)
    window.show()
    return window


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
    return _told_mb("VmRSS:")


def most_resident_mb() -> float:
    """The most that the process has held until now; 0 where the system does not tell it in a file."""
    return _told_mb("VmHWM:")


def _told_mb(name: str) -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1e3


class Stillness:
    """How long the window has stood still at most, in seconds, while this watches: what the reader would notice."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._at = time.perf_counter()
        self._beat = QTimer(interval=1)
        self._beat.timeout.connect(self._note)
        self._beat.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._beat.stop()

    def _note(self) -> None:
        now = time.perf_counter()
        self.longest_s, self._at = max(self.longest_s, now - self._at), now
