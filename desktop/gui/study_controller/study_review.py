"""The reader's decisions: asked for in the window, appended to the study's file at once, shown when they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from bloodsmear.errors import ReviewError
from bloodsmear.review.events import Event
from bloodsmear.review.reader import reader_name
from bloodsmear.review.records import ImageRecord
from desktop.gui.review_state import ReviewState
from desktop.gui.study_controller.open_study import OpenStudy
from desktop.gui.study_controller.review_lane import Change, ReviewLane
from desktop.gui.study_controller.reviewed import Reviewed
from desktop.gui.study_controller.study_file import StudyFile

_NOT_SHOWN = "The image is still being read. Decide once you see it."
_NO_IMAGE = "Choose an image first."
_CHOOSE_FIRST = "Choose what this image shows first: Enter confirms only your own choice."


class StudyReview(QObject):
    """One reader's review of the open study. What is shown as decided is on the disk.

    `changed(ReviewState)` for the chosen image; `marks_changed(dict)` has every image's mark (words; images without
    one are left out), `mark_changed(image, mark)` that of one image. `refused(sentence, image to go to or "")`.
    `confirmed()`: the reader's own choice stands and the next image is wanted. `image_wanted(image)` after an undo.
    `reader_changed(name)`: it is to be kept.
    """

    changed = Signal(object)
    marks_changed = Signal(dict)
    mark_changed = Signal(str, str)
    refused = Signal(str, str)
    confirmed = Signal()
    image_wanted = Signal(str)
    reader_changed = Signal(str)

    def __init__(self, study: OpenStudy, file: StudyFile, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._file = file
        self._lane = ReviewLane()
        self.reviewed = Reviewed(study)
        self._image = ""
        self._is_shown = False
        # Which opening an answer belongs to: that of a study that was closed meanwhile is dropped.
        self._opening = 0
        self._under_way = 0
        self._confirming = False
        file.opened.connect(self._read)

    @property
    def state(self) -> ReviewState:
        """How the chosen image's review stands."""
        return self.reviewed.state(self._image)

    # ---- what the reader does

    def name_reader(self, typed: str) -> None:
        """Who reviews from now on; `refused` where that is no name."""
        try:
            self.reviewed.reader = reader_name(typed)
        except ReviewError as error:
            self.refused.emit(str(error), "")
            return
        self.reader_changed.emit(self.reviewed.reader)
        self._tell_all()

    def set_blind(self, on: bool) -> None:
        """Whether what classifiers say is hidden until an image is decided."""
        self.reviewed.blind = on
        self.changed.emit(self.state)

    def decide(self, value: str) -> None:
        """Decide for the chosen image; `refused` while it is not to be seen yet."""
        decided = self.reviewed.decision(self._image) if self.state.image else None
        if decided is None or decided.value != value or self._under_way:
            image, hidden = self._image, self.reviewed.answers_were_hidden(self._image)
            self._act(lambda reviewing: reviewing.decide([image], value, hidden))

    def acknowledge(self) -> None:
        """Take note that the chosen image cannot be read."""
        image = self._image
        self._act(lambda reviewing: reviewing.acknowledge([image]))

    def note(self, text: str) -> None:
        """Keep a note on the chosen image; an empty one takes it away."""
        image, hidden = self._image, self.reviewed.answers_were_hidden(self._image)
        if text.strip() != self.state.note:
            self._act(lambda reviewing: reviewing.note(image, text, hidden))

    def confirm(self) -> None:
        """Go on to the next image once the reader's own choice is kept."""
        self._confirming = self._under_way > 0
        if self._confirming:
            return
        if self.state.is_done:
            self.confirmed.emit()
        else:
            self.refused.emit(self.state.waiting or _CHOOSE_FIRST, "")

    def undo(self) -> None:
        """Take back the reader's last act, and go to its image."""
        self._act(lambda reviewing: reviewing.undo())

    def sign_off(self, whole_study: bool) -> None:
        """Close the review of the chosen image's case, or of the study."""
        case = self.state.case
        found = self._study.found.values()
        if whole_study:
            self._act(lambda reviewing: reviewing.sign_off_study(), [each.image for each in found])
        else:
            images = [each.image for each in found if each.case == case]
            self._act(lambda reviewing: reviewing.sign_off_case(case), images)

    def reopen(self, whole_study: bool, reason: str) -> None:
        """Open the chosen image's case again, or the study."""
        case = self.state.case
        if whole_study:
            self._act(lambda reviewing: reviewing.reopen_study(reason))
        else:
            self._act(lambda reviewing: reviewing.reopen_case(case, reason))

    # ---- what happens around it

    def forget(self) -> None:
        """Another study is being opened."""
        self._opening += 1
        self._under_way, self._confirming = 0, False
        self._image, self._is_shown = "", False
        self.reviewed.forget()
        self._tell_all()

    def choose(self, image: str) -> None:
        """Another image was chosen; it is not shown yet."""
        self._image, self._is_shown, self._confirming = image, False, False
        self.changed.emit(self.state)

    def show(self, image: str) -> None:
        """The reader sees the image, or why it cannot be read."""
        self._is_shown = self._is_shown or image == self._image

    def take_record(self, record: ImageRecord) -> None:
        """More is known of an image: its bytes may be other ones than those that were decided on."""
        if record.image in self._study.found and self.reviewed.is_open:
            self.mark_changed.emit(record.image, self.reviewed.mark(record.image))
        if record.image == self._image:
            self._is_shown = self._is_shown or record.status == "unreadable"
            self.changed.emit(self.state)

    def _read(self) -> None:
        opening = self._opening

        def begin(events: Sequence[Event]) -> None:
            if opening == self._opening:
                self.reviewed.begin(events)
                self._tell_all()

        job = self._file.job(self._lane.read)
        job.finished.connect(begin)
        job.failed.connect(lambda sentence: self.refused.emit(sentence, ""))
        self._file.start(job)

    def _act(self, change: Change, among: Sequence[str] = ()) -> None:
        """Append in the background. Where it is refused, the first image of `among` that lacks something helps."""
        state, reader, opening = self.state, self.reviewed.reader, self._opening
        if state.waiting or not state.image or not self._is_shown:
            self.refused.emit(state.waiting or (_NOT_SHOWN if state.image else _NO_IMAGE), "")
            return
        job = self._file.job(lambda store: self._lane.act(store, reader, change))
        job.finished.connect(lambda events: self._take(opening, events))
        job.failed.connect(lambda sentence: self._refuse(opening, sentence, among))
        self._under_way += 1
        self._file.start(job)

    def _take(self, opening: int, events: Sequence[Event]) -> None:
        if opening != self._opening:
            return
        self._under_way -= 1
        self.reviewed.take(events)
        images = dict.fromkeys(event.entry.image for event in events)
        if "" in images:
            # A sign-off or a reopening marks every image of its case.
            self._tell_all()
        else:
            for image in images:
                if image in self._study.found:
                    self.mark_changed.emit(image, self.reviewed.mark(image))
            self.changed.emit(self.state)
        undone = [event.entry.image for event in events if event.entry.kind == "undone"]
        if undone and undone[-1] != self._image:
            self.image_wanted.emit(undone[-1])
        if self._confirming and not self._under_way:
            self.confirm()

    def _refuse(self, opening: int, sentence: str, among: Sequence[str]) -> None:
        if opening == self._opening:
            self._under_way -= 1
            self._confirming = False
            self.changed.emit(self.state)
            lacking = self.reviewed.lacking(among)
            self.refused.emit(sentence, next(iter(lacking.undecided + lacking.unreadable), ""))

    def _tell_all(self) -> None:
        self.marks_changed.emit(self.reviewed.marks() if self.reviewed.is_open else {})
        self.changed.emit(self.state)
