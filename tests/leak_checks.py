"""The plugin of pytest that fails a test which leaves a thread, a window or a running timer behind.

pyproject.toml loads it, beside build_scripts/quick_tests.py.
"""

import gc
import threading
import time
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

LEAK_GRACE_S = 3.0


@pytest.fixture(scope="module", autouse=True)
def what_stays_is_not_looked_through() -> None:
    """Let the collections after each test pass over libraries and all else that is there before a file's tests.

    They took a third of the processor's time of the window's tests.
    """
    gc.collect()
    gc.freeze()


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


@pytest.fixture(autouse=True)
def no_box_waits_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box that a test did not answer itself would wait for ever; in its place it says which it was."""
    monkeypatch.setattr(QMessageBox, "exec", lambda box: pytest.fail(f"a box asks: {box.informativeText()}"))


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
