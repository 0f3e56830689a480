"""The next images of the list, decoded and denoised while the reader looks at this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.denoise_settings import DenoisedKey, DenoiseSettings
from bloodsmear.images.recently_used import RecentlyUsed
from bloodsmear.images.scan import FoundImage
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.denoised_pictures import DenoisedPictures, DenoisingRun, FoundDenoised, find_denoised
from desktop.gui.study.image_jobs import ReadFile, read_file

LANE = "ahead"
# The next one first; the one before is in memory already when it was looked at.
STEPS_AHEAD = (1, 2, -1)
_MEMORY_BYTES = 192_000_000
# The denoised picture of a larger one would push everything else out of the memory.
_LARGEST_BYTES = 75_000_000

Following = Callable[[str], Sequence[FoundImage]]


class ImagesAhead(QObject):
    """Remembers decoded files and prepares those that `following(image)` names, one after the other.

    `following` begins as the study's order; who shows the images in another one puts that in its place. It is asked
    anew for each, and after `look_again`: the list's order changes while the reader looks at one image.

    `unread(image)`: its file could not be read.
    """

    unread = Signal(str)

    def __init__(
        self, runner: JobRunner, pictures: DenoisedPictures, following: Following, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._pictures = pictures
        self.following = following
        self._files = RecentlyUsed[str, ReadFile](_MEMORY_BYTES)
        self._looked_at: str | None = None
        self._prepared: set[str] = set()
        self._busy = False
        self._settings: DenoiseSettings | None = None
        self._run: DenoisingRun | None = None

    def known(self, image: str) -> ReadFile | None:
        """What is known of an image's file."""
        return self._files.get(image)

    def remember(self, image: str, file: ReadFile) -> None:
        """A file was decoded."""
        self._files.put(image, file, file.decoded.pixels.nbytes)

    def forget(self) -> None:
        """Stop, and hold nothing in memory any more."""
        self.stop()
        self._files.clear()

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
        self._go_on()

    def look_again(self) -> None:
        """Other images may follow now: prepare those that are not prepared yet."""
        if not self._busy:
            self._go_on()

    def _go_on(self) -> None:
        following = () if self._looked_at is None else self.following(self._looked_at)
        found = next((each for each in following if each.image not in self._prepared), None)
        self._busy = found is not None
        if found is None:
            return
        self._prepared.add(found.image)
        known = self._files.get(found.image)
        job = self._runner.job(lambda _report, _cancel: read_file(found, known))
        job.finished.connect(lambda file: self._take_file(found, file))
        # Why it cannot be read is said when it is chosen.
        job.failed.connect(lambda _sentence: self.unread.emit(found.image))
        job.failed.connect(lambda _sentence: self._go_on())
        self._runner.start(LANE, job)

    def _take_file(self, found: FoundImage, file: ReadFile) -> None:
        self.remember(found.image, file)
        settings, pixels = self._settings, file.decoded.pixels
        if settings is None or not settings.slow or pixels.nbytes > _LARGEST_BYTES:
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
                self._pictures.remember(key, denoised.pixels)
            self._go_on()
            return
        run = DenoisingRun(self._pictures, key, denoised.remaining, self)
        run.complete.connect(lambda _pixels: self._end(run))
        run.failed.connect(lambda _sentence: self._end(run))
        self._run = run
        run.start()

    def _end(self, run: DenoisingRun) -> None:
        run.deleteLater()
        if run is self._run:
            self._run = None
            self._go_on()
