"""The next images of the list, decoded and denoised while the reader looks at this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.scan import FoundImage
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.denoising_run import DenoisingRun, ToDenoise
from desktop.gui.study.held_pictures import BEGUN_PICTURES, HeldPictures
from desktop.gui.study.image_jobs import FoundDenoised, ReadFile, find_denoised, read_file

LANE = "ahead"
# The next one first; the one before is in memory already when it was looked at.
STEPS_AHEAD = (1, 2, -1)

Following = Callable[[str], Sequence[FoundImage]]


class ImagesAhead(QObject):
    """Prepares the images that `following(image)` names, one after the other, as far as there is room for them.

    `following` begins as the study's order; who shows the images in another one puts that in its place. It is asked
    anew for each, and after `look_again`: the list's order changes while the reader looks at one image.

    `unread(image)`: its file could not be read.
    """

    unread = Signal(str)

    def __init__(
        self, pictures: HeldPictures, runner: JobRunner, following: Following, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._runner = runner
        self.following = following
        self._looked_at: str | None = None
        self._prepared: set[str] = set()
        # What is left of the pictures' room, and what the last image took of it.
        self._room_bytes = self._taken_bytes = 0
        self._busy = False
        self._settings: DenoiseSettings | None = None
        self._run: DenoisingRun | None = None

    def stop(self) -> None:
        """Another image is being looked at: it needs the cores itself. What is done of the next ones is kept."""
        self._looked_at, self._busy = None, False
        if self._run is not None:
            self._run.deleteLater()
            self._run = None
        self._runner.supersede(LANE)

    def begin(self, image: str, settings: DenoiseSettings | None) -> None:
        """Everything about `image` is there: prepare what comes after it, denoised in this way (None: only decoded)."""
        self.stop()
        self._settings = settings
        self._looked_at = image
        self._prepared = set()
        self._room_bytes, self._taken_bytes = self._pictures.limit_bytes, 0
        self._go_on()

    def look_again(self) -> None:
        """Other images may follow now: prepare those that are not prepared yet."""
        if not self._busy:
            self._go_on()

    def _go_on(self) -> None:
        following = () if self._looked_at is None else self.following(self._looked_at)
        found = next((each for each in following if each.image not in self._prepared), None)
        # Another one as large as the last would push the next image out.
        self._busy = found is not None and self._taken_bytes <= self._room_bytes
        if found is None or not self._busy:
            return
        self._prepared.add(found.image)
        known = self._pictures.file(found.image)
        job = self._runner.job(lambda _report, _cancel: read_file(found, known))
        job.finished.connect(lambda file: self._take_file(found, file))
        # Why it cannot be read is said when it is chosen.
        job.failed.connect(lambda _sentence: self.unread.emit(found.image))
        job.failed.connect(lambda _sentence: self._go_on())
        self._runner.start(LANE, job)

    def _take_file(self, found: FoundImage, file: ReadFile) -> None:
        self._pictures.hold_file(found.image, file)
        settings, pixels = self._settings, file.decoded.pixels
        denoises = settings is not None and settings.slow
        self._taken_bytes = (1 + BEGUN_PICTURES * denoises) * pixels.nbytes
        if self._taken_bytes > self._room_bytes:
            # Only decoded, then.
            denoises, self._taken_bytes = False, pixels.nbytes
        self._room_bytes -= self._taken_bytes
        if settings is None or not denoises:
            self._go_on()
            return
        key = DenoisedKey(file.decoded.picture, settings)
        begun = self._pictures.begun(key)
        if self._pictures.complete(key) is not None:
            self._go_on()
        elif begun is not None:
            self._compute(key, FoundDenoised(None, begun))
        else:
            job = self._runner.job(lambda _report, _cancel: find_denoised(key, pixels))
            job.finished.connect(lambda denoised: self._compute(key, denoised))
            job.failed.connect(lambda _sentence: self._go_on())
            self._runner.start(LANE, job)

    def _compute(self, key: DenoisedKey, denoised: FoundDenoised) -> None:
        if denoised.remaining is None:
            if denoised.pixels is not None:
                self._pictures.hold_complete(key, denoised.pixels)
            self._go_on()
            return
        run = DenoisingRun(self._pictures, self._runner, ToDenoise(key, denoised.remaining), self)
        run.complete.connect(lambda _pixels: self._end(run))
        run.failed.connect(lambda _sentence: self._end(run))
        self._run = run
        run.start()

    def _end(self, run: DenoisingRun) -> None:
        run.deleteLater()
        if run is self._run:
            self._run = None
            self._go_on()
