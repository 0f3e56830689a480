"""From folders to the cells of every image: each image is kept as soon as it is finished, resumable at any time.

What was found lies in the user's cache, a line for each image: it can be found anew from the images, and no decision
hangs on it. A line that a stop cut off is found again.
"""

import hashlib
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from bloodsmear import paths
from bloodsmear.classifiers.classifier import Classifier
from bloodsmear.errors import ImageError, StudyError, UsageError
from bloodsmear.images.cell_look import look_of
from bloodsmear.images.cells import FINDER, find_cells
from bloodsmear.images.decode import DecodedImage, decoding
from bloodsmear.images.formats.reader_contract import DECODER
from bloodsmear.images.scale import SetScale
from bloodsmear.images.scan import FoundImage, Scan
from bloodsmear.jobs import Cancel, Progress, Report
from bloodsmear.json_file import decoder_of
from bloodsmear.private_file import open_plain
from bloodsmear.process_lock import lock_file
from bloodsmear.reports.cell_report import ImageCells, write_cells
from bloodsmear.reports.report_kind import COMMA, CsvForm
from bloodsmear.review.records import ImageRecord
from bloodsmear.workflows.file_run import BREAKS_DECODER, FileRun, sha256_of
from bloodsmear.workflows.reading import ReadRequest, read_pixels, unreadable_record
from bloodsmear.workflows.screening import absolute_folders, find_images

_LINE = decoder_of(ImageCells)


@dataclass(frozen=True, slots=True)
class CellPlan:
    """Of which folders the cells are wanted; `jobs` images are read at once. `camera_bits`: see FoundImage."""

    folders: tuple[Path, ...]
    jobs: int = 1
    camera_bits: int | None = None


@dataclass(slots=True)
class CellSummary:
    """What a run came to: `images` of which `kept` from before, `unreadable` ones, and `cells` in all."""

    images: int = 0
    kept: int = 0
    unreadable: int = 0
    cells: int = 0
    unreadable_folders: tuple[str, ...] = ()


class CellRun:
    """A run over the folders of a plan; use it in a `with` block. No other program runs over them meanwhile.

    Raises ScanError for what is not a folder, UsageError where another program runs, StudyError where nothing can be
    kept.
    """

    def __init__(self, plan: CellPlan, cancel: Cancel) -> None:
        self._plan = plan
        self._cancel = cancel
        self._scan = Scan(plan.folders, cancel, plan.camera_bits)
        self._kept = KeptCells(self._scan.root, plan)
        self._found: list[FoundImage] = []
        # Read in this run, by a screening: their files are not read again.
        self._fresh: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()

    def read_image(self, request: ReadRequest, classifiers: Sequence[Classifier]) -> ImageRecord:
        """As a screening reads it, and the cells of the same decoded picture are found and kept.

        Raises ClassifierError, and StudyError when the disk is full. On several threads at once.
        """
        found = request.found
        try:
            with decoding(found.path, asked=found.asked) as decoded:
                record = read_pixels(decoded, request, classifiers)
                done = cells_in(found, decoded)
        except ImageError as error:
            record = unreadable_record(found, error)
            done = unreadable_cells(found, error.reason, error.sha256)
        # The study may know of a camera that this run was not told of: then they are found as `cells` finds them.
        if found.camera_bits == self._plan.camera_bits:
            self._kept.put(done)
            self._fresh.add(found.image)
        return record

    def find(self, report: Report) -> CellSummary:
        """Find the cells of every image that is not done yet. What was finished is kept, whatever this raises:

        ScanError (no image), FoldersGoneError, StudyError (disk full), JobCancelled.
        """
        summary = CellSummary()
        self._found = find_images(self._scan, self._plan.folders, report)
        report(Progress(0, len(self._found)))
        files = FileRun(self._kept.path, self._plan.folders, self._plan.jobs)
        for done, was_kept in files.finished(self._found, lambda one: self._read(files, one), self._cancel):
            if not was_kept:
                self._kept.put(done)
            summary.images += 1
            summary.kept += was_kept
            summary.unreadable += bool(done.error)
            summary.cells += len(done.cells)
            report(Progress(summary.images, len(self._found), done.image))
        summary.unreadable_folders = tuple(self._scan.unreadable_folders)
        return summary

    def write(self, target: Path, form: CsvForm = COMMA, scales: Sequence[SetScale] = ()) -> int:
        """Write the images that `find` found, in their order, with the cells of those that are done.

        `scales` are what readers set in the study of the same images. Raises ReportError.
        """
        return write_cells(target, map(self._kept_or_not_read, self._found), form, scales)

    def _kept_or_not_read(self, found: FoundImage) -> ImageCells:
        return self._kept.of(found.image) or ImageCells(found.image, found.case)

    def _read(self, files: FileRun, found: FoundImage) -> tuple[ImageCells, bool]:
        self._cancel.checkpoint()
        fresh = self._kept.of(found.image) if found.image in self._fresh else None
        if (kept := fresh or self._kept.still_of(found)) is not None:
            return kept, True
        if files.breaks_decoder(found):
            return unreadable_cells(found, BREAKS_DECODER, sha256_of(found.path)), False
        with files.reading(found):
            done = find_in(found)
        if done.error and not done.sha256:
            files.refuse_without_folders()
        return done, False


