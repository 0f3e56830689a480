"""Where a classifier looked in the chosen image: computed when it is asked for, and never while answers are hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from bloodsmear.errors import ClassifierError
from bloodsmear.images.recently_used import RecentlyUsed
from bloodsmear.jobs import Cancel, Report
from bloodsmear.review.records import ClassifierMark, ImageRecord
from desktop.gui.job_runner import JobRunner
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.theme.map_colours import map_colours

if TYPE_CHECKING:  # OpenVINO comes in with them, on the job's thread
    import numpy as np
    import numpy.typing as npt

    from bloodsmear.explaining.activation_map import ActivationMap
    from bloodsmear.explaining.activation_mapper import ActivationMapper
    from bloodsmear.images.rgb_image import RgbImage


class Mapper(Protocol):
    """One classifier, asked where it looks: ActivationMapper, and what tests put in its place."""

    def activation_map(
        self, image: RgbImage, label_key: str, report: Report, cancel: Cancel
    ) -> ActivationMap:
        """See `ActivationMapper.activation_map`."""
        ...


OpenMapper = Callable[[ClassifierMark], Mapper]

LANE = "looking"
HIDDEN = "Hidden until you have decided: this is blind reading."
# Smooth enough for any screen: a map itself has some hundred values.
_LONG_SIDE_PX = 512
_MEMORY_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class PaintedMap:
    """The map as it is laid over the picture, uint8 h×w×4, and its caption."""

    colours: npt.NDArray[np.uint8]
    sentence: str


class Looking(QObject):
    """`ready(image, colours, sentence)` for each chosen image while a classifier is chosen; else `said(sentence)`:
    that it is being computed, is hidden, or what went wrong. `cleared()`: nothing is to be shown.
    """

    ready = Signal(str, object, str)
    said = Signal(str)
    cleared = Signal()

    def __init__(
        self, study: OpenStudy, runner: JobRunner, parent: QObject, open_mapper: OpenMapper | None = None
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        self._open_mapper = open_mapper or open_mapper_of
        # Touched by jobs of the lane alone, which has one thread.
        self._mappers: dict[ClassifierMark, Mapper] = {}
        self._known = RecentlyUsed[tuple[str, ClassifierMark], PaintedMap](_MEMORY_BYTES)
        self._chosen = ""
        self._image = ""
        # Which picture it is: all pages of a file have the file's sha256, and a camera's bits change them.
        self._picture = ""
        self._pixels: RgbImage | None = None
        self._record: ImageRecord | None = None
        self._hidden = False

    def choose(self, classifier_id: str) -> None:
        """Show where this classifier looked from now on; empty for none."""
        self._chosen = classifier_id
        self._begin()

    def set_hidden(self, hidden: bool) -> None:
        """Whether nothing of a classifier may be seen of the chosen image."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._begin()

    def forget(self) -> None:
        """Another image is being read."""
        self._image, self._picture, self._pixels, self._record = "", "", None, None
        self._begin()

    def take_original(self, image: str, pixels: RgbImage, picture: str) -> None:
        """The chosen image is decoded; `picture` tells its pixels from all others (DecodedImage)."""
        self._image, self._pixels, self._picture = image, pixels, picture
        self._begin()

    def take_record(self, record: ImageRecord) -> None:
        """The classifiers have answered for it."""
        # The record comes a second time with the answers on the denoised image; the map is that of the original.
        if self._record is None or self._record.answers != record.answers:
            self._record = record
            self._begin()

    def _begin(self) -> None:
        self._runner.supersede(LANE)
        self.cleared.emit()
        mark = next((mark for mark in self._study.marks if mark.id == self._chosen), None)
        if mark is None:
            return
        if self._hidden:
            self.said.emit(HIDDEN)
            return
        if self._pixels is not None and self._record is not None and self._record.image == self._image:
            self._look(mark, self._pixels, self._record)

    def _look(self, mark: ClassifierMark, pixels: RgbImage, record: ImageRecord) -> None:
        label = next((answer.label for answer in record.answers if answer.classifier == mark), None)
        if label is None:
            return
        key = (self._picture, mark)
        known = self._known.get(key)
        if known is not None:
            self._show(key, known)
            return
        self.said.emit(f"Finding where {mark.name} looked…")
        job = self._runner.job(
            lambda report, cancel: self._look_now(mark, pixels, label, (report, cancel)),
        )
        job.finished.connect(lambda looked: self._show(key, looked))
        job.failed.connect(self.said)
        self._runner.start(LANE, job)

    def _look_now(
        self, mark: ClassifierMark, pixels: RgbImage, label: str, control: tuple[Report, Cancel]
    ) -> PaintedMap:
        from bloodsmear.explaining.activation_map import share_on_nuclei
        from bloodsmear.review.activation_words import activation_sentence

        if mark not in self._mappers:
            self._mappers[mark] = self._open_mapper(mark)
        found = self._mappers[mark].activation_map(pixels, label, *control)
        height, width = pixels.shape[:2]
        shrunk = min(1.0, _LONG_SIDE_PX / max(height, width))
        laid = found.laid_over(max(1, round(height * shrunk)), max(1, round(width * shrunk)))
        sentence = activation_sentence(found, share_on_nuclei(found, pixels), mark.names)
        return PaintedMap(map_colours(laid), f"{mark.name}. {sentence}")

    def _show(self, key: tuple[str, ClassifierMark], looked: PaintedMap) -> None:
        self._known.put(key, looked, looked.colours.nbytes)
        self.ready.emit(self._image, looked.colours, looked.sentence)


def open_mapper_of(mark: ClassifierMark) -> ActivationMapper:
    """Open the classifier on this PC that gave the answer. Raises ClassifierError and CardError."""
    from bloodsmear.explaining.activation_mapper import open_activation_mapper
    from bloodsmear.workflows.classifier_set import classifier_folders, mark_of

    folder = classifier_folders().get(mark.id)
    mapper = None if folder is None else open_activation_mapper(folder)
    if mapper is None or mark_of(mapper.card) != mark:
        raise ClassifierError(
            f"{mark.name} {mark.version_mark} is not on this PC any more, so where it looked cannot be shown. "
            "Open Classifiers and add it again."
        )
    return mapper
