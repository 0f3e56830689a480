"""Ctrl-C as a request to stop: what is finished is kept, a second one stops at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bloodsmear.jobs import Cancel


@contextmanager
def ctrl_c_requests(cancel: Cancel) -> Iterator[None]:
    """Within the block the first Ctrl-C asks `cancel` to stop; the second raises KeyboardInterrupt."""
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread hears signals.
        yield
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        cancel.request()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
