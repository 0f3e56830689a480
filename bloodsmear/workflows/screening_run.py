"""Reading many images at once: a pool of readers, a bounded number of images in it, and the counts."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import file_digest
from itertools import islice
from pathlib import Path

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import FoldersGoneError
from bloodsmear.images.formats.asked import DECODER
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.review.replay import Replay
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.lone_decoding import survives_decoding
from bloodsmear.workflows.reading import ReadRequest, read_image
from bloodsmear.workflows.reading_marks import ReadingMarks

# How often a waiting run looks whether it was asked to stop, in seconds (Windows cannot interrupt a wait).
_LOOK_EVERY_S = 0.2

Read = Callable[[ReadRequest, Sequence[Classifier]], ImageRecord]


@dataclass(frozen=True, slots=True)
class ScreeningPlan:
    """What to screen. `study` None: in the user's data folder. `fresh` sets an older study aside.

    `jobs` is how many images are decoded at once; it changes the time, never an answer. `read` is by whom: this
    process, or a cluster. `camera_bits` are for files of 16 bits that don't say theirs; None takes the study's.
    """

    folders: tuple[Path, ...]
    study: Path | None = None
    fresh: bool = False
    check_denoised: bool = False
    jobs: int = 1
    read: Read = read_image
    camera_bits: int | None = None


@dataclass(frozen=True, slots=True)
class FinishedImage:
    """A finished image: its record, and whether it was `kept` from before.

    `older` says that an older decoder had read it: it was read again, or kept because its case is signed off.
    """

    record: ImageRecord
    kept: bool
    older: bool = False


class ScreeningRun:
    """One run over the images: a pool of readers, a bounded number of images in it, and the counts."""

    def __init__(self, store: StudyStore, plan: ScreeningPlan, classifiers: ClassifierSet) -> None:
        self._store = store
        self._plan = plan
        self._classifiers = classifiers
        self._marks = ReadingMarks(store.path)
        self._devices = {folder: device_of(folder) for folder in plan.folders}
        self.done = 0
        self.kept = 0
        self.unreadable = 0
        self.read_again = 0
        self.kept_as_signed = 0
        self._reviews = Replay(store.events.readable())

    def count(self, finished: FinishedImage) -> None:
        """Take note of a finished image."""
        self.done += 1
        self.kept += finished.kept
        self.unreadable += finished.record.status == "unreadable"
        self.read_again += finished.older and not finished.kept
        self.kept_as_signed += finished.older and finished.kept

    def finished_images(self, found: Sequence[FoundImage], cancel: Cancel) -> Iterator[FinishedImage]:
        """Each image as it finishes. Images being read when it stops are finished and given, too.

        Raises JobCancelled or the first error of a reader, after everything finished was given.
        """
        rest = iter(found)
        pending: set[Future[FinishedImage]] = set()
        failure: BaseException | None = None
        given = 0
        with ThreadPoolExecutor(self._plan.jobs, thread_name_prefix="screening") as pool:
            try:
                while True:
                    if cancel.requested or failure is not None:
                        pending = {future for future in pending if not future.cancel()}
                    else:
                        # Twice the jobs keeps every thread fed, and memory flat however many images there are.
                        room = 2 * self._plan.jobs - len(pending)
                        pending |= {pool.submit(self._read, one, cancel) for one in islice(rest, room)}
                    if not pending:
                        break
                    finished, pending = wait(pending, _LOOK_EVERY_S, FIRST_COMPLETED)
                    errors = [one.exception() for one in finished]
                    failure = failure or next(filter(None, errors), None)
                    for future in finished:
                        if future.exception() is None:
                            given += 1
                            yield future.result()
            finally:
                for future in pending:
                    future.cancel()
        self._marks.close()
        if failure is not None:
            raise failure
        if given < len(found):
            cancel.checkpoint()

    def _read(self, found: FoundImage, cancel: Cancel) -> FinishedImage:
        cancel.checkpoint()
        if self._store.head.camera_bits is not None:
            found = replace(found, camera_bits=self._store.head.camera_bits)
        kept, older = self._store.done_record(found.image), False
        if kept is not None and kept.sha256 and _sha256_of(found.path) == kept.sha256:
            older = kept.decoder < DECODER
            if not older or self._is_signed_off(found.case):
                return FinishedImage(kept, kept=True, older=older)
        if found.image in self._marks.suspects and not survives_decoding(found.path, found.asked):
            return FinishedImage(crash_record(found), kept=False, older=older)
        request = ReadRequest(found, self._plan.check_denoised)
        self._marks.begin(found.image)
        try:
            record = self._plan.read(request, self._classifiers.classifiers)
        finally:
            self._marks.end(found.image)
        if record.status == "unreadable" and not record.sha256:
            self._refuse_to_go_on_without_folders()
        return FinishedImage(record, kept=False, older=older)

    def _is_signed_off(self, case: str) -> bool:
        """Whether a reader has signed these answers off: they are not changed until the case is reopened."""
        return any(self._reviews.case_sign_off(reader, case) for reader in self._reviews.readers)

    def _refuse_to_go_on_without_folders(self) -> None:
        """Raise FoldersGoneError: without its drive every image would be unreadable, and none of them is."""
        for folder, device in self._devices.items():
            if device is not None and device_of(folder) != device:
                raise FoldersGoneError(
                    f"The folder {folder} is gone. Connect its drive or network share again."
                )


def crash_record(found: FoundImage) -> ImageRecord:
    """The record of a file that takes the decoder down, and the process with it."""
    return ImageRecord(
        image=found.image,
        case=found.case,
        status="unreadable",
        error="the decoder breaks down over it; save it again as PNG.",
        sha256=_sha256_of(found.path),
        screened_at=datetime.now(UTC).replace(microsecond=0),
        decoder=DECODER,
    )


def device_of(folder: Path) -> int | None:
    """Which drive a folder lies on; None when it is not there. Where a drive was taken off, an empty folder stays."""
    try:
        return folder.stat().st_dev if folder.is_dir() else None
    except OSError:
        return None


def _sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes in hex; empty when they cannot be read (then decoding says why)."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