def find_in(found: FoundImage) -> ImageCells:
    """The cells of one image, or why it could not be read."""
    try:
        with decoding(found.path, asked=found.asked) as decoded:
            return cells_in(found, decoded)
    except ImageError as error:
        return unreadable_cells(found, error.reason, error.sha256)


def cells_in(found: FoundImage, decoded: DecodedImage) -> ImageCells:
    """The cells of one image that is decoded already."""
    seen = find_cells(decoded.pixels)
    return ImageCells(
        found.image,
        found.case,
        decoded.sha256,
        DECODER,
        FINDER,
        width_px=decoded.width_px,
        height_px=decoded.height_px,
        red_cell_px=seen.red_cell_px,
        cells=tuple(replace(cell, outlines=()) for cell in seen.cells),
        looks=tuple(look_of(decoded.pixels, cell, seen.red_cell_px) for cell in seen.cells),
        um_per_px=decoded.scale.um_per_px if decoded.scale.counts else None,
    )


def unreadable_cells(found: FoundImage, reason: str, sha256: str) -> ImageCells:
    """An image that could not be read, and why."""
    return ImageCells(found.image, found.case, sha256, DECODER, FINDER, error=reason)


def _place(root: Path, plan: CellPlan) -> Path:
    parts = [str(root), *sorted(map(str, absolute_folders(plan.folders))), str(plan.camera_bits)]
    name = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return paths.cache() / "cells" / f"{name}.lines"


class KeptCells:
    """The file of what was found: JSON, a line for each image, the later line of two counts.

    Of a line only its place in the file is held in memory, so a hundred thousand images take little. Raises UsageError
    where another program has it, StudyError where nothing can be kept.
    """

    def __init__(self, root: Path, plan: CellPlan) -> None:
        self.path = path = _place(root, plan)
        self._places: dict[str, tuple[int, int]] = {}
        self._reading, self._writing = threading.Lock(), threading.Lock()
        with ExitStack() as closing:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = closing.enter_context(open_plain(path, "ab"))
                self._lines = closing.enter_context(open_plain(path, "rb"))
                # A file of its own: Windows would refuse to read what is locked.
                lock = closing.enter_context(open_plain(path.with_suffix(".lock"), "ab"))
            except OSError as error:
                raise self._not_kept(error) from error
            _lock_alone(lock, plan.folders)
            self._read_all()
            self._closing = closing.pop_all()

    def close(self) -> None:
        """Let go of the file."""
        self._closing.close()

    def put(self, done: ImageCells) -> None:
        """Keep a finished image. Raises StudyError when the disk is full."""
        done = replace(done, image=_as_text(done.image), case=_as_text(done.case))
        line = msgspec.json.encode(done) + b"\n"
        with self._writing:
            try:
                self._file.write(line)
                self._file.flush()
                end = self._file.tell()
            except OSError as error:
                raise self._not_kept(error) from error
            self._places[done.image] = end - len(line), len(line)

    def still_of(self, found: FoundImage) -> ImageCells | None:
        """What is kept of an image whose file has the same bytes still; None where it is to be found anew."""
        kept = self.of(found.image)
        if kept is None or not kept.sha256 or len(kept.looks) != len(kept.cells):
            return None
        mark = (sha256_of(found.path), DECODER, FINDER)
        return kept if (kept.sha256, kept.decoder, kept.finder) == mark else None

    def of(self, image: str) -> ImageCells | None:
        """What is kept of an image; None for one that is not done."""
        place = self._places.get(_as_text(image))
        if place is None:
            return None
        with self._reading:
            self._lines.seek(place[0])
            line = self._lines.read(place[1])
        return _LINE.decode(line)

    def _read_all(self) -> None:
        start, line = 0, b""
        for line in self._lines:
            # What a stop cut off is found again.
            with suppress(msgspec.MsgspecError, UnicodeError, RecursionError):
                self._places[_LINE.decode(line).image] = start, len(line)
            start += len(line)
        if line and not line.endswith(b"\n"):
            self._file.write(b"\n")
            self._file.flush()

    def _not_kept(self, error: OSError) -> StudyError:
        return StudyError(
            f"What was found cannot be kept in {self.path}: {error.strerror}. Free some space, or set BLOODSMEAR_HOME "
            "to a folder where you may write."
        )


def _lock_alone(file: IO[bytes], folders: Sequence[Path]) -> None:
    try:
        lock_file(file)
    except (BlockingIOError, PermissionError) as error:
        named = " and ".join(map(str, folders))
        raise UsageError(
            f"The cells of {named} are being found already, in another terminal on this PC, so nothing was begun here. "
            "Wait until it ends, or stop it there."
        ) from error
    except OSError:
        pass  # a home on a network drive that has no locks


def _as_text(name: str) -> str:
    """A file name that is not Unicode (on Linux) by its bytes, as a report shows it."""
    return name.encode("utf-8", "backslashreplace").decode()
