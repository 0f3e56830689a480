"""From folders to a study: every image read once, each kept as soon as it is finished, resumable at any time.

A study lists what the last run found. A file that is gone has no row in the report any more; what was said
about it stays in the study's file and counts again if the file comes back.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bloodsmear import paths
from bloodsmear.count_words import count_words
from bloodsmear.errors import NoStudyError, ScanError, ScreenedElsewhereError, StudyError, UsageError
from bloodsmear.images.image_names import READ_FORMATS
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel, Progress, Report, report_nowhere
from bloodsmear.known_folders import remember_folders
from bloodsmear.process_lock import lock_file
from bloodsmear.review.records import ClassifierMark, ImageRecord
from bloodsmear.storage.study_store import StudyHead, StudyStore
from bloodsmear.workflows.classifier_set import ClassifierSet
from bloodsmear.workflows.screening_run import ScreeningPlan as ScreeningPlan
from bloodsmear.workflows.screening_run import ScreeningRun
from bloodsmear.workflows.study_choice import study_that_goes_on


@dataclass(frozen=True, slots=True)
class ScreeningSummary:
    """How a run ended: `images` = `screened` now + `kept` from before; `unreadable` is how many of all.

    An older decoder had read `read_again` of the screened ones, and `kept_as_signed` of the kept ones, whose case is
    signed off.
    """

    study: Path
    images: int
    screened: int
    kept: int
    unreadable: int
    other_files: int
    seconds: float
    unreadable_folders: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    read_again: int = 0
    kept_as_signed: int = 0

    @property
    def decoder_sentence(self) -> str:
        """What became of answers on pictures as an older version of the program decoded them; empty without any."""
        parts = []
        if self.read_again:
            parts.append(
                f"{count_words(self.read_again, 'image was', 'images were')} read again, because an older version of "
                f"Bloodsmear had read {'it' if self.read_again == 1 else 'them'}."
            )
        if self.kept_as_signed:
            parts.append(
                f"{count_words(self.kept_as_signed, 'image was', 'images were')} not read again, although an older "
                f"version had read {'it' if self.kept_as_signed == 1 else 'them'}: signed off; "
                "reopen the case for that."
            )
        return " ".join(parts)


def _no_listener(record: ImageRecord) -> None:
    """A `record_ready` for callers that only want the study."""


@dataclass(frozen=True, slots=True)
class ScreeningEvents:
    """Who hears of a run, on the run's own thread: progress, and each record once it is in the study."""

    report: Report = report_nowhere
    record_ready: Callable[[ImageRecord], None] = _no_listener


