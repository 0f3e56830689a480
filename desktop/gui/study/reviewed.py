"""What the reader has decided in the open study, known on the window's thread by replaying the same events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bloodsmear.cells.reader_cells import ReaderCell, reader_cells
from bloodsmear.review.audit import AuditDraw
from bloodsmear.review.audit_read import read_audit
from bloodsmear.review.decisions import Decision, decision_choices, names_of
from bloodsmear.review.events import Event
from bloodsmear.review.marks import DrawnMark
from bloodsmear.review.reader import same_reader
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.sentences import case_words
from bloodsmear.review.sign_off import OpenImages, images_to_read, open_images
from bloodsmear.review.sign_off_versions import signed_with_sentence
from bloodsmear.review.standing import (
    differs_from_classifiers,
    final_decision,
    readers_differ,
    settled_decision,
    standing_decision,
    standing_decisions,
)
from bloodsmear.time_words import local_words
from desktop.gui.messages import new_reader_question
from desktop.gui.review_state import ImageMark, ReviewState, SignOffCounts
from desktop.gui.study.open_study import OpenStudy
from desktop.gui.study.seen_answers import SeenAnswers

_NO_CLASSIFIER = (
    "Without a classifier no study is kept, so nothing can be decided. `bloodsmear doctor` says what to do."
)
_LOADING = (
    "The classifiers are being loaded; you can decide once they are, which may take a minute the first time."
)
_REFUSED = "The study's file could not be opened, so nothing can be decided."
_NOBODY = "Enter the reader's name in the window first: what is counted and named is kept with it."
_OPENING = "The study's file is being opened; decisions are kept in it."


class Reviewed:
    """The replay of the study's events, and what follows from it for one reader. `is_open`: they have been read."""

    def __init__(self, study: OpenStudy) -> None:
        self._study = study
        self.reader = ""
        # Typed, or kept from another study, beside others' names: nobody, until it is said who that is.
        self.new_reader = ""
        # Who was said to read which study: asked about once.
        self._meant: set[tuple[Path | None, str]] = set()
        # What the reader asked for; an audit set may ask for it besides.
        self.wishes_blind = False
        self._seen = SeenAnswers(study)
        self._replay = Replay()
        self.forget()

    @property
    def readers(self) -> tuple[str, ...]:
        """Who has done anything in this study, in the order of their first act."""
        return self._replay.readers

    def name_reader(self, reader: str) -> None:
        """Who reads from now on."""
        self._note_seen()
        self.new_reader = ""
        if not self.reader:
            self._seen.hand_over(reader)
        if self.is_open:
            self._meant.add((self._study.path, reader))
        self.reader = reader

    @property
    def blind(self) -> bool:
        """Whether what classifiers say is hidden until an image is decided: wished for, or for an audit set's sake."""
        return self.wishes_blind or self.is_audit_to_read

    @property
    def is_audit_to_read(self) -> bool:
        """Whether images of the audit set are still to be decided, by whomever (docs/adr/0043)."""
        found = self._study.found
        read = read_audit(
            self._replay,
            [self._listed(image) for image in (self.audit.names if self.audit else ()) if image in found],
        )
        return read is not None and bool(read.to_read)

    def read_blind(self, on: bool) -> None:
        """Whether what classifiers say is to be hidden until an image is decided."""
        self._note_seen()
        self.wishes_blind = on

    def forget(self) -> None:
        """No study is open."""
        self._note_seen()
        # Whose name was kept and not answered for may read the next study.
        self.reader = self.reader or self.new_reader
        self.new_reader = ""
        self.is_open = False
        self._replay = Replay()
        self._last_hash = ""
        self._ever_decided: set[tuple[str, str]] = set()

    def begin(self, events: Iterable[Event]) -> None:
        """The study was opened: these are its events."""
        self.forget()
        self.is_open = True
        self.take(events)
        self._compare_reader()

    def take(self, events: Iterable[Event]) -> None:
        """Let new events count."""
        for event in events:
            # Two programs on one file: an event is told once, whoever asked for it.
            if event.number > self._replay.last_number:
                if event.entry.kind == "audit_drawn":
                    self._note_seen()
                self._replay.take(event)
                self._last_hash = event.hash
                if event.entry.kind == "decided":
                    self._ever_decided.add((event.entry.reader, event.entry.image))

    def choices(self) -> tuple[str, ...]:
        """What can be decided in this study, in the order to show."""
        return decision_choices(self._study.marks)

    def decision(self, image: str) -> Decision | None:
        """The reader's decision for the image as it is now."""
        return final_decision(self._replay, self.reader, self._listed(image))

    def counted(self, case: str) -> tuple[Event, ...]:
        """What the reader has counted of a case at the counter, oldest first."""
        return self._replay.counted(self.reader, case)

    def cells(self, image: str, sha256: str, named_since: int = 0) -> tuple[ReaderCell, ...]:
        """What the reader said of the cells of the image's bytes with this sha256 (see `reader_cells`)."""
        return reader_cells(
            self._replay, self.reader, replace(self._listed(image), sha256=sha256), named_since
        )

    @property
    def audit(self) -> AuditDraw | None:
        """The audit set."""
        return self._replay.audit

    def hindrance(self, case: str) -> str:
        """Why nothing can be kept of a case now; empty where it can."""
        return self._waiting() or (self._lock_sentence(case) if self.reader else _NOBODY)

    def is_done(self, image: str) -> bool:
        """Whether the reader decided for the image, or took note that it cannot be read."""
        listed = self._listed(image)
        if final_decision(self._replay, self.reader, listed) is not None:
            return True
        unreadable = listed.status == "unreadable"
        return unreadable and self._replay.is_acknowledged(self.reader, image, listed.sha256)

    def is_disputed(self, image: str) -> bool:
        """Whether readers differ, or this reader differs from the classifiers, and nothing was settled.

        Who still decides alone hears of nobody's decision; a reader for consensus hears that there is something.
        """
        listed = self._listed(image)
        if settled_decision(self._replay, listed) is not None:
            return False
        own = standing_decision(self._replay, self.reader, listed)
        if own is None and not self._replay.reads_for_consensus(self.reader):
            return False
        if readers_differ(self._replay, listed):
            return True
        record = self._study.records.get(image)
        return own is not None and record is not None and differs_from_classifiers(own, record.answers)

    def disputed_images(self) -> frozenset[str]:
        """All of them that are disputed."""
        if not self.is_open:
            return frozenset()
        return frozenset(image for image in self._study.found if self.is_disputed(image))

    def answers_were_hidden(self, image: str) -> bool:
        """Whether nothing of a classifier was to be seen of the image until now, by this reader.

        A reader who decided it once has seen the answers; so has one who read while blind reading was off.
        """
        if (self.reader, image) in self._ever_decided or self._seen.has_seen(self.reader, image):
            return False
        return self.blind

    @property
    def study_answers_hidden(self) -> bool:
        """Whether nothing of a classifier may be told of the study as a whole: blind, and images are to be decided."""
        return self.blind and bool(self.lacking(self._study.found))

    @property
    def reads_alone(self) -> bool:
        """Whether nothing of other readers may be told of the study as a whole: there are some, and this one, who reads
        blind or for consensus, has still to decide.
        """
        if all(reader == self.reader for reader in self.readers):
            return False
        sees_nobody = self.blind or self._replay.reads_for_consensus(self.reader)
        return sees_nobody and bool(self.lacking(self._study.found))

    def mark(self, image: str) -> ImageMark | None:
        """What the reader did about the image; None while it is to be decided."""
        decision = self.decision(image)
        if decision is None and not self.is_done(image):
            return None
        locked = self._replay.case_sign_off(self.reader, self._study.found[image].case)
        return ImageMark("" if decision is None else decision.value, locked is not None)

    def marks(self) -> dict[str, ImageMark]:
        """The marks of all images that have one."""
        return {image: mark for image in self._study.found if (mark := self.mark(image)) is not None}

    def drawn_marks(self, image: str, sha256: str) -> tuple[DrawnMark, ...]:
        """What may be seen of what readers drew on the image's bytes with this sha256.

        While an image is still to be decided blind, nothing of another reader is to be seen on it; for a reader for
        consensus nothing until the others' decisions are shown, too (docs/adr/0042).
        """
        if image not in self._study.found:
            return ()
        listed = replace(self._listed(image), sha256=sha256)
        return tuple(
            mark for reader in self._drawing_readers(image) for mark in self._replay.marks(reader, listed)
        )

    @property
    def drawn_images(self) -> tuple[str, ...]:
        """The images of the study on which anybody has ever drawn."""
        return tuple(image for image in self._replay.marked_images if image in self._study.found)

    def drawn_count(self, image: str) -> int:
        """How many marks may be seen on an image of the study."""
        listed = self._listed(image)
        return sum(self._replay.count_marks(reader, listed) for reader in self._drawing_readers(image))

    def _drawing_readers(self, image: str) -> list[str]:
        alone = self.blind and not self.is_done(image)
        if self._replay.reads_for_consensus(self.reader):
            # Where readers don't differ the own decision is not closed, and could be made again after the marks.
            alone = not self._others(self._listed(image))
        return [reader for reader in self.readers if reader == self.reader or not alone]

    def lacking(self, images: Iterable[str]) -> OpenImages:
        """What of these images keeps the reader from signing off."""
        return open_images(self._replay, self.reader, map(self._listed, images))

    def images(self, case: str | None) -> list[str]:
        """The images of a case; None for all of the study."""
        return [each.image for each in self._study.found.values() if case in (None, each.case)]

    def sign_off_counts(self, image: str, whole_study: bool) -> SignOffCounts | None:
        """What signing off the image's case, or the study, would close, as far as this window knows.

        None where that would be refused whatever was decided.
        """
        state = self.state(image)
        locked = state.whole_locked if whole_study else bool(state.locked)
        if not state.image or not state.reader or state.waiting or locked:
            return None
        what = "the study" if whole_study else case_words(state.case)
        listed = map(self._listed, self.images(None if whole_study else state.case))
        images = [one.image for one in images_to_read(self._replay, self.reader, listed)]
        if not images:
            return None
        lacking = self.lacking(images)
        decided: Counter[str] = Counter()
        for image in images:
            decision = self.decision(image)
            # In a consensus read the reader's own decision settles nothing yet.
            if decision is not None and image not in lacking.undecided:
                decided[decision.value] += 1
        return SignOffCounts(
            what=f"{what} (consensus read)" if state.for_consensus else what,
            reader=self.reader,
            images=len(images),
            decided=tuple(
                (value, decided[value]) for value in dict.fromkeys([*self.choices(), *sorted(decided)])
            ),
            acknowledged=len(images) - decided.total() - len(lacking.undecided) - len(lacking.unreadable),
            undecided=lacking.undecided,
            to_acknowledge=lacking.unreadable,
            last_hash=self._last_hash,
            names=names_of(self._study.marks),
        )

    def state(self, image: str) -> ReviewState:
        """How the image's review stands."""
        head = ReviewState(
            reader=self.reader,
            readers=self.readers,
            new_reader=self.new_reader,
            choices=self.choices(),
            names=names_of(self._study.marks),
            blind=self.blind,
            for_consensus=self._replay.reads_for_consensus(self.reader),
        )
        if image not in self._study.found:
            return head
        listed = self._listed(image)
        decision = final_decision(self._replay, self.reader, listed)
        settled = settled_decision(self._replay, listed)
        earlier, is_done = self._replay.decision(self.reader, image), self.is_done(image)
        return replace(
            head,
            image=image,
            case=listed.case,
            waiting=self._waiting(),
            locked=self._lock_sentence(listed.case),
            signed_with=self._signed_with_sentence(image),
            whole_locked=self._replay.study_sign_off(self.reader) is not None,
            unreadable=listed.status == "unreadable",
            acknowledged=is_done and decision is None,
            decision="" if decision is None else decision.value,
            decided_at=None if decision is None else decision.at,
            decided_before="" if is_done or earlier is None else earlier.value,
            note=self._replay.note(self.reader, image),
            answers_hidden=self.blind and not is_done,
            disputed=self.is_disputed(image),
            settled=settled is not None and settled.reader == self.reader,
            others=self._others(listed),
        )

    def _others(self, listed: ListedImage) -> tuple[tuple[str, str], ...]:
        """What the others decided, where this reader may see it to settle it."""
        reader, replay = self.reader, self._replay
        if not replay.reads_for_consensus(reader) or not readers_differ(replay, listed):
            return ()
        if standing_decision(replay, reader, listed) is None:
            return ()
        standing = standing_decisions(replay, listed)
        return tuple((one.reader, one.value) for one in standing if one.reader != reader)

    def _compare_reader(self) -> None:
        # The name comes from the last study or the last start: beside others' it is not safer than one that is typed.
        name = self.reader
        if not name:
            return
        spelt = same_reader(name, self.readers) if self.readers else name
        if spelt is None and not self._study.read_only and (self._study.path, name) not in self._meant:
            self.reader, self.new_reader = "", name
            return
        self.reader = spelt or name
        for looked in {"", name} - {self.reader}:
            self._seen.hand_over(self.reader, looked)

    def _note_seen(self) -> None:
        # Before whatever ends it: what is recorded later on, while reading is not blind, is noted at that end as well.
        if not self.blind:
            self._seen.add_recorded(self.reader)

    def _waiting(self) -> str:
        if self.is_open:
            return self._study.read_only or (new_reader_question(self.new_reader) if self.new_reader else "")
        if self._study.classifiers is None:
            return _LOADING
        if self._study.refused:
            return f"{_REFUSED} {self._study.refused}"
        return _OPENING if self._study.marks else _NO_CLASSIFIER

    def _lock_sentence(self, case: str) -> str:
        signed = self._replay.case_sign_off(self.reader, case)
        if signed is None:
            return ""
        what = "the study" if signed.entry.kind == "study_signed_off" else case_words(case)
        return f"You signed off {what} on {local_words(signed.at)}. It is locked."

    def _signed_with_sentence(self, image: str) -> str:
        signed = self._replay.case_sign_off(self.reader, self._study.found[image].case)
        if signed is None:
            return ""
        record = self._study.records.get(image)
        answered_at = record.screened_at if record is not None and record.answers else None
        return signed_with_sentence(signed, self._study.marks, answered_at)

    def _listed(self, image: str) -> ListedImage:
        record = self._study.records.get(image)
        case = self._study.found[image].case
        if record is None:
            return ListedImage(image, case, "not_screened")
        return ListedImage(image, case, record.status, record.sha256)
