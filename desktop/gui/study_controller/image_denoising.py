"""The chosen image denoised in the chosen way, in a lane of its own: a slow denoise delays nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.job_runner import JobRunner
from desktop.gui.study_controller import engine_jobs

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.denoise_settings import DenoiserName
    from bloodsmear.images.rgb_image import RgbImage

DENOISER_NAMES = {"gaussian": "Gaussian", "median": "median", "non_local_means": "non-local means"}
_LANE = "denoise"
# Takes seconds on every core; the others take milliseconds.
_SLOW_DENOISER = "non_local_means"


class ImageDenoising(QObject):
    """`begun(caption)`, then `ready(image, pixels, caption)` or `failed(sentence)`."""

    begun = Signal(str)
    ready = Signal(str, object, str)
    failed = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._denoiser: DenoiserName | None = "non_local_means"
        self._image: str | None = None
        self._original: RgbImage | None = None
        self._denoised: RgbImage | None = None
        self._held = self._waits = False

    @property
    def denoised(self) -> RgbImage | None:
        """The denoised image; None while it is being made, or where none is wanted."""
        return self._denoised

    @property
    def flags_changes(self) -> bool:
        """Whether this is the denoiser of `screen --check-denoised`. No other may raise the flag, or reports
        would not compare."""
        return self._denoiser is not None and engine_jobs.is_check_denoiser(self._denoiser)

    def forget(self) -> None:
        """Nothing is chosen any more."""
        self._runner.supersede(_LANE)
        self._image = self._original = self._denoised = None

    def start(self, image: str, original: RgbImage) -> None:
        """Denoise another image."""
        self._image, self._original, self._denoised = image, original, None
        self._denoise()

    def choose(self, name: DenoiserName | None) -> bool:
        """Denoise in another way from now on, None not at all; says whether that is a change."""
        if name == self._denoiser:
            return False
        self._denoiser = name
        self._runner.supersede(_LANE)
        self._denoised = None
        self._denoise()
        return True

    def hold(self) -> None:
        """The classifiers are being loaded: what is slow waits, so that both cores are theirs."""
        self._held = True

    def release(self) -> None:
        """Go on with what waited."""
        self._held = False
        if self._waits:
            self._waits = False
            self._start_job()

    def _denoise(self) -> None:
        name = self._denoiser
        self._waits = self._held and name == _SLOW_DENOISER
        if self._original is None or name is None:
            return
        self.begun.emit(_caption(name))
        if not self._waits:
            self._start_job()

    def _start_job(self) -> None:
        original, name = self._original, self._denoiser
        if original is None or name is None:
            return
        caption = _caption(name)
        job = self._runner.job(lambda _report, cancel: engine_jobs.denoise_in_strips(original, name, cancel))
        job.finished.connect(lambda pixels: self._take(pixels, caption))
        job.failed.connect(self.failed)
        self._runner.start(_LANE, job)

    def _take(self, pixels: RgbImage, caption: str) -> None:
        if self._image is None:
            return
        self._denoised = pixels
        self.ready.emit(self._image, pixels, caption)


def _caption(name: DenoiserName) -> str:
    return f"Denoised · {DENOISER_NAMES[name]}"
