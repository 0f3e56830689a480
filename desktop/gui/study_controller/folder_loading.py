"""Opening folders: the first pictures are listed at once, while the rest is still being found."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.image_names import READ_FORMATS
from bloodsmear.images.scan import FoundImage
from desktop.gui.job_runner import JobRunner
from desktop.gui.messages import count_words
from desktop.gui.study_controller import engine_jobs
from desktop.gui.study_controller.engine_jobs import ScanBegun, ScanOutcome, StrangeFolders
from desktop.gui.study_controller.open_study import OpenStudy


class FolderLoading(QObject):
    """Fills the open study with the images of its folders.

    `begun(root name)`, `reached(folders)` once their drive has answered, then `images_found(list of FoundImage)`
    again and again, then `finished(other files)`, `nothing_found(sentence)` or `failed(sentence)`;
    `asked(StrangeFolders)` where the reader has to say yes first, and `failed` with it.
    `complained(sentence)` about what was left out. `grown(list of FoundImage)`: images that came while it is watched.
    """

    begun = Signal(str)
    reached = Signal(object)
    images_found = Signal(list)
    finished = Signal(int)
    nothing_found = Signal(str)
    failed = Signal(str)
    complained = Signal(str)
    grown = Signal(list)
    asked = Signal(object)

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner

    def open(self, dropped: Sequence[Path]) -> None:
        """Open these folders together, in place of what is open, or a study by its file; see `scan_folders`."""
        paths = tuple(dropped)
        # Which of them are files the job finds out: a network drive may take minutes to say so.
        self._study.begin(paths)
        self.begun.emit(" · ".join(path.name or str(path) for path in paths))
        job = self._runner.job(
            lambda _report, cancel: engine_jobs.scan_folders(paths, job.post, cancel),
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


def _no_image_sentence(folders: Sequence[Path], other_files: int) -> str:
    named = ", ".join(str(folder) for folder in folders)
    holds = f" ({count_words(other_files, 'other file')})" if other_files else ""
    return f"No image was found in {named}{holds}. Open a folder with {READ_FORMATS} images."
