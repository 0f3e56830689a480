"""The reader's decisions: asked for in the window, appended to the study's file at once, shown when they are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from bloodsmear.classifiers.labels import unbroken
from bloodsmear.count_words import count_words
from bloodsmear.errors import ReviewError
from bloodsmear.review.decisions import NOT_EVALUABLE, decision_name
from bloodsmear.review.events import OF_MANY_IMAGES, Event, is_of_cells
from bloodsmear.review.reader import reader_name, same_reader
from bloodsmear.review.records import ImageRecord
from desktop.gui.job_runner import JobRunner
from desktop.gui.messages import unread_sentence
from desktop.gui.review_state import ImageMark, ReviewState, SignOffCounts
from desktop.gui.study.chosen_image import ChosenImage, LostAhead
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.study.review_log import ReviewLog
from desktop.gui.study.reviewed import Reviewed
from desktop.gui.study.study_file import LANE, StudyFile

if TYPE_CHECKING:  # imported on the job's thread: SQLite is not needed for the first picture
    from bloodsmear.workflows.reviewing import Reviewing

Change = Callable[["Reviewing"], object]

_NOT_READ = "The image is still being read. Wait until it was."
# Keys that are typed ahead are meant for the next image, not for the one that is being left.
_GOING_ON = "Your decision is still being kept. Decide again once the next image is there."
_NO_IMAGE = "Choose an image first."
_CHOOSE_FIRST = "Choose what this image shows first: Enter confirms only your own choice."
_NO_ANSWER = (
    "No classifier could answer now, so nothing can be decided for this image. Go to it again to try anew."
)
_NOTED = (
    "{reader} took note of what was changed. Reports still say it; nothing else complains of it any more."
)
_AUDIT = (
    "Reading stays blind until all images of the audit set are decided: what a head is measured on must not be "
    "decided after its classifiers. The page Teach shows which are left."
)
_NOT_OF_CELLS = "What you did last was no name for a cell. Undo it in the window (Ctrl+Z there)."
# More rows than this are painted anew together.
_TOLD_ONE_BY_ONE = 50


class StudyReview(QObject):
    """One reader's review of the open study. What is shown as decided is on the disk.

    `changed(ReviewState)` for the chosen image; `marks_changed(dict)` has every image's ImageMark (images without one
    are left out), `mark_changed(image, ImageMark or None)` that of one image. `refused(sentence, image to go to)`.
    `confirmed()`: the reader's own choice stands and the next image is wanted. `image_wanted(image)` after an undo, and
    `undone(sentence)` where it took back what was decided for many, which `many_decided(sentence)` said.
    `left_undecided(sentence, first of them)`: images were left before what was typed for them could be kept.
    `noted_changes(sentence)`: the reader took note. `reader_changed(name)`: it is to be kept.
    """

    changed = Signal(ReviewState)
    marks_changed = Signal(dict)
    mark_changed = Signal(str, ImageMark)
    refused = Signal(str, str)
    confirmed = Signal()
    image_wanted = Signal(str)
    undone = Signal(str)
    many_decided = Signal(str)
    noted_changes = Signal(str)
    reader_changed = Signal(str)
    left_undecided = Signal(str, str)

    def __init__(self, study: OpenStudy, file: StudyFile, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._study = study
        self._runner = runner
        self.reviewed = Reviewed(study)
        self._log = ReviewLog(file, runner, self)
        self._chosen = ChosenImage()
        self._lost = LostAhead()
        self._log.begun.connect(self._begin)
        self._log.appended.connect(self._take)
        file.refused.connect(lambda: self.changed.emit(self.state))
        self._log.failed.connect(lambda sentence: self.refused.emit(sentence, ""))

    @property
    def state(self) -> ReviewState:
        """How the chosen image's review stands."""
        return self.reviewed.state(self._chosen.image)

    @property
    def is_busy(self) -> bool:
        """Whether something that the reader did is being kept."""
        return self._log.is_busy

    # ---- what the reader does

    def name_reader(self, typed: str) -> None:
        """Who reviews from now on, `refused` if not a name. An earlier reader in another spelling is that reader."""
        if (name := self._reader_of(typed)) is not None:
            self.reviewed.name_reader(name)
            self.reader_changed.emit(name)
            self._tell_all()

    def propose_reader(self, typed: str) -> None:
        """Name the reader as typed; a name beside those of others who have read the study is asked about first.

        A slip of the pen would begin a third review. Until it is answered by `name_reader` or `keep_reader`, nothing
        can be decided.
        """
        name, known = self._reader_of(typed), self.reviewed.readers
        if name is None:
            return
        if not known or same_reader(name, (*known, self.reviewed.reader)):
            self.name_reader(name)
        else:
            self.reviewed.new_reader = name
            self.changed.emit(self.state)

    def keep_reader(self) -> None:
        """The name that was typed was a slip: who read before goes on."""
        self.reviewed.new_reader = ""
        self.changed.emit(self.state)

    def set_blind(self, on: bool) -> None:
        """Whether what classifiers say is hidden until an image is decided."""
        self.reviewed.read_blind(on)
        self.changed.emit(self.state)
        if not on and self.reviewed.blind:
            self.refused.emit(_AUDIT, "")

    def decide(self, value: str) -> None:
        """Decide for the chosen image; one that is still being read is decided as soon as its record is kept."""
        state = self.state
        if self._chosen.confirming:
            self.refused.emit(_GOING_ON, "")
        elif state.can_decide and not self._chosen.is_read and not self._chosen.given_up:
            self._chosen.wish = value
        else:
            self._decide_now(value)

    def decide_many(self, images: Sequence[str], value: str) -> None:
        """Decide for all the images that the reader marked, in one act, or for none and say why."""
        records = self._study.records
        if unread := [image for image in images if image not in records]:
            self.refused.emit(unread_sentence(unread, len(images)), unread[0])
            return
        unreadable = [image for image in images if records[image].status == "unreadable"]
        hidden = frozenset(image for image in images if self.reviewed.answers_were_hidden(image))
        first_unreadable = unreadable[0] if unreadable and value != NOT_EVALUABLE else ""
        name, count = unbroken(decision_name(value, self.state.names)), count_words(len(images), "image")
        # For a reader for consensus it does not where the others' decisions are shown from now on.
        back = "" if self.state.for_consensus else " Undo takes it back."
        self.act(
            lambda reviewing: reviewing.decide(images, value, hidden),
            lambda: first_unreadable,
            lambda: self.many_decided.emit(f"{name} for {count} is kept.{back}"),
        )

    def acknowledge(self) -> None:
        """Take note that the chosen image cannot be read."""
        image = self._chosen.image
        self._act_on_image(lambda reviewing: reviewing.acknowledge([image]))

    def acknowledge_changes(self) -> None:
        """Take note of what was changed in the study outside of the program, as `doctor --acknowledge` does."""
        self.act(
            lambda reviewing: reviewing.acknowledge_changes(),
            kept=lambda: self.noted_changes.emit(_NOTED.format(reader=self.reviewed.reader)),
        )

    def note(self, text: str) -> None:
        """Keep a note on the chosen image, as soon as it is read; an empty one takes it away."""
        chosen, image = self._chosen, self._chosen.image
        hidden = self.reviewed.answers_were_hidden(image)
        if text.strip() == self.state.note:
            chosen.note = None
        elif self.state.can_decide and not chosen.is_read and not chosen.given_up:
            chosen.note = text
        else:
            self._act_on_image(lambda reviewing: reviewing.note(image, text, hidden))

    def confirm(self) -> None:
        """Go on to the next image once the reader's own choice is kept."""
        chosen = self._chosen
        chosen.confirming = self._log.is_busy or bool(chosen.wish)
        if chosen.confirming:
            return
        if self.state.is_done:
            self.confirmed.emit()
        else:
            self.refused.emit(self.state.waiting or (_NO_ANSWER if chosen.given_up else _CHOOSE_FIRST), "")

    def undo(self, *, of_cells: bool = False) -> None:
        """Take back the reader's last act, and go to its image; what was typed ahead is the last one.

        `of_cells`: only what was said of cells; another act stays, and `refused` says so.
        """
        self._chosen.confirming = False
        if not of_cells and (self._chosen.take_wish() or self._chosen.take_note() is not None):
            self.changed.emit(self.state)
            return
        # What other programs did meanwhile comes in before it and moves no window: the last event is this undo's own.
        undone: list[Event] = []
        things: list[str] = []

        def go_there() -> None:
            last = undone[-1]
            if last.entry.image != self._chosen.image:
                self.image_wanted.emit(last.entry.image)
            if (together := sum(event.act == last.act for event in undone)) > 1:
                self.undone.emit(f"What was decided for {count_words(together, things[-1])} was taken back.")

        def take_back(reviewing: Reviewing) -> None:
            # Not before it is this act's turn: a decision may still be being kept.
            act = reviewing.replay.last_act(reviewing.reader)
            if of_cells and not is_of_cells(act):
                raise ReviewError(_NOT_OF_CELLS)
            things.append("cell" if is_of_cells(act) else "image")
            undone.extend(reviewing.undo())

        self.act(take_back, kept=go_there)

    # ---- signing off: a case (without a name that of the chosen image), or the whole study

    def sign_off_counts(self, whole_study: bool, case: str = "") -> SignOffCounts | None:
        """What there is to confirm; None where `sign_off` would refuse whatever was decided, and says why."""
        image = next(iter(self.reviewed.images(case)), "") if case else self._chosen.image
        return self.reviewed.sign_off_counts(image, whole_study)

    def sign_off(self, whole_study: bool, case: str = "") -> None:
        """Close the review; where it is refused, the first image that lacks something is the one to go to."""
        case = case or self.state.case

        def first_lacking() -> str:
            lacking = self.reviewed.lacking(self.reviewed.images(None if whole_study else case))
            return next(iter(lacking.undecided + lacking.unreadable), "")

        if whole_study:
            self.act(lambda reviewing: reviewing.sign_off_study(), first_lacking)
        else:
            self.act(lambda reviewing: reviewing.sign_off_case(case), first_lacking)

    def reopen(self, whole_study: bool, reason: str) -> None:
        """Open it again."""
        case = self.state.case
        if whole_study:
            self.act(lambda reviewing: reviewing.reopen_study(reason))
        else:
            self.act(lambda reviewing: reviewing.reopen_case(case, reason))

    def act(
        self,
        change: Change,
        in_the_way: Callable[[], str] = lambda: "",
        kept: Callable[[], None] = lambda: None,
    ) -> None:
        """Append in the background, then call `kept`. Where it is refused, `in_the_way` names the image to go to."""
        if waiting := self.state.waiting:
            self.refused.emit(waiting, "")
            return
        reader, still_open = self.reviewed.reader, self._log.begin_act()

        def append_now() -> Sequence[Event]:
            change(self._log.reviewing(reader))
            return self._log.news()

        def take(events: Sequence[Event]) -> None:
            if still_open():
                self._take(events)
                kept()

        def refuse(sentence: str) -> None:
            if still_open():
                self._chosen.confirming = False
                self.changed.emit(self.state)
                self.refused.emit(sentence, in_the_way())

        job = self._runner.job(lambda _report, _cancel: append_now())
        job.finished.connect(take)
        job.failed.connect(refuse)
        self._runner.start(LANE, job)

    # ---- what happens around it

    def lost_words(self) -> str:
        """What would not be kept if the study were left now; empty where nothing is waiting."""
        return self._chosen.lost_words()

    def forget(self) -> None:
        """Another study is being opened."""
        self._chosen = ChosenImage()
        self._lost = LostAhead()
        self.reviewed.forget()
        self._tell_all()

    def see_classifiers(self) -> None:
        """They are loaded, or cannot be: nobody waits for them any more."""
        self.changed.emit(self.state)

    def choose(self, image: str) -> None:
        """Another image was chosen; it is not read yet."""
        left, self._chosen = self._chosen, ChosenImage(image)
        self.changed.emit(self.state)
        if self._lost.add(left):
            self.left_undecided.emit(self._lost.words(), self._lost.first)

    def take_read(self, image: str) -> None:
        """The image was read, and its record is kept before anything that is decided now."""
        chosen = self._chosen
        if image == chosen.image and not chosen.is_read:
            chosen.is_read, chosen.given_up = True, False
            if wish := chosen.take_wish():
                self._decide_now(wish)
            if (note := chosen.take_note()) is not None:
                self.note(note)

    def give_up(self, image: str) -> None:
        """No record of the image will come; what is decided for it later is refused as what was before."""
        chosen = self._chosen
        if image == chosen.image and not chosen.is_read:
            chosen.given_up, chosen.confirming = True, False
            if chosen.take_wish() or chosen.take_note():
                self.refused.emit(_NO_ANSWER, "")

    def take_records(self, records: Sequence[ImageRecord]) -> None:
        """More is known of images: their bytes may be other ones than those that were decided on."""
        for record in records:
            if record.image in self._study.found and self.reviewed.is_open:
                self.mark_changed.emit(record.image, self.reviewed.mark(record.image))
            if record.image == self._chosen.image:
                # Where no classifier answered here, a screening may still read it. What was kept in an earlier run
                # comes before the review is open: it may be of other bytes than those that are shown.
                screened = self._chosen.given_up and self.reviewed.is_open
                if record.status == "unreadable" or screened:
                    self.take_read(record.image)
                self.changed.emit(self.state)

    def _reader_of(self, typed: str) -> str | None:
        try:
            name = reader_name(typed)
        except ReviewError as error:
            self.refused.emit(str(error), "")
            return None
        return same_reader(name, self.reviewed.readers) or name

    def _decide_now(self, value: str) -> None:
        image = self._chosen.image
        decided = self.reviewed.decision(image) if self.state.image else None
        if self.state.settles:
            if not self.state.settled or self.state.decision != value:
                self._act_on_image(lambda reviewing: reviewing.settle(image, value))
        elif decided is None or decided.value != value or self._log.is_busy:
            hidden = self.reviewed.answers_were_hidden(image)
            self._act_on_image(lambda reviewing: reviewing.decide([image], value, hidden))

    def _act_on_image(self, change: Change) -> None:
        if self.state.waiting or self._chosen.is_read:
            self.act(change)
        elif self._chosen.given_up:
            self.refused.emit(_NO_ANSWER, "")
        else:
            self.refused.emit(_NOT_READ if self.state.image else _NO_IMAGE, "")

    def _begin(self, events: Sequence[Event]) -> None:
        self.reviewed.begin(events)
        self._tell_all()

    def _take(self, events: Sequence[Event]) -> None:
        self.reviewed.take(events)
        images = [image for image in dict.fromkeys(event.entry.image for event in events) if image]
        self._lost.take_done({image for image in images if self.reviewed.is_done(image)})
        if len(images) > _TOLD_ONE_BY_ONE or any(event.entry.kind in OF_MANY_IMAGES for event in events):
            self._tell_all()
        else:
            for image in images:
                if image in self._study.found:
                    self.mark_changed.emit(image, self.reviewed.mark(image))
            self.changed.emit(self.state)
        if self._chosen.confirming and not self._log.is_busy:
            self.confirm()

    def _tell_all(self) -> None:
        self.marks_changed.emit(self.reviewed.marks() if self.reviewed.is_open else {})
        self.changed.emit(self.state)
