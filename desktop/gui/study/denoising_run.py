"""The denoised pictures, in memory and on the disk: those that are complete, and those that were begun."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear import paths
from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.denoised_store import DenoisedStore
from bloodsmear.images.recently_used import RecentlyUsed
from bloodsmear.images.region import Region
from desktop.gui.job_runner import JobRunner

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.denoising import Denoising
    from bloodsmear.images.rgb_image import RgbImage

LANE, STORE_LANE = "denoise", "denoised_store"
# A thread keeps a core busy; more than these would only take the cores from the rest of the PC.
THREADS = max(1, min(8, os.cpu_count() or 1))
_MEMORY_BYTES = 256_000_000
# An image, its lightness and colours, what is done of it: 45 MB of 2560 × 1920 px.
_BEGUN_KEPT = 4


@dataclass(frozen=True, slots=True)
class FoundDenoised:
    """What there is of a denoised picture: all of it as it was kept, or what remains to be done."""

    pixels: RgbImage | None
    remaining: Denoising | None


class DenoisedPictures:
    """Complete pictures and begun ones by key, both limited; complete ones go to the disk as well."""

    def __init__(self, runner: JobRunner) -> None:
        self.runner = runner
        self._complete = RecentlyUsed[DenoisedKey, "RgbImage"](_MEMORY_BYTES)
        self._begun: OrderedDict[DenoisedKey, Denoising] = OrderedDict()

    def complete(self, key: DenoisedKey) -> RgbImage | None:
        """The picture; None where it is not in memory."""
        return self._complete.get(key)

    def begun(self, key: DenoisedKey) -> Denoising | None:
        """What was begun and left."""
        return self._begun.get(key)

    def begin(self, key: DenoisedKey, denoising: Denoising) -> None:
        """Remember what is begun, so that nothing of it is computed twice."""
        self._begun[key] = denoising
        self._begun.move_to_end(key)
        while len(self._begun) > _BEGUN_KEPT:
            self._begun.popitem(last=False)

    def remember(self, key: DenoisedKey, pixels: RgbImage) -> None:
        """The picture is complete."""
        self._begun.pop(key, None)
        self._complete.put(key, pixels, pixels.nbytes)

    def keep(self, key: DenoisedKey, pixels: RgbImage) -> None:
        """Keep a complete picture on the disk, if it took long to compute."""
        if key.settings.slow:
            job = self.runner.job(lambda _report, _cancel: keep_denoised(key, pixels))
            self.runner.start(STORE_LANE, job)

    def forget(self) -> None:
        """Hold nothing in memory any more."""
        self._begun.clear()
        self._complete.clear()


class DenoisingRun(QObject):
    """Computes what remains of one picture, on every core. `part(Region)` for each tile; in the end
    `complete(pixels)`, or `failed(sentence)`.

    Superseding the lane stops it; what is done stays in the pictures.
    """

    part = Signal(Region)
    complete = Signal(object)
    failed = Signal(str)

    def __init__(
        self, pictures: DenoisedPictures, key: DenoisedKey, denoising: Denoising, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._key = key
        self._denoising = denoising
        self._ended = False
        pictures.begin(key, denoising)

    def start(self) -> None:
        """Compute; connect first."""
        for _ in range(THREADS if self._key.settings.slow else 1):
            self._start_thread()

    def _start_thread(self) -> None:
        runner, denoising = self._pictures.runner, self._denoising
        job = runner.job(lambda _report, cancel: denoising.run(lambda tile: job.post(tile), cancel))
        job.part.connect(self._take)
        job.finished.connect(lambda _nothing: self._end_when_complete())
        job.failed.connect(self._fail)
        runner.start(LANE, job)

    def _take(self, tile: Region) -> None:
        if not self._ended:
            self.part.emit(tile)

    def _end_when_complete(self) -> None:
        # The threads end one after the other; a tile of another may still be under way.
        if self._ended or not self._denoising.complete:
            return
        self._ended = True
        pixels = self._denoising.pixels
        self._pictures.remember(self._key, pixels)
        self._pictures.keep(self._key, pixels)
        self.complete.emit(pixels)

    def _fail(self, sentence: str) -> None:
        if not self._ended:
            self._ended = True
            self._pictures.runner.supersede(LANE)
            self.failed.emit(sentence)


def find_denoised(key: DenoisedKey, original: RgbImage) -> FoundDenoised:
    """The denoised picture from the disk, or the work that makes it."""
    from bloodsmear.images.denoising import Denoising

    if key.settings.slow:
        kept = DenoisedStore(paths.denoised_pictures()).read(key)
        if kept is not None and kept.shape == original.shape:
            return FoundDenoised(kept, None)
    return FoundDenoised(None, Denoising(original, key.settings))


def keep_denoised(key: DenoisedKey, pixels: RgbImage) -> None:
    """Keep a denoised picture on the disk."""

    DenoisedStore(paths.denoised_pictures()).keep(key, pixels)


def clear_denoised() -> int:
    """Remove every denoised picture from the disk; says how many bytes that freed."""

    return DenoisedStore(paths.denoised_pictures()).clear()


def make_preview(original: RgbImage, settings: DenoiseSettings) -> RgbImage:
    """About the denoised picture, at once."""
    from bloodsmear.images.denoise_preview import denoise_preview

    return denoise_preview(original, settings)
