"""The chosen image: decoded, shown, denoised and read by the classifiers, each as soon as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from bloodsmear.images.denoise_settings import DenoiseSettings
from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import Answer, ImageRecord
from desktop.gui.job_runner import Job, JobRunner
from desktop.gui.study import image_jobs
from desktop.gui.study.held_pictures import HeldPictures
from desktop.gui.study.image_denoising import ImageDenoising
from desktop.gui.study.image_jobs import ReadFile, UnreadFile
from desktop.gui.study.images_ahead import STEPS_AHEAD, ImagesAhead
from desktop.gui.study.open_study import OpenStudy

if TYPE_CHECKING:  # OpenCV comes in with them, on the jobs' threads
    from bloodsmear.images.decode import DecodedImage

_LANES = ("decode", "classify", "compare", "check")
# A drive that was pulled out is asked for the chosen image until it is back, as for the small pictures.
_AGAIN_MS = 5000


class ImageReading(QObject):
    """What the views and the reading show for the chosen image; `denoiser`, `ahead` and `pictures` are
    parts of it.

    `loading(image)`; then `original_ready(image, pixels)`, `denoising(caption)`,
    `preview_ready(image, pixels)`, `part_ready(image, pixels, region)`, `denoised_ready(image, pixels, caption)`,
    `record_ready(record)`, and, where it was asked for, `denoised_answers_ready(image, answers)`; or
    `unreadable(image, sentence)`, and `camera_bits_wanted()` where they would make it readable. What failed comes no
    more: `denoising_failed(sentence)`, `unanswered(image, whether denoised)`. `undenoised(image)`: answers on a
    denoised picture are wanted, and the reader looks at the original alone. `record_made(record)` is a record that
    must be kept; `complained(sentence)` what went wrong with a classifier or a denoiser.
    """

    loading = Signal(str)
    original_ready = Signal(str, object)
    record_ready = Signal(ImageRecord)
    denoised_answers_ready = Signal(str, tuple)
    unreadable = Signal(str, str)
    camera_bits_wanted = Signal()
    denoising_failed = Signal(str)
    unanswered = Signal(str, bool)
    undenoised = Signal(str)
    record_made = Signal(ImageRecord)
    complained = Signal(str)

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        self._found: FoundImage | None = None
        # What the views show: from the memory at once, while the file is looked at behind it.
        self._shown: DecodedImage | None = None
        self._decoded: DecodedImage | None = None
        self._record: ImageRecord | None = None
        self._denoised_wanted = False
        # Why the chosen image cannot be shown, while its drive may come back.
        self._told = ""
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._read_again)
        self.pictures = HeldPictures()
        self.ahead = ImagesAhead(self.pictures, runner, lambda image: study.around(image, STEPS_AHEAD), self)
        self.denoiser = ImageDenoising(self.pictures, runner, self)
        self.denoising = self.denoiser.begun
        self.preview_ready = self.denoiser.preview_ready
        self.part_ready = self.denoiser.part_ready
        self.denoised_ready = self.denoiser.ready
        self.denoiser.settled.connect(self.ahead.begin)
        self.denoiser.settled.connect(lambda _image, _settings: self._compare())
        self.denoiser.failed.connect(self._tell_no_denoised)

    @property
    def image(self) -> str | None:
        """The chosen image."""
        return None if self._found is None else self._found.image

    @property
    def shown(self) -> DecodedImage | None:
        """The decoded image that the views show."""
        return self._shown

    @property
    def sha256(self) -> str:
        """That of the bytes that are shown; empty before they are decoded."""
        return "" if self._shown is None else self._shown.sha256

    @property
    def picture(self) -> str:
        """What tells the pixels that are shown from all others (DecodedImage); empty before they are decoded."""
        return "" if self._shown is None else self._shown.picture

    @property
    def told(self) -> str:
        """Why the chosen image cannot be shown; empty where it can."""
        return self._told

    def forget(self) -> None:
        """Nothing is chosen any more."""
        for lane in _LANES:
            self._runner.supersede(lane)
        self.ahead.stop()
        self.denoiser.forget()
        self._again.stop()
        self._told = ""
        self._found = self._shown = self._decoded = self._record = None

    def choose(self, image: str) -> None:
        """Read another image; what was being done for the one before is dropped."""
        found = self._study.found.get(image)
        if found is None:
            return
        self.forget()
        self._found = found
        self.loading.emit(image)
        known = self.pictures.file(image)
        if known is not None:
            self._show(known.decoded)
        self._read(found, known)

    def forget_pictures(self) -> None:
        """Hold no picture in memory but the shown one."""
        self.ahead.stop()
        self.pictures.forget()

    def read_with_camera_bits(self) -> None:
        """The study has a camera's bits: what was read without them is read again, for 14 bits pass for a dark 16."""
        self.forget_pictures()
        if self._found is not None:
            self.choose(self._found.image)

    def choose_denoiser(self, settings: DenoiseSettings | None) -> None:
        """Denoise in another way from now on; None shows the original alone."""
        if settings == self.denoiser.settings:
            return
        self.ahead.stop()
        self._runner.supersede("compare")
        self.denoiser.choose(settings)

    def want_denoised_answers(self, wanted: bool) -> None:
        """Whether the classifiers' answers on the shown denoised image are to be shown."""
        self._denoised_wanted = wanted
        self._compare()

    def check_denoised_changed(self) -> None:
        """The study's choice changed: whether to flag what denoising changes."""
        self._compare()
        self._check()

    def classifiers_loading(self) -> None:
        """The classifiers are being loaded: denoising must not slow it down."""
        # Non-local means keeps every core busy: measured on 2, it doubled the time until both classifiers answer.
        self.denoiser.hold()

    def classifiers_changed(self) -> None:
        """The classifiers are loaded, or cannot be: read the image that waits for them, denoise it."""
        self._classify()
        self.denoiser.release()

    def _read(self, found: FoundImage, known: ReadFile | None) -> None:
        job = self._runner.job(lambda _report, _cancel: image_jobs.read_chosen(found, known))
        job.finished.connect(self._show_read)
        job.failed.connect(self._show_unreadable)
        self._runner.start("decode", job)

    def _read_again(self) -> None:
        # Until it is there what is shown stays: nothing blinks every few seconds.
        if self._found is not None:
            self._read(self._found, None)

    def _show(self, decoded: DecodedImage) -> None:
        if self._found is None or decoded is self._shown:
            return
        self._shown = decoded
        self.original_ready.emit(self._found.image, decoded.pixels)
        self.denoiser.start(self._found.image, decoded)

    def _show_read(self, read: ReadFile | UnreadFile) -> None:
        if isinstance(read, ReadFile):
            self._show_original(read)
            return
        self._show_unreadable(read.sentence)
        if read.wants_camera_bits:
            self.camera_bits_wanted.emit()

    def _show_original(self, file: ReadFile) -> None:
        if self._found is None:
            return
        self._decoded = file.decoded
        self.pictures.hold_file(self._found.image, file)
        self._show(file.decoded)
        self._classify()

    def _show_unreadable(self, sentence: str) -> None:
        found = self._found
        if found is None:
            return
        if sentence == self._told:
            self._again.start()
            return
        self._told = sentence
        self._shown = None
        self.denoiser.forget()
        self.unreadable.emit(found.image, sentence)
        job = self._runner.job(lambda _report, _cancel: image_jobs.read_unreadable(found))
        job.finished.connect(self._take_unreadable)
        self._start("classify", job)

    def _take_unreadable(self, record: ImageRecord) -> None:
        if not record.sha256:
            self._again.start()
        known = self._study.records.get(record.image)
        if known is not None and known.status == "ok" and not record.sha256:
            # A drive that is gone says nothing about the image: what was read of it stays.
            self.unanswered.emit(record.image, False)
            return
        self._study.records[record.image] = record
        self.record_made.emit(record)

    def _classify(self) -> None:
        found, decoded, loaded = self._found, self._decoded, self._study.classifiers
        if found is None or decoded is None or loaded is None or self._record is not None:
            return
        known = self._study.finished_record(found.image, decoded.sha256)
        if known is not None:
            self._show_record(known)
            return
        classifiers = loaded.classifiers
        job = self._runner.job(lambda _report, _cancel: image_jobs.read_decoded(decoded, found, classifiers))
        job.finished.connect(self._take_record)
        job.failed.connect(lambda _sentence: self.unanswered.emit(found.image, False))
        self._start("classify", job)

    def _take_record(self, record: ImageRecord) -> None:
        self._keep(record)
        self._show_record(record)

    def _show_record(self, record: ImageRecord) -> None:
        self._record = record
        self.record_ready.emit(record)
        self._compare()
        self._check()

    def _compare(self) -> None:
        """Ask about the denoised image once everything is there that it takes."""
        record, denoised, loaded = self._record, self.denoiser.denoised, self._study.classifiers
        if record is not None and self._denoised_wanted and self.denoiser.settings is None:
            self.undenoised.emit(record.image)
        if record is None or denoised is None or loaded is None:
            return
        flags_changes = self.denoiser.flags_changes
        if record.denoised_answers and flags_changes:
            self.denoised_answers_ready.emit(record.image, record.denoised_answers)
            return
        if not (self._denoised_wanted or (self._study.check_denoised and flags_changes)):
            return
        classifiers = loaded.classifiers
        job = self._runner.job(lambda _report, _cancel: image_jobs.ask_on_denoised(denoised, classifiers))
        job.finished.connect(self._take_denoised_answers)
        job.failed.connect(lambda _sentence: self.unanswered.emit(record.image, True))
        self._start("compare", job)

    def _check(self) -> None:
        """Flag what the reference's denoiser changes, where another is looked at, or none."""
        record, decoded, loaded = self._record, self._decoded, self._study.classifiers
        if record is None or decoded is None or loaded is None or self.denoiser.flags_changes:
            return
        if not self._study.check_denoised or record.denoised_answers:
            return
        classifiers = loaded.classifiers
        job = self._runner.job(
            lambda _report, cancel: image_jobs.ask_as_the_check_does(decoded, classifiers, cancel)
        )
        job.finished.connect(self._take_checked)
        self._start("check", job)

    def _take_checked(self, answers: tuple[Answer, ...]) -> None:
        record = self._record
        if record is None or record.denoised_answers or not answers or not self._study.check_denoised:
            return
        self._record = image_jobs.with_denoised_answers(record, answers)
        self._keep(self._record)
        self.record_ready.emit(self._record)

    def _take_denoised_answers(self, answers: tuple[Answer, ...]) -> None:
        if self._record is None:
            return
        if self._study.check_denoised and self.denoiser.flags_changes and answers:
            self._record = image_jobs.with_denoised_answers(self._record, answers)
            self._keep(self._record)
            self.record_ready.emit(self._record)
        self.denoised_answers_ready.emit(self._record.image, answers)

    def _tell_no_denoised(self, sentence: str) -> None:
        if self._found is not None:
            self.denoising_failed.emit(sentence)
            self.unanswered.emit(self._found.image, True)
        self.complained.emit(sentence)

    def _keep(self, record: ImageRecord) -> None:
        self._study.records[record.image] = record
        if record.answers:
            self.record_made.emit(record)

    def _start(self, lane: str, job: Job) -> None:
        job.failed.connect(self.complained)
        self._runner.start(lane, job)
