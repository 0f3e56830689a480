"""Looks into the open study's file again and again for what other programs have written there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from desktop.gui.study_controller.study_file import StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.storage.study_store import StudyStore

# What another program does is to be seen within a second or two. One look takes 0.1 ms of a local disk; a network
# drive that takes a tenth of a second is looked at every two.
_LOOK_MS = 1000
_RESTS_PER_LOOK = 20


class RepeatedLook(QObject):
    """From `begin` until the study is closed: `look(store)` in the lane of the study's file, and `take(what it found)`
    on the window's thread.
    """

    def __init__(
        self, file: StudyFile, look: Callable[[StudyStore], Any], take: Callable[[Any], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._look = look
        self._take = take
        self._opening = 0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._look_now)
        file.closed.connect(self._stop)

    def begin(self) -> None:
        """The study was opened: look from now on."""
        self._next.start(_LOOK_MS)

    def _stop(self) -> None:
        self._opening += 1
        self._next.stop()

    def _look_now(self) -> None:
        opening = self._opening
        took_ms = 0

        def look(store: StudyStore) -> object:
            nonlocal took_ms
            began = time.monotonic()
            try:
                return self._look(store)
            finally:
                took_ms = round(1000 * (time.monotonic() - began))

        def look_again() -> None:
            if opening == self._opening:
                self._next.start(max(_LOOK_MS, _RESTS_PER_LOOK * took_ms))

        def take(found: object) -> None:
            if opening == self._opening:
                look_again()
                self._take(found)

        job = self._file.job(look)
        job.finished.connect(take)
        # A drive that is gone says so when something is decided; until then it may come back.
        job.failed.connect(lambda _sentence: look_again())
        self._file.start(job)
