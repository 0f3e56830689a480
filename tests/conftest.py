"""Fixtures for every test."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


@pytest.fixture(autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of its own for each test: none sees the real one, nor that of another test.

    It lies beside `tmp_path`, so that tests may count what they put there themselves.
    """
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BLOODSMEAR_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real smears beside the checkout; a test that wants them skips where they are not."""
    folder = Path(__file__).parent.parent.parent / "shared" / "data"
    if not (folder / "fullsize").is_dir():
        pytest.skip(f"needs the real smears in {folder}")
    return folder


# ---- leaks: a test that leaves a thread, a window or a running timer behind fails

LEAK_GRACE_S = 3.0


@pytest.fixture(autouse=True)
def no_thread_is_left_behind() -> Iterator[None]:
    """Fail a test after which a thread of Python's still runs. Those that wider fixtures started don't count."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + LEAK_GRACE_S
    while (left := _new_threads(before)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not left, f"threads left running: {', '.join(sorted(thread.name for thread in left))}"


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # Threads of C++ libraries that once called Python stay listed as dummies for ever.
    return [
        thread
        for thread in set(threading.enumerate()) - before
        if thread.is_alive() and not isinstance(thread, threading._DummyThread)
    ]


@pytest.fixture(autouse=True)
def no_window_or_timer_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test after which a window that it made still exists, or a timer that it started still runs."""
    started: list[weakref.ref[QTimer]] = []
    start = QTimer.start

    def record_and_start(timer: QTimer, *interval: int) -> None:
        started.append(weakref.ref(timer))
        start(timer, *interval)

    monkeypatch.setattr(QTimer, "start", record_and_start)
    before = set(_windows())
    yield
    left = _new_windows(before)
    assert not left, f"windows left behind: {', '.join(left)}"
    running = [_description(timer) for timer in (reference() for reference in started) if _runs(timer)]
    assert not running, f"timers left running: {', '.join(running)}"


def _windows() -> dict[int, QWidget]:
    if QApplication.instance() is None:
        return {}
    return {shiboken6.getCppPointer(widget)[0]: widget for widget in QApplication.topLevelWidgets()}


def _new_windows(before: set[int]) -> list[str]:
    if set(_windows()) <= before:
        return []
    # Neither what deleteLater() will take nor what only a circle of references keeps alive is a leak.
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return sorted(_description(widget) for address, widget in _windows().items() if address not in before)


def _runs(timer: QTimer | None) -> bool:
    return timer is not None and shiboken6.isValid(timer) and timer.isActive()


def _description(thing: QObject | None) -> str:
    return f"{type(thing).__name__} {thing.objectName()}".strip() if thing is not None else "?"
