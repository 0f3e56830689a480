"""From folders to a study: every image read once, each kept as soon as it is finished, resumable at any time.

A study lists what the last run found. A file that is gone has no row in the report any more; what was said
about it stays in the study's file and counts again if the file comes back.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bloodsmear import paths
from bloodsmear.errors import FoldersGoneError, ScanError, StudyError, UsageError
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.reading import ReadRequest, read_image

STUDY_SUFFIX = ".bloodsmear"
# How often a waiting run looks whether it was asked to stop, in seconds (Windows cannot interrupt a wait).
_LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class ScreeningPlan:
    """What to screen. `study` None: in the user's data folder. `fresh` sets an older study aside.

    `jobs` is how many images are decoded at once; it changes the time, never an answer.
    """

    folders: tuple[Path, ...]
    study: Path | None = None
    fresh: bool = False
    check_denoised: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class ScreeningSummary:
    """How a run ended: `images` = `screened` now + `kept` from before; `unreadable` is how many of all."""

    study: Path
    images: int
    screened: int
    kept: int
    unreadable: int
    other_files: int
    seconds: float
    unreadable_folders: tuple[str, ...] = ()


def _no_listener(record: ImageRecord) -> None:
    """A `record_ready` for callers that only want the study."""


@dataclass(frozen=True, slots=True)
class ScreeningEvents:
    """Who hears of a run, on the run's own thread: progress, and each record once it is in the study."""

    report: Report = report_nowhere
    record_ready: Callable[[ImageRecord], None] = _no_listener


def default_jobs() -> int:
    """How many images to decode at once when nobody says: one for each processor this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def default_study_path(folders: Iterable[Path], marks: Iterable[ClassifierMark]) -> Path:
    """Where the study of these folders and classifiers lies when nobody says. Raises ScanError."""
    return _study_path(Scan(tuple(folders)), folders, marks)


def screen(
    plan: ScreeningPlan, classifiers: ClassifierSet, events: ScreeningEvents, cancel: Cancel
) -> ScreeningSummary:
    """Find the images of `plan`, read those that are not done yet and keep each in the study at once.

    Raises ScanError (no such folder, no image), FoldersGoneError (a pulled drive), UsageError, StudyError,
    ClassifierError, and JobCancelled when `cancel` was requested; whatever was finished before is in the study,
    and the same plan goes on from there.
    """
    started = time.monotonic()
    if plan.jobs < 1:
        raise UsageError(f"The number of jobs must be 1 or more, not {plan.jobs}.")
    scan = Scan(plan.folders, cancel)
    found = _find_images(scan, plan, events.report)
    path = plan.study or _study_path(scan, plan.folders, classifiers.marks)
    if plan.fresh:
        if plan.study is not None:
            _refuse_what_is_no_study(path)
        _set_aside(path)
    head = StudyHead(scan.root, absolute_folders(plan.folders), classifiers.marks, plan.check_denoised)
    with StudyStore.open_or_create(path, head) as store:
        store.list_images((one.image, one.case) for one in found)
        events.report(Progress(0, len(found)))
        run = _Run(store, plan, classifiers)
        for outcome in run.outcomes(found, cancel):
            if not outcome.kept:
                store.put(outcome.record)
            run.count(outcome)
            events.record_ready(outcome.record)
            events.report(Progress(run.done, len(found), outcome.record.image))
    return ScreeningSummary(
        study=path,
        images=len(found),
        screened=run.done - run.kept,
        kept=run.kept,
        unreadable=run.unreadable,
        other_files=scan.other_files,
        seconds=time.monotonic() - started,
        unreadable_folders=tuple(scan.unreadable_folders),
    )


def _find_images(scan: Scan, plan: ScreeningPlan, report: Report) -> list[FoundImage]:
    """All images of the plan, each once. Names only: a hundred thousand take some 30 MB."""
    found: dict[str, FoundImage] = {}
    for image in scan:
        found.setdefault(image.image, image)
        if len(found) % 100 == 0:
            report(Progress(len(found), None, "finding images"))
    if not found:
        named = ", ".join(str(folder) for folder in plan.folders)
        if scan.unreadable_folders:
            closed = ", ".join(str(scan.root / folder) for folder in scan.unreadable_folders)
            raise ScanError(f"No image was found in {named}: {closed} may not be read. Ask for permission.")
        raise ScanError(
            f"No image was found in {named}. Name a folder with .jpg, .png, .tif, .bmp or .webp files."
        )
    return list(found.values())


def absolute_folders(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The folders as a study names them, each once. As the scan sees its root: links and drives keep their names."""
    return tuple(dict.fromkeys(Path(os.path.normpath(Path(folder).absolute())) for folder in folders))


