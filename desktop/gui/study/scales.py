"""The scale of the chosen image: what its file states, or what readers set for the study and its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.scale import NOTHING_STATED, Scale, ScaleSource, SetScale, StatedScale, scale_of
from desktop.gui.job_runner import Job, JobRunner
from desktop.gui.study.image_reading import ImageReading
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.study.study_file import LANE, StudyFile

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.decode import DecodedImage
    from bloodsmear.images.scan import FoundImage

_LANE = "scale"
_NO_IMAGE = "No image is shown. Choose one that can be read."
_OPENING = "The study is not open yet: a scale can be set once it is."


class StudyScales(QObject):
    """`changed()`: another scale may count for the image that is shown. `failed(sentence)`: none could be kept."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, study: OpenStudy, file: StudyFile, image: ImageReading, runner: JobRunner) -> None:
        super().__init__(image)
        self._study = study
        self._file = file
        self._image = image
        self._runner = runner
        file.opened.connect(self.changed)

    @property
    def now(self) -> Scale | None:
        """The scale of the image that is shown; None while none is shown, or nobody said its scale."""
        image, decoded = self._image.image, self._image.shown
        if image is None or decoded is None:
            return None
        return scale_of(image, (decoded.width_px, decoded.height_px), self._study.scales, decoded.scale)

    @property
    def um_per_px(self) -> float | None:
        """Its figure alone."""
        return None if self.now is None else self.now.um_per_px

    @property
    def stated(self) -> StatedScale:
        """What the shown image's file states."""
        return NOTHING_STATED if self._image.shown is None else self._image.shown.scale

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height of the image that is shown."""
        decoded = self._image.shown
        return None if decoded is None else (decoded.width_px, decoded.height_px)

    @property
    def folder(self) -> str:
        """The folder of the chosen image below the root; empty where it lies in the root itself."""
        return (self._image.image or "").rpartition("/")[0]

    @property
    def hindrance(self) -> str:
        """Why no scale can be set now; empty where one can."""
        if self._image.shown is None:
            return _NO_IMAGE
        return _OPENING if self._study.path is None else self._study.read_only

    def set(self, um_per_px: float, source: ScaleSource, for_folder: bool) -> None:
        """Set the scale of images of the shown one's size: of its folder and those in it, or of the whole study."""
        if (size_px := self.size_px) is not None and not self.hindrance:
            scale = SetScale(self.folder if for_folder else "", *size_px, um_per_px, source)
            self._keep(self._runner.job(lambda _report, _cancel: self._file.store().set_scale(scale)))

    def clear(self) -> None:
        """Forget the scale that was set nearest to the shown image: the outer one counts then, or the file's."""
        if (size_px := self.size_px) is not None and not self.hindrance:
            around = f"{self.folder}/"
            of_size = [one.folder for one in self._study.scales if (one.width_px, one.height_px) == size_px]
            folder = max(
                (one for one in of_size if not one or around.startswith(f"{one}/")), key=len, default=""
            )
            self._keep(
                self._runner.job(lambda _report, _cancel: self._file.store().clear_scale(folder, size_px))
            )

    def take_others(self, scales: tuple[SetScale, ...]) -> None:
        """Another window on the study has set one, or taken one back."""
        self._study.scales = scales
        self.changed.emit()

    def measure_bar(self) -> Job | None:
        """The job, begun, that tells how long the burnt-in bar of the shown image is (px or None); None without one."""
        decoded = self._image.shown
        return (
            None
            if decoded is None
            else self._begin(self._runner.job(lambda _report, _cancel: _bar_of(decoded)))
        )

    def read_information(self) -> Job | None:
        """The job, begun, that tells what the chosen image's file says of itself (pairs of name and value)."""
        found, decoded = self._study.found.get(self._image.image or ""), self._image.shown
        if found is None:
            return None
        profile = () if decoded is None else (("Colour profile", decoded.colour_profile or "none, or sRGB"),)
        told = self._image.told

        def facts() -> tuple[tuple[str, str], ...]:
            lines = _facts_of(found)
            # A file's head may be whole where its picture is not: only who decoded it knows.
            is_said = not told or any("cannot be read" in value for _name, value in lines)
            return (*lines, *profile) if is_said else (*lines, ("Picture", told))

        return self._begin(self._runner.job(lambda _report, _cancel: facts()))

    def _begin(self, job: Job) -> Job:
        self._runner.start(_LANE, job)
        return job

    def _keep(self, job: Job) -> None:
        path = self._study.path

        def take(scales: tuple[SetScale, ...]) -> None:
            # Another study may have been opened meanwhile.
            if path == self._study.path:
                self._study.scales = scales
                self.changed.emit()

        job.finished.connect(take)
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)


def _bar_of(decoded: DecodedImage) -> float | None:
    from bloodsmear.images.scale_bar import scale_bar_length_px

    return scale_bar_length_px(decoded.pixels)


def _facts_of(found: FoundImage) -> tuple[tuple[str, str], ...]:
    from bloodsmear.images.image_information import read_information

    return read_information(found.path, found.asked)
