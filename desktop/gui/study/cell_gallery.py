"""The cells of many images, for the gallery: found in the background or taken over; their crops when they are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.region import Region
from bloodsmear.images.scan import FoundImage
from bloodsmear.jobs import Cancel, Progress
from desktop.gui.job_runner import Job, JobRunner
from desktop.gui.study.open_study import OpenStudy

if TYPE_CHECKING:  # imported on the job's thread: what keeps cells is not needed for the first picture
    from bloodsmear.reports.cell_report import ImageCells
    from bloodsmear.workflows.cell_gallery import Crops
    from bloodsmear.workflows.cell_suggestions import CellsToAsk, Suggester

LANE, CROPS_LANE = "cell_gallery", "cell_crops"
SUGGESTER_LANE, SUGGESTIONS_LANE = "cell_suggester", "cell_suggestions"


class CellGallery(QObject):
    """`found(GalleryImage)` for each image in turn, `progressed(Progress)`, then `ended()` or `failed(sentence)`.

    `crops_ready(image, crops)`: what was asked for; empty where the image cannot be read any more.
    `suggester_known(Suggester or None)`: which classifier of cells may sort them.
    `suggested((image, {box: Suggestion}))` for each image that was asked about, then `all_suggested()`, behind
    `failed(sentence)` where it failed.
    """

    found = Signal(object)
    progressed = Signal(Progress)
    ended = Signal()
    failed = Signal(str)
    crops_ready = Signal(str, object)
    suggester_known = Signal(object)
    suggested = Signal(object)
    all_suggested = Signal()

    def __init__(self, study: OpenStudy, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        # Asked for and not there yet: a row is painted many times meanwhile.
        self._asked: set[str] = set()

    def begin(self, images: Sequence[FoundImage]) -> None:
        """Find the cells of these images in place of those before."""
        self.forget()
        folders, root, bits = self._study.folders, self._study.root, self._study.camera_bits
        if root is None:
            return

        def find(job: Job, cancel: Cancel) -> None:
            from bloodsmear.workflows.cell_finding import CellPlan
            from bloodsmear.workflows.cell_gallery import gallery_images

            plan = CellPlan(folders, camera_bits=bits)
            for done, one in enumerate(gallery_images(images, root, plan, cancel), 1):
                job.post(one)
                job.report(Progress(done, len(images)))

        job = self._runner.job(lambda _report, cancel: find(job, cancel))
        job.part.connect(self.found)
        job.progressed.connect(self.progressed)
        job.finished.connect(lambda _nothing: self.ended.emit())
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)

    def want_crops(self, cells: ImageCells, boxes: Iterable[Region]) -> None:
        """Cut the crops of an image's cells; the image asked for last comes first."""
        found = self._study.found.get(cells.image)
        if found is None or cells.image in self._asked:
            return
        self._asked.add(cells.image)
        wanted = tuple(boxes)

        def cut() -> Crops:
            from bloodsmear.workflows.cell_gallery import crops_of

            return crops_of(found, wanted, cells.red_cell_px, cells.sha256)

        job = self._runner.job(lambda _report, _cancel: cut())
        job.finished.connect(lambda crops: self._give(cells.image, crops))
        job.failed.connect(lambda _sentence: self._give(cells.image, {}))
        job.stopped.connect(lambda: self._asked.discard(cells.image))
        self._runner.start(CROPS_LANE, job)

    def look_for_suggester(self) -> None:
        """Look whether a classifier of cells on this PC may suggest."""

        def look() -> Suggester | None:
            from bloodsmear.workflows.cell_suggestions import suggesters

            return next(reversed(suggesters()), None)

        self._runner.supersede(SUGGESTER_LANE)
        job = self._runner.job(lambda _report, _cancel: look())
        job.finished.connect(self.suggester_known)
        job.failed.connect(lambda _sentence: self.suggester_known.emit(None))
        self._runner.start(SUGGESTER_LANE, job)

    def want_suggestions(self, suggester: Suggester, asked: Sequence[CellsToAsk]) -> None:
        """Ask the classifier about these cells."""

        def ask(job: Job, cancel: Cancel) -> None:
            from bloodsmear.workflows.cell_suggestions import suggestions_for

            for done, one in enumerate(suggestions_for(asked, suggester, cancel), 1):
                job.post(one)
                job.report(Progress(done, len(asked)))

        self._runner.supersede(SUGGESTIONS_LANE)
        job = self._runner.job(lambda _report, cancel: ask(job, cancel))
        job.part.connect(self.suggested)
        job.progressed.connect(self.progressed)
        job.finished.connect(lambda _nothing: self.all_suggested.emit())
        job.failed.connect(self.failed)
        job.failed.connect(lambda _sentence: self.all_suggested.emit())
        self._runner.start(SUGGESTIONS_LANE, job)

    def forget(self) -> None:
        """Nothing of what was asked for is wanted any more."""
        for lane in (LANE, CROPS_LANE, SUGGESTIONS_LANE):
            self._runner.supersede(lane)
        self._asked.clear()

    def _give(self, image: str, crops: Crops) -> None:
        self._asked.discard(image)
        self.crops_ready.emit(image, dict(crops))
