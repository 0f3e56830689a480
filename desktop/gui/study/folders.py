"""Opening folders: the first pictures are listed at once, while the rest is still being found.

The functions are jobs: they run off the window's thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bloodsmear import paths
from bloodsmear.count_words import count_words
from bloodsmear.errors import NoStudyError, ScanError
from bloodsmear.images.image_names import READ_FORMATS, has_image_name
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel
from bloodsmear.paths import is_study_name
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.open_study import OpenStudy

# The first pictures stand in the list at once; later batches are as large as keeps the list quick.
_FIRST_BATCH = 12
_BATCH = 500
_BATCH_INTERVAL_S = 0.1
_WHAT_OPENS = f"Open {READ_FORMATS} images, a folder that holds some, or a study."


@dataclass(frozen=True, slots=True)
class ScanBegun:
    """The folders that are searched, and the root that the images' names are relative to.

    `study` is the study's file where the reader named that in place of folders.
    """

    folders: tuple[Path, ...]
    root: Path
    study: Path | None = None


@dataclass(frozen=True, slots=True)
class StrangeFolders:
    """The folders that a study names and nobody opened on this PC before; `sentence` shows them."""

    study: Path
    folders: tuple[Path, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What was in the folders beside the images."""

    images: int
    other_files: int
    unreadable_folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What paths stand for that somebody dropped or named: what to open, and the image to begin with (None: the first).

    `left_out` is a sentence about what is not opened, empty where all is.
    """

    to_open: tuple[Path, ...]
    image: Path | None = None
    left_out: str = ""


class FolderLoading(QObject):
    """Fills the open study with the images of its folders.

    `begun(root name)`, `reached(folders)` once their drive has answered, then `images_found(list of FoundImage)`
    again and again, then `finished(other files)`, `nothing_found(sentence)` or `failed(sentence)`;
    `asked(StrangeFolders)` where the reader has to say yes first, and `failed` with it.
    `complained(sentence)` about what was left out. `grown(list of FoundImage)`: images that came while it is watched.
    """

    begun = Signal(str)
    reached = Signal(tuple)
    images_found = Signal(list)
    finished = Signal(int)
    nothing_found = Signal(str)
    failed = Signal(str)
    complained = Signal(str)
    grown = Signal(list)
    asked = Signal(StrangeFolders)

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner

    def open(self, dropped: Sequence[Path]) -> None:
        """Open these folders together, in place of what is open, or a study by its file; see `scan_folders`."""
        named = tuple(dropped)
        # Which of them are files the job finds out: a network drive may take minutes to say so.
        self._study.begin(named)
        self.begun.emit(" · ".join(path.name or str(path) for path in named))
        job = self._runner.job(
            lambda _report, cancel: scan_folders(named, job.post, cancel),
        )
        job.part.connect(self._take)
        job.finished.connect(self._end)
        job.failed.connect(self.failed)
        self._runner.start("scan", job)

    def take_arrived(self, images: Sequence[FoundImage]) -> None:
        """Take up what came into the watched folders, behind what is there; the first images open the study."""
        new = [found for found in images if found.image not in self._study.found]
        if not new:
            return
        self._study.add(new)
        self.grown.emit(new)
        if self._study.empty:
            self._study.empty, self._study.scanned = False, True
            self.finished.emit(0)

    def _take(self, part: object) -> None:
        if isinstance(part, ScanBegun):
            self._study.folders, self._study.root, self._study.named = part.folders, part.root, part.study
            self.reached.emit(part.folders)
        elif isinstance(part, StrangeFolders):
            self.asked.emit(part)
        elif isinstance(part, list):
            self._study.add(part)
            self.images_found.emit(part)

    def _end(self, outcome: ScanOutcome) -> None:
        if outcome.images == 0:
            self._study.empty = True
            self.nothing_found.emit(_no_image_sentence(self._study.folders, outcome.other_files))
            return
        self._study.scanned = True
        self.finished.emit(outcome.other_files)
        if outcome.unreadable_folders:
            named = ", ".join(outcome.unreadable_folders[:3])
            rest = len(outcome.unreadable_folders) - 3
            more = f" and {rest} more" if rest > 0 else ""
            self.complained.emit(
                f"Left out, because you may not read them: {named}{more}. Ask their owner for permission "
                "and open the folder again."
            )


def look_at(named: Sequence[Path]) -> Named:
    """Tell folders, studies and images apart: an image stands for its folder. Raises ScanError where there is none."""
    images = [path for path in named if _is_image_name(path) and _is_file(path)]
    others = [path for path in named if path not in images and not is_study_name(path) and _is_file(path)]
    to_open = dict.fromkeys(path.parent if path in images else path for path in named if path not in others)
    if not to_open:
        raise ScanError(f"{_not_an_image(others)}, so nothing was opened. {_WHAT_OPENS}")
    left_out = f"{_not_an_image(others)}, so it was left out. {_WHAT_OPENS}" if others else ""
    return Named(tuple(to_open), images[0] if images else None, left_out)


def scan_folders(dropped: Sequence[Path], say: Callable[[object], None], cancel: Cancel) -> ScanOutcome:
    """Find the images: says `ScanBegun` and then lists of FoundImage. Raises ScanError, and StudyError of a study.

    A study's file stands for the folders that it is about. Where they were never opened on this PC it says
    `StrangeFolders` and touches none of them.
    """
    study = _study_among(dropped)
    folders = _folders_of_study(study, say) if study else tuple(dict.fromkeys(dropped))
    scan = Scan(folders, cancel)
    say(ScanBegun(folders, scan.root, study))
    images, batch, said_at = 0, list[FoundImage](), time.monotonic()
    for found in scan:
        images += 1
        batch.append(found)
        first = images <= _FIRST_BATCH
        if first or len(batch) >= _BATCH or time.monotonic() - said_at > _BATCH_INTERVAL_S:
            say(batch)
            batch, said_at = [], time.monotonic()
    if batch:
        say(batch)
    return ScanOutcome(images, scan.other_files, tuple(scan.unreadable_folders))


def progress_words(folders: Sequence[Path], reader: str, cancel: Cancel) -> dict[Path, str]:
    """How far the reader is in folders that were opened before: `16 of 35 decided`; by their studies alone."""
    from bloodsmear.workflows.folder_progress import read_progress

    found = read_progress(paths.studies(), folders, reader, cancel)
    return {folder: one.words for folder, one in found.items()}


def _study_among(dropped: Sequence[Path]) -> Path | None:
    studies = [path for path in dropped if is_study_name(path) and not _is_folder(path)]
    if studies and len(dropped) > 1:
        raise ScanError(f"{studies[0].name} is a study, which knows its folders. Open it alone.")
    return studies[0].absolute() if studies else None


def _folders_of_study(study: Path, say: Callable[[object], None]) -> tuple[Path, ...]:
    from bloodsmear.workflows.study_choice import folders_of_study
    from bloodsmear.workflows.study_folders import strange_folders_sentence, unknown_folders_of

    strange = unknown_folders_of(study)
    if strange:
        sentence = strange_folders_sentence(study, strange)
        say(StrangeFolders(study, strange, sentence))
        raise NoStudyError(f"{sentence} Nothing there was opened.")
    return folders_of_study(study)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # The scan says in a sentence why it cannot be opened.
        return False


def _is_image_name(path: Path) -> bool:
    return has_image_name(path) and not path.name.startswith(".")


def _not_an_image(others: Sequence[Path]) -> str:
    more = f" (and {count_words(len(others) - 1, 'other file')})" if len(others) > 1 else ""
    return f"{others[0].name}{more} is not an image by its name"


def _no_image_sentence(folders: Sequence[Path], other_files: int) -> str:
    named = ", ".join(str(folder) for folder in folders)
    holds = f" ({count_words(other_files, 'other file')})" if other_files else ""
    return f"No image was found in {named}{holds}. Open a folder with {READ_FORMATS} images."
