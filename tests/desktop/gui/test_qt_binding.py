"""The Qt binding itself: a version that damages Python's own objects must not get into the lock."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

# From 3.12 on None and True are never freed, and a library of the stable ABI may count them down: no fault.
pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True cannot be lost from Python 3.12 on"
)
CALLS = 200


class _Sender(QObject):
    sent = Signal(bool)


def _lost(thing: object, call: Callable[[], object]) -> int:
    """How many references to `thing` so many calls take away."""
    call()
    before = sys.getrefcount(thing)
    for _ in range(CALLS):
        call()
    return before - sys.getrefcount(thing)


# PySide6 6.12.0 on Python 3.11 lost one reference a call, and Python aborted with "deallocating None".
@pytest.mark.parametrize("method", ["update", "parentWidget", "layout"])
def test_a_call_that_returns_nothing_takes_no_reference_from_none(qtbot: QtBot, method: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert _lost(None, getattr(widget, method)) < CALLS / 2


def test_a_signal_takes_no_reference_from_true(qtbot: QtBot) -> None:
    sender = _Sender()
    sender.sent.connect(lambda _on: None)
    assert _lost(True, lambda: sender.sent.emit(True)) < CALLS / 2
