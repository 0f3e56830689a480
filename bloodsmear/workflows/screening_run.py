"""A screening's run over its images: which are kept from before, the records of the others, and the counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel
from bloodsmear.review.records import ImageRecord
from bloodsmear.review.replay import Replay
from bloodsmear.storage.kept_features import FeatureRow
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.file_run import BREAKS_DECODER, FileRun, sha256_of
from bloodsmear.workflows.reading import ReadRequest, read_image

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

    `older` says that an older decoder had read it: it was read again, or kept because its case is signed off. `row` is
    what teaching needs of it, where a classifier answered that as well.
    """

    record: ImageRecord
    kept: bool
    older: bool = False
    row: FeatureRow | None = None


class ScreeningRun:
    """One run over the images: which of them are kept from before, the records of the others, and the counts."""

    def __init__(self, store: StudyStore, plan: ScreeningPlan, classifiers: ClassifierSet) -> None:
        self._store = store
        self._plan = plan
        self._classifiers = classifiers
        self._files = FileRun(store.path, plan.folders, plan.jobs)
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
        """Each image as it finishes; see `FileRun.finished`."""
        yield from self._files.finished(found, lambda one: self._read(one, cancel), cancel)

    def _read(self, found: FoundImage, cancel: Cancel) -> FinishedImage:
        cancel.checkpoint()
        if self._store.head.camera_bits is not None:
            found = replace(found, camera_bits=self._store.head.camera_bits)
        kept, older = self._store.done_record(found.image), False
        if kept is not None and kept.sha256 and sha256_of(found.path) == kept.sha256:
            older = kept.decoder < DECODER
            if not older or self._is_signed_off(found.case):
                return FinishedImage(kept, kept=True, older=older)
        if self._files.breaks_decoder(found):
            return FinishedImage(crash_record(found), kept=False, older=older)
        rows: list[FeatureRow] = []
        request = ReadRequest(found, self._plan.check_denoised, rows.append)
        with self._files.reading(found):
            record = self._plan.read(request, self._classifiers.classifiers)
        if record.status == "unreadable" and not record.sha256:
            self._files.refuse_without_folders()
        return FinishedImage(record, kept=False, older=older, row=rows[-1] if rows else None)

    def _is_signed_off(self, case: str) -> bool:
        """Whether a reader has signed these answers off: they are not changed until the case is reopened."""
        return any(self._reviews.case_sign_off(reader, case) for reader in self._reviews.readers)


def crash_record(found: FoundImage) -> ImageRecord:
    """The record of a file that takes the decoder down, and the process with it."""
    return ImageRecord(
        image=found.image,
        case=found.case,
        status="unreadable",
        error=BREAKS_DECODER,
        sha256=sha256_of(found.path),
        screened_at=datetime.now(UTC).replace(microsecond=0),
        decoder=DECODER,
    )
