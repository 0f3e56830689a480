"""The chosen image denoised in the chosen way: what is looked at first, the rest behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.denoise_settings import FIRST_SHOWN, DenoisedKey, DenoiserName, DenoiseSettings
from bloodsmear.images.region import TILE_HEIGHT_PX, TILE_WIDTH_PX, Region
from desktop.gui.job_runner import Job, JobRunner
from desktop.gui.study.denoising_run import LANE, DenoisingRun, ToDenoise
from desktop.gui.study.held_pictures import HeldPictures
from desktop.gui.study.image_jobs import FoundDenoised, find_denoised, is_check_denoiser, make_preview

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.decode import DecodedImage
    from bloodsmear.images.denoising import Denoising
    from bloodsmear.images.rgb_image import RgbImage

DENOISER_NAMES: dict[DenoiserName, str] = {
    "gaussian": "Gaussian",
    "median": "median",
    "non_local_means": "non-local means",
}
# A larger image takes more than a second on 2 cores until all of it is exact: a preview bridges that time.
_PREVIEW_FROM_PIXELS = 20 * TILE_WIDTH_PX * TILE_HEIGHT_PX


class ImageDenoising(QObject):
    """`begun(caption)`; `preview_ready(image, pixels)` where much is looked at; `part_ready(image, pixels, region)` for
    each part of `pixels` that is exact now; then `ready(image, pixels, caption)`, or `failed(sentence)`.
    `settled(image, settings)`: nothing remains to be done for this image.
    """

    begun = Signal(str)
    preview_ready = Signal(str, object)
    part_ready = Signal(str, object, Region)
    ready = Signal(str, object, str)
    failed = Signal(str)
    settled = Signal(str, DenoiseSettings)

    def __init__(self, pictures: HeldPictures, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._runner = runner
        self.settings: DenoiseSettings | None = FIRST_SHOWN
        self._image: str | None = None
        self._decoded: DecodedImage | None = None
        self._denoised: RgbImage | None = None
        self._remaining: Denoising | None = None
        self._run: DenoisingRun | None = None
        self._looked_at: Region | None = None
        self._previewed = False
        self._held = False

    @property
    def denoised(self) -> RgbImage | None:
        """The denoised image; None while it is being made, or where none is wanted."""
        return self._denoised

    @property
    def flags_changes(self) -> bool:
        """Whether this is the denoiser of `screen --check-denoised`. No other may raise the flag, or reports
        would not compare."""
        return self.settings is not None and is_check_denoiser(self.settings)

    def forget(self) -> None:
        """Nothing is chosen any more."""
        self._stop()
        self._image = self._decoded = self._looked_at = None

    def start(self, image: str, decoded: DecodedImage) -> None:
        """Denoise another image."""
        self._stop()
        self._image, self._decoded = image, decoded
        self._denoise()

    def choose(self, settings: DenoiseSettings | None) -> bool:
        """Denoise in another way from now on, None not at all; says whether that is a change."""
        if settings == self.settings:
            return False
        self.settings = settings
        self._stop()
        self._denoise()
        return True

    def look_at(self, region: Region) -> None:
        """The reader looks at this part: what remains of it comes first."""
        self._looked_at = region
        if self._remaining is not None and self._denoised is None:
            self._remaining.look_at(region)
            self._make_preview()

    def hold(self) -> None:
        """The classifiers are being loaded: what is slow waits, so that both cores are theirs."""
        self._held = True

    def release(self) -> None:
        """Go on with what waited."""
        self._held = False
        if self._remaining is not None and self._run is None and self._denoised is None:
            self._compute(self._remaining)

    def _stop(self) -> None:
        self._runner.supersede(LANE)
        if self._run is not None:
            self._run.deleteLater()
        self._denoised = self._remaining = self._run = None
        self._previewed = False

    def _denoise(self) -> None:
        decoded, settings = self._decoded, self.settings
        if decoded is None:
            return
        if settings is None:
            self.settled.emit(self._image, None)
            return
        key = DenoisedKey(decoded.picture, settings)
        self.begun.emit(caption(settings))
        complete, begun = self._pictures.complete(key), self._pictures.begun(key)
        if complete is not None:
            self._show(complete)
        elif begun is not None:
            self._compute(begun)
        else:
            self._start(
                self._runner.job(lambda _report, _cancel: find_denoised(key, decoded.pixels)),
                self._take_found,
            )

    def _take_found(self, found: FoundDenoised) -> None:
        key = self._key()
        if found.pixels is not None and key is not None:
            self._pictures.hold_complete(key, found.pixels)
            self._show(found.pixels)
        elif found.remaining is not None:
            self._compute(found.remaining)

    def _compute(self, remaining: Denoising) -> None:
        key = self._key()
        if key is None:
            return
        self._remaining = remaining
        for tile in remaining.done:
            self._show_part(tile)
        if self._held and key.settings.slow:
            return
        if self._looked_at is not None:
            remaining.look_at(self._looked_at)
        # Both cores are the preview's until it is there: beside the tiles it came after 0.4 s in place of 0.3.
        if self._make_preview():
            return
        run = DenoisingRun(self._pictures, self._runner, ToDenoise(key, remaining), self)
        if key.settings.slow:
            run.part.connect(self._show_part)
        run.complete.connect(self._show)
        run.failed.connect(self.failed)
        self._run = run
        run.start()

    def _make_preview(self) -> bool:
        """Whether one is being made from now on."""
        decoded, settings, looked_at = self._decoded, self.settings, self._looked_at
        if decoded is None or settings is None or not settings.slow or self._held or self._previewed:
            return False
        if looked_at is None or looked_at.pixels <= _PREVIEW_FROM_PIXELS:
            return False
        self._previewed = True
        self._start(
            self._runner.job(lambda _report, _cancel: make_preview(decoded.pixels, settings)),
            self._show_preview,
        )
        return True

    def _start(self, job: Job, take: Callable[[Any], None]) -> None:
        job.finished.connect(take)
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)

    def _key(self) -> DenoisedKey | None:
        if self._decoded is None or self.settings is None:
            return None
        return DenoisedKey(self._decoded.picture, self.settings)

    def _show_preview(self, pixels: RgbImage) -> None:
        if self._image is not None and self._denoised is None:
            self.preview_ready.emit(self._image, pixels)
            if self._remaining is not None and self._run is None:
                self._compute(self._remaining)

    def _show_part(self, tile: Region) -> None:
        if self._image is not None and self._remaining is not None and self._denoised is None:
            self.part_ready.emit(self._image, self._remaining.pixels, tile)

    def _show(self, pixels: RgbImage) -> None:
        if self._image is None or self.settings is None:
            return
        self._denoised = pixels
        self.ready.emit(self._image, pixels, caption(self.settings))
        self.settled.emit(self._image, self.settings)


def caption(settings: DenoiseSettings) -> str:
    """`Denoised · Gaussian, 3 px`."""
    figure = f"h {settings.strength}" if settings.slow else f"{settings.strength} px"
    return f"Denoised · {DENOISER_NAMES[settings.name]}, {figure}"
