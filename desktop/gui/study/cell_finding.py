"""The nucleated cells of the chosen image as the reader sees them: found while outlines are wanted, less those that
the reader removed, with those added. A click adds one or removes one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.cells.reader_cells import CellPlace, ReaderCell, box_around, seen_by
from bloodsmear.images.cells import FoundCells, find_cells
from bloodsmear.images.region import Region
from bloodsmear.images.rgb_image import RgbImage
from desktop.gui.job_runner import JobRunner

if TYPE_CHECKING:
    from bloodsmear.workflows.reviewing import Reviewing

LANE = "cells"
# In red cells: how large a cell is taken to be that a click adds.
_ADDED = 1.2
# So much wider than the box around its nucleus a cell is for a click.
_CLICK_OFF = 0.15
# Of an image without a red cell that can be seen, of its shorter side.
_ADDED_SHARE = 0.1


class CellFinding(QObject):
    """`found(image, FoundCells)` for each chosen image while outlines are wanted, `finding()` before. `cleared()`:
    nothing is to be shown; `failed(sentence)`: nothing can be, and why. `chosen()`: something else is wanted, of
    outlines and clicks.

    `said` tells what the reader said of the cells of an image's bytes (sha256), `act` has a change kept.
    """

    found = Signal(str, FoundCells)
    finding = Signal()
    cleared = Signal()
    failed = Signal(str)
    chosen = Signal()

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self.wanted = False
        self.clicking = False
        self.said: Callable[[str, str], Sequence[ReaderCell]] = lambda _image, _sha256: ()
        self.act: Callable[[Callable[[Reviewing], object]], None] = lambda _change: None
        # The chosen image, the sha256 of its bytes and their pixels.
        self._image, self._sha256 = "", ""
        self._pixels: RgbImage | None = None
        self._now: FoundCells | None = None

    def toggle(self) -> None:
        """Show the outlines of the chosen image and of the next ones, or no more."""
        self.wanted = not self.wanted
        # Without outlines nobody would see what a click did.
        self.clicking = self.clicking and self.wanted
        self.chosen.emit()
        self._begin()

    def toggle_clicking(self) -> None:
        """Let a click on the picture add a cell or remove one, or no more."""
        self.clicking = not self.clicking
        if self.clicking and not self.wanted:
            self.toggle()
        else:
            self.chosen.emit()

    def click(self, x: float, y: float) -> None:
        """At this place of the chosen image (px): the cell there is none, or there is one that was missed."""
        if not self.clicking or self._now is None or self._pixels is None:
            return
        image, sha256 = self._image, self._sha256
        seen = seen_by(self._now, self.said(image, sha256))
        there = [cell.box for cell in seen.cells if _holds(cell.box, x, y)]
        if there:
            cell = CellPlace(image, min(there, key=lambda box: box.pixels), sha256)
            self.act(lambda reviewing: reviewing.remove_cells([cell]))
            return
        height, width = self._pixels.shape[:2]
        if 0 <= x < width and 0 <= y < height:
            side_px = _ADDED * self._now.red_cell_px or _ADDED_SHARE * min(width, height)
            added = CellPlace(image, box_around(x, y, side_px, (width, height)), sha256)
            self.act(lambda reviewing: reviewing.add_cell(added))

    def forget(self) -> None:
        """Another image is being read."""
        self._image, self._sha256, self._pixels = "", "", None
        self._begin()

    def take_original(self, image: str, pixels: RgbImage, sha256: str) -> None:
        """The chosen image is decoded, from bytes with this sha256."""
        # It comes again when other classifiers are to answer for it: its cells stay as they are.
        if pixels is not self._pixels:
            self._image, self._sha256, self._pixels = image, sha256, pixels
            self._begin()

    def tell(self, image: str) -> None:
        """The reader said something of an image's cells: where it is the chosen one its outlines are others now."""
        if image == self._image and self._now is not None:
            self.found.emit(image, seen_by(self._now, self.said(image, self._sha256)))

    def tell_chosen(self) -> None:
        """Another reader reads, or much was said at once."""
        self.tell(self._image)

    def _begin(self) -> None:
        self._runner.supersede(LANE)
        self._now = None
        self.cleared.emit()
        image, pixels = self._image, self._pixels
        if not self.wanted or pixels is None:
            return
        self.finding.emit()

        def take(found: FoundCells) -> None:
            self._now = found
            self.tell(image)

        job = self._runner.job(lambda _report, _cancel: find_cells(pixels))
        job.finished.connect(take)
        job.failed.connect(self.failed)
        self._runner.start(LANE, job)


def _holds(box: Region, x: float, y: float) -> bool:
    off = _CLICK_OFF * max(box.width_px, box.height_px)
    across = box.left_px - off <= x <= box.right_px + off
    return across and box.top_px - off <= y <= box.bottom_px + off
