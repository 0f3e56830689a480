"""The nucleated cells of the chosen image: found in the background while the reader wants their outlines."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.cells import FoundCells, find_cells
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.job_runner import JobRunner

LANE = "cells"


class CellFinding(QObject):
    """`found(image, FoundCells)` for each chosen image while outlines are wanted, `finding()` before. `cleared()`:
    nothing is to be shown; `failed(sentence)`: nothing can be, and why.
    """

    found = Signal(str, FoundCells)
    finding = Signal()
    cleared = Signal()
    failed = Signal(str)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self.wanted = False
        self._image = ""
        self._pixels: RgbImage | None = None

    def toggle(self) -> None:
        """Show the outlines of the chosen image and of the next ones, or no more."""
        self.wanted = not self.wanted
        self._begin()

    def forget(self) -> None:
        """Another image is being read."""
        self._image, self._pixels = "", None
        self._begin()

    def take_original(self, image: str, pixels: RgbImage) -> None:
        """The chosen image is decoded."""
        # It comes again when other classifiers are to answer for it: its cells stay as they are.
        if pixels is not self._pixels:
            self._image, self._pixels = image, pixels
            self._begin()

    def _begin(self) -> None:
        self._runner.supersede(LANE)
        self.cleared.emit()
        image, pixels = self._image, self._pixels
        if not self.wanted or pixels is None:
            return
        self.finding.emit()
        job = self._runner.job(lambda _report, _cancel: find_cells(pixels))
        job.finished.connect(lambda found: self.found.emit(image, found))
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)
