"""The work on one denoised picture, in threads; the picture is held in memory, and on the disk where it took long."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.denoise_settings import DenoisedKey
from bloodsmear.images.region import Region
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.held_pictures import HeldPictures
from desktop.gui.study.image_jobs import keep_denoised

if TYPE_CHECKING:  # OpenCV comes in with it, on the jobs' threads
    from bloodsmear.images.denoising import Denoising

LANE, STORE_LANE = "denoise", "denoised_store"
# A thread keeps a core busy; more than these would only take the cores from the rest of the PC.
THREADS = max(1, min(8, os.cpu_count() or 1))


@dataclass(frozen=True, slots=True)
class ToDenoise:
    """What remains to be done of the picture of this key."""

    key: DenoisedKey
    denoising: Denoising


class DenoisingRun(QObject):
    """Computes what remains of one picture, on every core. `part(Region)` for each tile; in the end
    `complete(pixels)`, or `failed(sentence)`.

    Superseding the lane stops it; what is done stays among the held pictures.
    """

    part = Signal(Region)
    complete = Signal(object)
    failed = Signal(str)

    def __init__(self, held: HeldPictures, runner: JobRunner, work: ToDenoise, parent: QObject) -> None:
        super().__init__(parent)
        self._held = held
        self._runner = runner
        self._work = work
        self._ended = False
        if work.key.settings.slow:
            held.hold_begun(work.key, work.denoising)

    def start(self) -> None:
        """Compute; connect first."""
        for _ in range(THREADS if self._work.key.settings.slow else 1):
            self._start_thread()

    def _start_thread(self) -> None:
        denoising = self._work.denoising
        job = self._runner.job(lambda _report, cancel: denoising.run(lambda tile: job.post(tile), cancel))
        job.part.connect(self._take)
        job.finished.connect(lambda _nothing: self._end_when_complete())
        job.failed.connect(self._fail)
        self._runner.start(LANE, job)

    def _take(self, tile: Region) -> None:
        if not self._ended:
            self.part.emit(tile)

    def _end_when_complete(self) -> None:
        # The threads end one after the other; a tile of another may still be under way.
        if self._ended or not self._work.denoising.complete:
            return
        self._ended = True
        key, pixels = self._work.key, self._work.denoising.pixels
        self._held.hold_complete(key, pixels)
        if key.settings.slow:
            self._runner.start(
                STORE_LANE, self._runner.job(lambda _report, _cancel: keep_denoised(key, pixels))
            )
        self.complete.emit(pixels)

    def _fail(self, sentence: str) -> None:
        if not self._ended:
            self._ended = True
            self._runner.supersede(LANE)
            self.failed.emit(sentence)