def default_jobs(fast: bool = False) -> int:
    """How many images to read at once when nobody says: one for each processor this process may use.

    One more with fast answers, which take so little of an image's time that waiting for the disk counts (5 % of a run).
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + fast


def default_study_path(folders: Iterable[Path], marks: Iterable[ClassifierMark], fresh: bool = False) -> Path:
    """Where the study of these folders lies when nobody says. Raises ScanError.

    It is the one in which readers decided, unless a `fresh` one is wanted; else it is named after the folders and the
    classifiers. Fast answers always have one of their own: the report of the one with decisions stays exact.
    """
    folders, marks = tuple(folders), tuple(marks)
    named = _study_path(Scan(folders), folders, marks)
    return named if fresh else _decided_study(named.parent, folders, marks) or named


def screen(
    plan: ScreeningPlan, classifiers: ClassifierSet, events: ScreeningEvents, cancel: Cancel
) -> ScreeningSummary:
    """Find the images of `plan`, read those that are not done yet and keep each in the study at once.

    Raises ScanError (no such folder, no image), FoldersGoneError (a pulled drive), UsageError, StudyError,
    ScreenedElsewhereError, ClassifierError, and JobCancelled when `cancel` was requested; whatever was finished before
    is in the study, and the same plan goes on from there.
    """
    started = time.monotonic()
    if plan.jobs < 1:
        raise UsageError(f"The number of jobs must be 1 or more, not {plan.jobs}.")
    scan = Scan(plan.folders, cancel)
    found = find_images(scan, plan.folders, events.report)
    with screened_study(scan, plan, classifiers) as store:
        store.list_images((one.image, one.case) for one in found)
        events.report(Progress(0, len(found)))
        run = ScreeningRun(store, plan, classifiers)
        for finished in run.finished_images(found, cancel):
            if not finished.kept:
                store.put(finished.record, finished.row)
            run.count(finished)
            events.record_ready(finished.record)
            events.report(Progress(run.done, len(found), finished.record.image))
    return ScreeningSummary(
        study=store.path,
        images=len(found),
        screened=run.done - run.kept,
        kept=run.kept,
        unreadable=run.unreadable,
        other_files=scan.other_files,
        other_names=tuple(scan.other_names),
        read_again=run.read_again,
        kept_as_signed=run.kept_as_signed,
        seconds=time.monotonic() - started,
        unreadable_folders=tuple(scan.unreadable_folders),
    )


@contextmanager
def screened_study(scan: Scan, plan: ScreeningPlan, classifiers: ClassifierSet) -> Iterator[StudyStore]:
    """The study of `plan`, made where there is none yet; no other program on this PC screens it meanwhile.

    Raises StudyError, and ScreenedElsewhereError where another one does (docs/adr/0024).
    """
    path = plan.study or default_study_path(plan.folders, classifiers.marks, plan.fresh)
    folders = absolute_folders(plan.folders)
    with ExitStack() as closing:
        closing.enter_context(_screening_alone(path, folders))
        if plan.fresh:
            if plan.study is not None:
                _refuse_what_is_no_study(path)
            elif (goes_on := _decided_study(path.parent, folders, classifiers.marks)) is not None:
                if goes_on != path:
                    closing.enter_context(_screening_alone(goes_on, folders))
                _set_aside(goes_on)
            _set_aside(path)
        head = StudyHead(scan.root, folders, classifiers.marks, plan.check_denoised, plan.camera_bits)
        store = closing.enter_context(StudyStore.open_or_create(path, head))
        remember_folders(folders)
        yield store


def set_camera_bits(store: StudyStore, bits: int | None) -> None:
    """Have every image of the study read for a camera of so many bits; None: as each file says.

    Raises ScreenedElsewhereError, for that screening goes on with the bits it began with; StudyError.
    """
    with _screening_alone(store.path, store.head.folders):
        store.set_camera_bits(bits)


@contextmanager
def _screening_alone(study: Path, folders: Sequence[Path]) -> Iterator[None]:
    """Hold the lock of a study's screening, in the user's cache; a process that ends lets go of it, however it ends.

    Raises ScreenedElsewhereError. Where the cache cannot be written or cannot lock, nobody is refused.
    """
    name = hashlib.sha256(os.fsencode(study.resolve())).hexdigest()[:24]
    place = paths.cache() / "studies" / f"{name}.screening"
    with ExitStack() as held:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            file = held.enter_context(place.open("a+b"))
        except OSError:
            pass
        else:
            try:
                lock_file(file)
            except (BlockingIOError, PermissionError) as error:
                raise ScreenedElsewhereError(folders) from error
            except OSError:
                pass  # a home on a network drive that has no locks
        yield


def find_images(scan: Scan, folders: Iterable[Path], report: Report) -> list[FoundImage]:
    """All images of the folders, each once. Names only: a hundred thousand take some 30 MB. Raises ScanError."""
    found: dict[str, FoundImage] = {}
    for image in scan:
        found.setdefault(image.image, image)
        if len(found) % 100 == 0:
            report(Progress(len(found), None, "finding images"))
    if not found:
        named = ", ".join(str(folder) for folder in folders)
        if scan.unreadable_folders:
            closed = ", ".join(str(scan.root / folder) for folder in scan.unreadable_folders)
            raise ScanError(f"No image was found in {named}: {closed} may not be read. Ask for permission.")
        raise ScanError(f"No image was found in {named}. Name a folder with {READ_FORMATS} files.")
    return list(found.values())


def absolute_folders(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The folders as a study names them, each once. As the scan sees its root: links and drives keep their names."""
    return tuple(dict.fromkeys(Path(os.path.normpath(Path(folder).absolute())) for folder in folders))


def _decided_study(place: Path, folders: Iterable[Path], marks: Iterable[ClassifierMark]) -> Path | None:
    """The study in the folder `place` in which readers decided and that goes on with these classifiers, or None."""
    if any(mark.is_fast for mark in marks):
        return None
    return study_that_goes_on(place, absolute_folders(folders))


def _study_path(scan: Scan, folders: Iterable[Path], marks: Sequence[ClassifierMark]) -> Path:
    parts = [str(scan.root), *sorted(str(folder) for folder in absolute_folders(folders))]
    parts += [f"{mark.id} {mark.model_sha256}" for mark in marks]
    name = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    folder = paths.studies()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(
            f"The folder of studies {folder} cannot be made: {error.strerror}. "
            "Name the study with --study FILE, or set BLOODSMEAR_HOME to a folder where you may write."
        ) from error
    # Under a name of another kind: where readers decide in it, it goes on for nobody but who names it.
    kind = "-fast" if any(mark.is_fast for mark in marks) else ""
    return folder / f"{name}{kind}{paths.STUDY_SUFFIX}"


def _refuse_what_is_no_study(path: Path) -> None:
    """Raise StudyError for a file of another kind: a slip of the pen must not rename an image or a folder."""
    if path.exists():
        try:
            StudyStore.open_existing(path).close()
        except NoStudyError:
            raise
        except StudyError:
            pass  # a damaged one is what --fresh is the way out of


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
