"""The one controller that holds the open study. Panels ask it for things; its parts say what came of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.images.scan import FoundImage
from bloodsmear.review.records import ImageRecord
from desktop.gui.job_runner import JobRunner, Lane
from desktop.gui.messages import Message, WayOut, camera_bits_words, cleared_words
from desktop.gui.study.cell_finding import LANE as CELLS_LANE
from desktop.gui.study.cell_finding import CellFinding
from desktop.gui.study.cell_gallery import CROPS_LANE, SUGGESTER_LANE, SUGGESTIONS_LANE, CellGallery
from desktop.gui.study.cell_gallery import LANE as CELL_GALLERY_LANE
from desktop.gui.study.consensus_read import ConsensusRead
from desktop.gui.study.denoising_run import LANE as DENOISE_LANE
from desktop.gui.study.denoising_run import STORE_LANE
from desktop.gui.study.denoising_run import THREADS as DENOISE_THREADS
from desktop.gui.study.drawn_marks import DrawnMarks
from desktop.gui.study.folders import FolderLoading, Named, look_at, progress_words
from desktop.gui.study.image_jobs import clear_denoised
from desktop.gui.study.image_reading import ImageReading
from desktop.gui.study.looking import Looking
from desktop.gui.study.open_study import NoClassifiers, OpenStudy
from desktop.gui.study.other_programs import OtherScreenings
from desktop.gui.study.review import StudyReview
from desktop.gui.study.scales import StudyScales
from desktop.gui.study.screening import StudyScreening
from desktop.gui.study.study_file import LANE as STUDY_LANE
from desktop.gui.study.study_file import StudyFile
from desktop.gui.study.thumbnails import Thumbnails

if TYPE_CHECKING:
    from bloodsmear.storage.study_store import StudyStore
    from bloodsmear.workflows.classifier_set import ClassifierSet

LoadClassifiers = Callable[[], "ClassifierSet"]

# What is slow in one lane waits for nothing in another. Two threads scan and two decode, so that one that hangs on
# a network drive does not stop the reader; a denoise stops between two tiles.
LANES: tuple[Lane, ...] = (
    Lane("classifiers"),
    Lane("named", threads=2, order="latest_only"),
    Lane("progress", order="latest_only"),
    Lane("scan", threads=2, order="latest_only"),
    Lane("decode", threads=2, order="latest_only"),
    Lane(DENOISE_LANE, threads=DENOISE_THREADS),
    Lane(STORE_LANE),
    Lane("ahead", order="latest_only"),
    Lane("classify", order="latest_only"),
    Lane("compare", order="latest_only"),
    Lane("check", order="latest_only"),
    Lane("looking", order="latest_only"),
    Lane(CELLS_LANE, order="latest_only"),
    Lane(CELL_GALLERY_LANE, order="latest_only"),
    Lane(CROPS_LANE, order="newest_first", keep=1000),
    Lane(SUGGESTER_LANE, order="latest_only"),
    Lane(SUGGESTIONS_LANE, order="latest_only"),
    Lane("scale", order="latest_only"),
    Lane("thumbnails", order="newest_first", keep=100_000),
    Lane("screening"),
    Lane("report"),
    Lane("picture", finishes_at_closing=True),
    Lane(STUDY_LANE, finishes_at_closing=True),
)
_ELSEWHERE = "Another window changed how images are read."


class StudyController(QObject):
    """Opens folders, reads the chosen image, screens and exports.

    `folder`, `image`, `screening`, `file`, `review`, `marks`, `scales`, `looking`, `cells` have their own signals.
    `leaving()` before what is open is left, so that what is typed can still be kept; `returning()` where the same study
    is opened again: what is being typed goes on there; `records_changed(list of ImageRecord)`,
    `classifiers_ready(marks, refused)`, `image_wanted(image)` for the one to choose again, `said(Message)`.
    """

    leaving = Signal()
    returning = Signal()
    records_changed = Signal(list)
    classifiers_ready = Signal(tuple, tuple)
    image_wanted = Signal(str)
    said = Signal(Message)

    def __init__(
        self, load_classifiers: LoadClassifiers, thumbnail_side_px: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._load_classifiers = load_classifiers
        # Which image of folders that are opened again to begin with; the window remembers that.
        self.last_image_of: Callable[[Sequence[Path]], Path | None] = lambda _folders: None
        # The image to begin with, until it is found; None: the first.
        self._first: Path | None = None
        # The images that are called unreadable since no small picture could be made of them.
        self._without_picture: set[str] = set()
        self.study = OpenStudy()
        self.runner = JobRunner(LANES, self)
        self.folder = FolderLoading(self.study, self.runner, self)
        self.image = ImageReading(self.study, self.runner, self)
        self.screening = StudyScreening(self.study, self.runner, self)
        self.file = StudyFile(self.study, self.runner, self)
        self.others = OtherScreenings(self.study, self.file, self.runner, self)
        self.review = StudyReview(self.study, self.file, self.runner, self)
        self.consensus = ConsensusRead(self.review, self)
        self.marks = DrawnMarks(self.review, self.image)
        self.looking = Looking(self.study, self.runner, self)
        self.cells = CellFinding(self.runner, self)
        self.cell_gallery = CellGallery(self.study, self.runner, self)
        self.scales = StudyScales(self.study, self.file, self.image, self.runner)
        self.thumbnails = Thumbnails(self.study, self.runner, thumbnail_side_px, self)
        self._wire()

    @property
    def can_screen(self) -> bool:
        """Whether there is a folder with images, somebody to read them, and the study's file with its choices."""
        study = self.study
        ready = study.scanned and bool(study.marks) and study.path is not None and not study.read_only
        return ready and not self.screening.running

    @property
    def can_export(self) -> bool:
        """Whether there is a study to write a report of."""
        return self.study.path is not None

    def load_classifiers(self) -> None:
        """Load the classifiers in the background; in place of others they read the open folders anew."""
        job = self.runner.job(lambda _report, _cancel: self._load_classifiers())
        job.finished.connect(self._take_classifiers)
        job.failed.connect(self._go_on_without_classifiers)
        self.image.classifiers_loading()
        self.runner.start("classifiers", job)

    def open_named(self, named: Sequence[Path]) -> None:
        """Open what was dropped on the window or named to the program: folders, images (with their folder), a study.

        Where there is nothing of that among it, it is said, and what is open stays.
        """
        job = self.runner.job(lambda _report, _cancel: look_at(named))
        job.finished.connect(self._open_what_was_named)
        job.failed.connect(self._complain)
        self.runner.start("named", job)

    def open_folders(self, folders: Sequence[Path], first: Path | None = None) -> None:
        """Open these folders together in place of what is open, or a study by its file; `first` is the image to
        begin with.
        """
        if not folders:
            return
        lost = self._lost_by_leaving()
        self.runner.supersede("named")
        self.runner.supersede("progress")
        self._first = first or self.last_image_of(folders)
        self._without_picture.clear()
        self.image.forget()
        # An image of the same name in another folder is another image, whatever its time and size say.
        self.image.forget_pictures()
        self.looking.forget()
        self.cells.forget()
        self.cell_gallery.forget()
        self.screening.abandon()
        self.thumbnails.forget()
        self.file.close()
        self.review.forget()
        self.folder.open(folders)
        if lost:
            self._complain(lost)

    def read_progress(self, folders: Sequence[Path], show: Callable[[dict[Path, str]], None]) -> None:
        """Tell `show` how far the reader is in these folders; another folder that is opened comes first."""
        reader = self.review.reviewed.reader
        job = self.runner.job(lambda _report, cancel: progress_words(folders, reader, cancel))
        job.finished.connect(show)
        self.runner.start("progress", job)

    def first_of(self, found: Sequence[FoundImage]) -> str | None:
        """Which of these images to begin with; None where that one is still being looked for."""
        if self._first is None:
            return found[0].image if found else None
        wanted = os.path.normcase(self._first)
        image = next((each.image for each in found if wanted in _names(each)), None)
        if image is not None:
            self._first = None
        return image

    def set_check_denoised(self, on: bool) -> None:
        """Whether to flag the images whose label changes when they are denoised; kept in the study."""
        self.study.check_denoised = self.study.check_chosen = on
        self._open_file()
        self.image.check_denoised_changed()

    def set_camera_bits(self, bits: int | None) -> None:
        """Read every image of the study for a camera of so many bits (None: as each file says); kept in the study."""
        if not self.can_screen or bits == self.study.camera_bits:
            return
        job = self.runner.job(lambda _report, _cancel: _set_camera_bits(self.file.store(), bits))
        job.finished.connect(lambda _nothing: self._read_all_anew(bits, camera_bits_words(bits)))
        job.failed.connect(self._complain)
        self.runner.start(STUDY_LANE, job)

    def clear_cache(self) -> None:
        """Remove what is kept of the user's pictures beside their files, in memory and on the disk."""
        self.image.forget_pictures()
        job = self.runner.job(lambda _report, _cancel: clear_denoised())
        job.finished.connect(lambda freed: self._inform(cleared_words(freed)))
        self.runner.start(STORE_LANE, job)

    def close(self, wait_ms: int = 3000) -> bool:
        """Stop everything, keep what is finished; says whether every thread ended within `wait_ms`."""
        self.image.forget()
        self.screening.stop()
        self.file.close()
        return self.runner.close(wait_ms)

    def _wire(self) -> None:
        self.folder.finished.connect(self._folder_complete)
        self.folder.complained.connect(self._complain)
        self.file.records_read.connect(self._take_stored)
        self.file.camera_bits_found.connect(self._read_with_camera_bits)
        self.file.exported.connect(self._inform)
        for went_wrong in (self.file.failed, self.file.complained, self.scales.failed):
            went_wrong.connect(self._complain)
        self.file.found_changed.connect(self._tell_changed)
        self.image.record_made.connect(self.file.put)
        self.image.record_made.connect(lambda record: self.records_changed.emit([record]))
        self.image.complained.connect(self._complain)
        # Before the review tells whether the next image's answers are hidden: the map is still that of the one before.
        self.image.loading.connect(lambda _image: self.looking.forget())
        self.image.loading.connect(lambda _image: self.cells.forget())
        self.image.loading.connect(self.review.choose)
        self.image.record_ready.connect(lambda record: self.review.take_read(record.image))
        self.image.unanswered.connect(self._take_no_answer)
        self.classifiers_ready.connect(lambda _marks, _refused: self.review.see_classifiers())
        self.thumbnails.found_unreadable.connect(self._take_unreadable)
        self.image.ahead.unread.connect(self.thumbnails.doubt)
        self.records_changed.connect(self.review.take_records)
        self.records_changed.connect(self.thumbnails.compare_all)
        self.image.original_ready.connect(
            lambda image, _pixels: self.thumbnails.compare(image, self.image.sha256)
        )
        self.image.original_ready.connect(
            lambda image, pixels: self.looking.take_original(image, pixels, self.image.picture)
        )
        self.image.original_ready.connect(
            lambda image, pixels: self.cells.take_original(image, pixels, self.image.sha256)
        )
        self.image.record_ready.connect(self.looking.take_record)
        # Before the panels hear of it: nothing of a classifier may be seen of an image that is to be decided blind.
        self.review.changed.connect(lambda state: self.looking.set_hidden(state.answers_hidden))
        self.cells.said, self.cells.act = self.review.reviewed.cells, self.review.act
        self.review.mark_changed.connect(lambda image, _mark: self.cells.tell(image))
        self.review.marks_changed.connect(lambda _marks: self.cells.tell_chosen())
        for read in (self.screening.record_ready, self.others.record_read):
            read.connect(self._take_screened)
        self.others.scales_set.connect(self.scales.take_others)
        self.others.camera_bits_set.connect(
            lambda bits: self._read_all_anew(bits, f"{_ELSEWHERE} {camera_bits_words(bits)}")
        )
        for said in (
            self.screening.ended,
            self.review.many_decided,
            self.review.undone,
            self.review.noted_changes,
            self.consensus.said,
        ):
            said.connect(self._inform)
        self.review.left_undecided.connect(self._tell_left)
        for went_wrong in (self.screening.failed, self.screening.troubled):
            went_wrong.connect(self._complain)
        self.screening.arrived.connect(self.folder.take_arrived)

    def _folder_complete(self, _other_files: int) -> None:
        self._open_file()
        # It is gone: with the first one, then, unless the reader has chosen one meanwhile.
        gone, self._first = self._first is not None, None
        if gone and self.image.image is None:
            self.image_wanted.emit(next(iter(self.study.found)))

    def _open_what_was_named(self, named: Named) -> None:
        self.open_folders(named.to_open, named.image)
        if named.left_out:
            self._complain(named.left_out)

    def _go_on_without_classifiers(self, sentence: str) -> None:
        self._take_classifiers(NoClassifiers(sentence))

    def _take_classifiers(self, loaded: ClassifierSet | NoClassifiers) -> None:
        others_answered = self.study.classifiers is not None
        self.study.classifiers = loaded
        self.classifiers_ready.emit(loaded.marks, loaded.refused)
        if others_answered and self.study.folders:
            # Other classifiers, another study: nothing of what the ones before said may stay in the list.
            self._open_again()
            self.image.classifiers_changed()
        else:
            self.image.classifiers_changed()
            self._open_file()

    def _lost_by_leaving(self) -> str:
        """Have what is typed kept before the study is left; what cannot be is told."""
        self.leaving.emit()
        return self.review.lost_words()

    def _open_again(self) -> None:
        self.returning.emit()
        chosen, named = self.study.found.get(self.image.image or ""), self.study.named
        self.open_folders(
            self.study.folders if named is None else [named], chosen.path if chosen is not None else None
        )

    def _read_all_anew(self, bits: int | None, sentence: str) -> None:
        lost = self._lost_by_leaving()
        self._open_again()
        # Known before the study's file is open: no image is read without them first.
        self.study.use_camera_bits(bits)
        if lost:
            self._complain(f"{sentence} {lost}")
        else:
            self._inform(sentence)

    def _open_file(self) -> None:
        """The study's file is named after its folders and its classifiers, so it waits for both."""
        if self.study.scanned and self.study.marks:
            self.file.open(self.study.check_chosen)

    def _take_no_answer(self, image: str, denoised: bool) -> None:
        # Without an answer on the denoised image the original is decided all the same.
        if not denoised:
            self.review.give_up(image)

    def _take_unreadable(self, record: ImageRecord) -> None:
        """A row without a picture: what was read of the image before, and the chosen one's own reading, count first."""
        if record.image not in self.study.records and record.image != self.image.image:
            self._without_picture.add(record.image)
            self.file.put(record)
            self._take_screened(record)

    def _read_with_camera_bits(self) -> None:
        """Without the camera's bits some could not be read that can be read now."""
        unread = [
            self.study.records.pop(image) for image in self._without_picture & self.study.records.keys()
        ]
        self.records_changed.emit([ImageRecord(one.image, one.case, "not_screened") for one in unread])
        self._without_picture.clear()
        self.image.read_with_camera_bits()
        self.thumbnails.make_anew()

    def _take_stored(self, records: list[ImageRecord]) -> None:
        self.study.records.update((record.image, record) for record in records)
        self.records_changed.emit(records)

    def _take_screened(self, record: ImageRecord) -> None:
        self._take_stored([record])

    def _inform(self, sentence: str) -> None:
        self.said.emit(Message("info", sentence))

    def _complain(self, sentence: str) -> None:
        self.said.emit(Message("problem", sentence))

    def _tell_left(self, sentence: str, first: str) -> None:
        # Not beside the decision: the next image's own sentence would take its place at once.
        self.said.emit(
            Message("problem", sentence, WayOut("Go there", lambda: self.image_wanted.emit(first)))
        )

    def _tell_changed(self, sentence: str) -> None:
        way_out = WayOut("Take note", self.review.acknowledge_changes)
        self.said.emit(Message("problem", sentence, way_out))


def _names(found: FoundImage) -> tuple[str, str]:
    """Its file, and the image itself, which of a file with several is `name.tif [2]`, as paths to compare."""
    own = found.path.with_name(found.image.rpartition("/")[2])
    return os.path.normcase(found.path), os.path.normcase(own)


def _set_camera_bits(store: StudyStore, bits: int | None) -> None:
    """Have every image of the study read anew. Raises ScreenedElsewhereError and StudyError."""
    from bloodsmear.workflows import screening

    screening.set_camera_bits(store, bits)
