"""One reader's work on a study, each decision, mark, note and sign-off an event at once; and who agrees with whom."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from pathlib import Path

from bloodsmear.cells.agreement import compare_cells
from bloodsmear.cells.names import LONGEST_NAME
from bloodsmear.cells.reader_cells import CellPlace, box_text
from bloodsmear.errors import ReviewError
from bloodsmear.review.decisions import NOT_EVALUABLE, Decision, decision_choices
from bloodsmear.review.events import Entry, Event, EventKind
from bloodsmear.review.marks import MOST_MARKS, DrawnMark, DrawnShape, checked_words, place_text
from bloodsmear.review.reader import reader_name
from bloodsmear.review.reader_agreement import Comparison, compare_readers
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.sentences import case_words, closed_sentence
from bloodsmear.review.sign_off import check_complete, check_unlocked
from bloodsmear.review.sign_off_versions import versions_to_keep
from bloodsmear.review.standing import readers_differ, standing_decision
from bloodsmear.storage.study_store import StudyStore
from bloodsmear.visible_text import visible

_LONGEST_TEXT = 4000


class Reviewing:
    """Appends one reader's events to an open study, after looking at the rules of docs/adr/0007.

    Every method that changes something returns the events that the caller does not know yet: those of other readers
    and programs, and its own last. They are on the disk by then, and `replay` has taken them. What is refused is a
    ReviewError, and nothing was written; a file that fails is a StudyError. One thread at a time.
    """

    def __init__(self, store: StudyStore, reader: str) -> None:
        """Review the study in `store`, which is open for writing, as `reader`. Raises ReviewError for the name."""
        self.reader = reader_name(reader)
        self.choices = decision_choices(store.head.classifiers)
        self._versions = versions_to_keep(store.head.classifiers)
        self.replay = Replay(store.events.read())
        self._store = store
        self._news: list[Event] = []
        self._cases: set[str] = set()

    def refresh(self) -> tuple[Event, ...]:
        """The events that other readers and programs have appended since the last call."""
        self._take(self._store.events.read(self.replay.last_number))
        return self._hand_over()

    def decide(
        self, images: Sequence[str], value: str, answers_hidden: bool | Set[str] = False
    ) -> tuple[Event, ...]:
        """Decide for one image, or for many in one act: one of `choices`.

        `answers_hidden` says that nothing derived from a classifier was to be seen; of many, of which images. An
        unreadable image takes only `not_evaluable`.
        """
        self._check_choice(value)
        listed = self._listed(images)
        unreadable = [one.image for one in listed if one.status == "unreadable"]
        if unreadable and value != NOT_EVALUABLE:
            raise ReviewError(
                f"{unreadable[0]} cannot be read, so it can only be acknowledged or marked as not evaluable."
            )
        hidden = answers_hidden

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [one.case for one in listed])
            for one in listed:
                if self._own(one) is not None:
                    self._refuse_seen(one)
            return [
                replace(
                    self._entry("decided", one),
                    decision=value,
                    answers_hidden=hidden if isinstance(hidden, bool) else one.image in hidden,
                )
                for one in listed
            ]

        return self._append_if(entries)

    def note(self, image: str, text: str, answers_hidden: bool = False) -> tuple[Event, ...]:
        """Note a text on an image, in place of the reader's older note; an empty one takes it away."""
        listed = self._listed([image])
        entry = self._entry("noted", listed[0])
        return self._append(
            listed, [replace(entry, text=_checked(text, "note"), answers_hidden=answers_hidden)]
        )

    def acknowledge(self, images: Sequence[str]) -> tuple[Event, ...]:
        """Take note that these images cannot be read."""
        listed = self._listed(images)
        readable = [one.image for one in listed if one.status != "unreadable"]
        if readable:
            raise ReviewError(f"{readable[0]} is not unreadable. Decide what it shows.")
        return self._append(listed, [self._entry("acknowledged", one) for one in listed])

    def acknowledge_changes(self) -> tuple[Event, ...]:
        """Take note, for good, of what was changed in the study outside of the program; reports go on saying it."""
        self._store.events.acknowledge_changes(self.reader)
        return self._append_if(lambda: ())

    def draw(
        self,
        image: str,
        drawn: DrawnShape,
        *,
        replaces: int | None = None,
        sha256: str = "",
        hidden: bool = False,
    ) -> tuple[Event, ...]:
        """Draw a mark on an image, or in the place of this reader's own mark with the number `replaces`.

        `sha256` is that of the bytes that it was drawn on, those of the image's record where it is empty; `hidden` says
        that nothing derived from a classifier was to be seen.
        """
        drawn = replace(drawn, words=checked_words(drawn.words))
        place = place_text(drawn)
        listed = self._listed([image])[0]
        if listed.status == "unreadable":
            raise ReviewError(f"{image} cannot be read, so nothing can be drawn on it.")
        shown = replace(listed, sha256=sha256 or listed.sha256)

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [listed.case])
            standing = self.replay.marks(self.reader, shown)
            if replaces is not None:
                self._refuse_others(standing, replaces)
            elif len(standing) >= MOST_MARKS:
                raise ReviewError(
                    f"{image} has {len(standing)} marks of {self.reader} already, and no more can be drawn."
                )
            entry = replace(self._entry("mark_drawn", shown), text=drawn.words, place=place, undoes=replaces)
            return [replace(entry, answers_hidden=hidden)]

        return self._append_if(entries)

    def erase(self, image: str, number: int, sha256: str = "") -> tuple[Event, ...]:
        """Take this reader's own mark with this number off an image, of the bytes that are shown (`sha256`)."""
        listed = self._listed([image])[0]

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [listed.case])
            shown = replace(listed, sha256=sha256 or listed.sha256)
            self._refuse_others(self.replay.marks(self.reader, shown), number)
            return [replace(self._entry("mark_erased", shown), undoes=number)]

        return self._append_if(entries)

    def read_for_consensus(self, on: bool) -> tuple[Event, ...]:
        """Mark this reader as one who settles what others decided differently, or take the mark away."""

        def entries() -> Sequence[Entry]:
            if self.replay.reads_for_consensus(self.reader) == on:
                raise ReviewError(
                    f"{self.reader} {'reads' if on else 'does not read'} for consensus in this study already."
                )
            return [Entry("consensus_begun" if on else "consensus_ended", self.reader)]

        return self._append_if(entries)

    def settle(self, image: str, value: str) -> tuple[Event, ...]:
        """Decide what holds for an image after the others' decisions were seen: the consensus read.

        Refused for a reader who does not read for consensus, before their own decision, and where nobody differs.
        """
        self._check_choice(value)
        (listed,) = self._listed([image])

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [listed.case])
            if not self.replay.reads_for_consensus(self.reader):
                raise ReviewError(f"{self.reader} does not read for consensus, so {image} was not settled.")
            if self._own(listed) is None:
                raise ReviewError(
                    f"Decide for {image} first, before you see what the others decided; then settle it."
                )
            if not readers_differ(self.replay, listed):
                raise ReviewError(f"All readers of {image} decided alike, so there is nothing to settle.")
            return [replace(self._entry("settled", listed), decision=value)]

        return self._append_if(entries)

    def name_cells(self, cells: Sequence[CellPlace], name: str) -> tuple[Event, ...]:
        """Give nucleated cells a name (its id), in one act."""
        if not name or len(name) > LONGEST_NAME or visible(name) != name:
            raise ReviewError(f"{name!r} is not a name for cells. Choose one of the set.")
        return self._say_of_cells(cells, Entry("cell_named", self.reader, decision=name))

    def add_cell(self, cell: CellPlace) -> tuple[Event, ...]:
        """Add a nucleated cell that was not found."""
        return self._say_of_cells([cell], Entry("cell_added", self.reader))

    def remove_cells(self, cells: Sequence[CellPlace]) -> tuple[Event, ...]:
        """Say that these are not nucleated cells, in one act."""
        return self._say_of_cells(cells, Entry("cell_removed", self.reader))

    def note_cells(self, cells: Sequence[CellPlace], text: str) -> tuple[Event, ...]:
        """Note a text on nucleated cells, in one act, in place of older notes; an empty one takes them away."""
        return self._say_of_cells(cells, Entry("cell_noted", self.reader, text=_checked(text, "note")))

    def count_cell(self, case: str, name: str) -> tuple[Event, ...]:
        """Count one cell of a case at the counter, under a name (its id)."""
        if case not in self._cases:
            self._cases = {one.case for one in self._store.listed_images()}
        if case not in self._cases:
            raise ReviewError(f"The study has no case {case}. Choose one of its cases.")
        if not name or len(name) > LONGEST_NAME or visible(name) != name:
            raise ReviewError(f"{name!r} is not a name for cells. Choose one of the set.")

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [case])
            return [Entry("cell_counted", self.reader, case=case, decision=name)]

        return self._append_if(entries)

    def take_back_count(self, case: str, whole: bool = False) -> tuple[Event, ...]:
        """Take back the last cell that this reader counted of a case, or all of them in one act."""

        def entries() -> Sequence[Entry]:
            counted = self.replay.counted(self.reader, case)
            if not counted:
                raise ReviewError(
                    f"Nothing is counted of {case_words(case)}, so there is nothing to take back."
                )
            check_unlocked(self.replay, self.reader, [case])
            taken = reversed(counted if whole else counted[-1:])
            return [Entry("undone", self.reader, case=case, undoes=one.number) for one in taken]

        return self._append_if(entries)

    def undo(self) -> tuple[Event, ...]:
        """Take back this reader's last act: all of its events, in this run of the program or an earlier one."""

        def entries() -> Sequence[Entry]:
            act = self.replay.last_act(self.reader)
            if not act:
                raise ReviewError("There is nothing to undo.")
            check_unlocked(self.replay, self.reader, [event.entry.case for event in act])
            decided = [event.entry.image for event in act if event.entry.kind == "decided"]
            for one in self._listed(decided) if decided else ():
                self._refuse_seen(one)
            return [
                Entry("undone", self.reader, one.entry.image, one.entry.case, undoes=one.number)
                for one in reversed(act)
            ]

        return self._append_if(entries)

    def sign_off_case(self, case: str) -> tuple[Event, ...]:
        """Close this reader's review of a case. Raises SignOffError with the images that it still lacks."""
        images = [one for one in self._store.listed_images() if one.case == case]

        def entries() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [case])
            check_complete(self.replay, self.reader, images, case_words(case))
            return [Entry("case_signed_off", self.reader, case=case, text=self._versions)]

        return self._append_if(entries)

    def sign_off_study(self) -> tuple[Event, ...]:
        """Close this reader's review of the whole study. Raises SignOffError with the images that it still lacks."""
        images = self._store.listed_images()

        def entries() -> Sequence[Entry]:
            if self.replay.study_sign_off(self.reader) is not None:
                raise ReviewError(f"{self.reader} has signed off this study already.")
            check_complete(self.replay, self.reader, images, "The study")
            return [Entry("study_signed_off", self.reader, text=self._versions)]

        return self._append_if(entries)

    def reopen_case(self, case: str, reason: str) -> tuple[Event, ...]:
        """Open a case that this reader signed off; a study's sign-off is taken back with it."""
        text = _reason(reason)

        def entries() -> Sequence[Entry]:
            if self.replay.case_sign_off(self.reader, case) is None:
                raise ReviewError(f"{self.reader} has not signed off {case_words(case)}; it is open.")
            return [Entry("case_reopened", self.reader, case=case, text=text)]

        return self._append_if(entries)

    def reopen_study(self, reason: str) -> tuple[Event, ...]:
        """Open a study that this reader signed off; cases that were signed off by themselves stay so."""
        text = _reason(reason)

        def entries() -> Sequence[Entry]:
            if self.replay.study_sign_off(self.reader) is None:
                raise ReviewError(f"{self.reader} has not signed off this study; it is open.")
            return [Entry("study_reopened", self.reader, text=text)]

        return self._append_if(entries)

    def _say_of_cells(self, cells: Sequence[CellPlace], said: Entry) -> tuple[Event, ...]:
        listed = {one.image: one for one in self._listed([cell.image for cell in cells])}
        for one in listed.values():
            if one.status == "unreadable":
                raise ReviewError(f"{one.image} cannot be read, so nothing can be said of its cells.")
        entries = []
        for cell in cells:
            of, seen = listed[cell.image], cell.sha256
            if seen and of.sha256 and seen != of.sha256:
                raise ReviewError(
                    f"Nothing was kept of the cells of {cell.image}: its file was replaced, and the study knows other "
                    "bytes than those in which they were found. Choose another image and then this one, so that it is "
                    "read again."
                )
            entry = replace(said, image=of.image, case=of.case, place=box_text(cell.box))
            entries.append(replace(entry, sha256=seen or of.sha256))
        return self._append(list(listed.values()), entries)

    def _refuse_others(self, standing: Sequence[DrawnMark], number: int) -> None:
        if all(mark.number != number for mark in standing):
            raise ReviewError(
                f"{self.reader} has no such mark on this image: it was erased, or is another reader's."
            )

    def _refuse_seen(self, listed: ListedImage) -> None:
        """Who read for consensus saw the others' decisions: their own one stands as it was made alone, for good."""
        if self.replay.has_seen_others(self.reader, listed.image):
            marked = self.replay.reads_for_consensus(self.reader)
            differ = readers_differ(self.replay, listed)
            raise ReviewError(closed_sentence(listed.image, marked, differ))

    def _own(self, listed: ListedImage) -> Decision | None:
        return standing_decision(self.replay, self.reader, listed)

    def _check_choice(self, value: str) -> None:
        if value not in self.choices:
            raise ReviewError(
                f"{value!r} is not a decision of this study. Choose one of: {', '.join(self.choices)}."
            )

    def _listed(self, images: Sequence[str]) -> list[ListedImage]:
        listed = []
        for image in dict.fromkeys(images):
            one = self._store.listed_image(image)
            if one is None:
                raise ReviewError(f"The study has no image {image}. Open its folder again.")
            listed.append(one)
        if not listed:
            raise ReviewError("No image is chosen. Choose at least one.")
        return listed

    def _entry(self, kind: EventKind, listed: ListedImage) -> Entry:
        return Entry(kind, self.reader, listed.image, listed.case, listed.sha256)

    def _append(self, listed: Sequence[ListedImage], entries: Sequence[Entry]) -> tuple[Event, ...]:
        def unlocked() -> Sequence[Entry]:
            check_unlocked(self.replay, self.reader, [one.case for one in listed])
            return entries

        return self._append_if(unlocked)

    def _append_if(self, entries: Callable[[], Sequence[Entry]]) -> tuple[Event, ...]:
        """Append what `entries` gives once the replay knows everything that others have appended."""

        def decide(there: Sequence[Event]) -> Sequence[Entry]:
            self._take(there)
            return entries()

        known = self.replay.last_number
        appended = self._store.events.append(known, decide)
        self._take([event for event in appended if event.number > self.replay.last_number])
        return self._hand_over()

    def _take(self, events: Sequence[Event]) -> None:
        for event in events:
            self.replay.take(event)
            self._news.append(event)

    def _hand_over(self) -> tuple[Event, ...]:
        news, self._news = tuple(self._news), []
        return news


def _reason(text: str) -> str:
    if not text.strip():
        raise ReviewError("Say why the review is opened again; the reason is kept.")
    return _checked(text, "reason")


def _checked(text: str, what: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ReviewError(f"The {what} has {len(text):,} characters; at most {_LONGEST_TEXT:,} are allowed.")
    return text.strip()


def read_agreement(study: Path) -> tuple[Comparison, ...]:
    """Compare the readers of a saved study with each other and with the classifiers. Raises StudyError."""
    with StudyStore.open_existing(study) as store:
        replay = Replay(store.events.readable())
        return (
            *compare_readers(replay, list(store.records())),
            *compare_cells(replay, store.listed_images()),
        )