def _study_path(scan: Scan, folders: Iterable[Path], marks: Iterable[ClassifierMark]) -> Path:
    parts = [str(scan.root), *sorted(str(folder) for folder in absolute_folders(folders))]
    parts += [f"{mark.id} {mark.model_sha256}" for mark in marks]
    name = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    folder = paths.studies()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(f"The folder of studies {folder} cannot be made: {error.strerror}.") from error
    return folder / f"{name}{STUDY_SUFFIX}"


def _refuse_what_is_no_study(path: Path) -> None:
    """Raise StudyError for a file of another kind: a slip of the pen must not rename an image or a folder."""
    if path.exists():
        StudyStore.open_existing(path).close()


def _set_aside(path: Path) -> None:
    """Give an older study another name beside the new one, with its write-ahead log."""
    if not path.exists():
        return
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H%M%S")
    target, again = path.with_name(f"{path.stem} until {moment}{path.suffix}"), 2
    while target.exists():
        target, again = path.with_name(f"{path.stem} until {moment} ({again}){path.suffix}"), again + 1
    try:
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(target.with_name(target.name + ending))
    except OSError as error:
        raise StudyError(
            f"The older study {path} cannot be set aside: {error.strerror}. Close it in every window first."
        ) from error


@dataclass(frozen=True, slots=True)
class _Outcome:
    record: ImageRecord
    kept: bool


class _Run:
    """One run over the images: a pool of readers, a bounded number of images in it, and the counts."""

    def __init__(self, store: StudyStore, plan: ScreeningPlan, classifiers: ClassifierSet) -> None:
        self._store = store
        self._plan = plan
        self._classifiers = classifiers
        self._devices = {folder: _device_of(folder) for folder in plan.folders}
        self.done = 0
        self.kept = 0
        self.unreadable = 0

    def count(self, outcome: _Outcome) -> None:
        """Take note of a finished image."""
        self.done += 1
        self.kept += outcome.kept
        self.unreadable += outcome.record.status == "unreadable"

    def outcomes(self, found: Sequence[FoundImage], cancel: Cancel) -> Iterator[_Outcome]:
        """Each image's outcome as it finishes. Images being read when it stops are finished and given, too.

        Raises JobCancelled or the first error of a reader, after everything finished was given.
        """
        rest = iter(found)
        pending: set[Future[_Outcome]] = set()
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
        if failure is not None:
            raise failure
        if given < len(found):
            cancel.checkpoint()

    def _read(self, found: FoundImage, cancel: Cancel) -> _Outcome:
        cancel.checkpoint()
        kept = self._store.done_record(found.image)
        if kept is not None and kept.sha256 and _sha256_of(found.path) == kept.sha256:
            return _Outcome(kept, kept=True)
        request = ReadRequest(found, self._plan.check_denoised)
        record = read_image(request, self._classifiers.classifiers)
        if record.status == "unreadable" and not record.sha256:
            self._refuse_to_go_on_without_folders()
        return _Outcome(record, kept=False)

    def _refuse_to_go_on_without_folders(self) -> None:
        """Raise FoldersGoneError: without its drive every image would be unreadable, and none of them is."""
        for folder, device in self._devices.items():
            if device is not None and _device_of(folder) != device:
                raise FoldersGoneError(
                    f"The folder {folder} is gone. Connect its drive or network share again."
                )


def _device_of(folder: Path) -> int | None:
    """Which drive a folder lies on; None when it is not there. Where a drive was taken off, an empty folder stays."""
    try:
        return folder.stat().st_dev if folder.is_dir() else None
    except OSError:
        return None


def _sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes in hex; empty when they cannot be read (then decoding says why)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
