"""What a review's events add up to: the decisions that hold now, and what is locked."""

from collections.abc import Iterable
from dataclasses import replace

from bloodsmear.review.audit import AuditDraw, read_draw
from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import UNDOABLE, Event
from bloodsmear.review.marks import DrawnMark, mark_of
from bloodsmear.review.records import ListedImage

_ImageKey = tuple[str, str]


class Replay:
    """The state after the events taken so far, of all readers. Equal events give an equal state.

    Not thread-safe: whoever needs it on another thread takes the same events there.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.last_number = 0
        # The last draw, and what was drawn before it: no image is drawn twice.
        self.audit: AuditDraw | None = None
        self.drawn_before: frozenset[str] = frozenset()
        # By reader and image, oldest first: undo uncovers the one before.
        self._decided: dict[_ImageKey, list[Event]] = {}
        self._noted: dict[_ImageKey, list[Event]] = {}
        self._acknowledged: dict[_ImageKey, list[Event]] = {}
        # Drawn and erased, together and in order.
        self._marked: dict[_ImageKey, list[Event]] = {}
        # By image alone: whoever reads for consensus, the last of them counts.
        self._settled: dict[str, list[Event]] = {}
        # Who reads for consensus.
        self._consensus: set[str] = set()
        # The numbers of own decisions beside which the others' were shown to such a reader.
        self._shown: set[int] = set()
        self._of_cells: dict[_ImageKey, list[Event]] = {}
        # By reader and case, by number and in order.
        self._counted: dict[tuple[str, str], dict[int, Event]] = {}
        # By reader: what undo can take back, in order.
        self._undoable: dict[str, dict[int, Event]] = {}
        self._signed_cases: dict[str, dict[str, Event]] = {}
        self._signed_studies: dict[str, Event] = {}
        # Cases that were reopened after the study was signed off.
        self._exceptions: dict[str, set[str]] = {}
        for event in events:
            self.take(event)

    def take(self, event: Event) -> None:
        """Let one more event count; they come in the order of their numbers."""
        self.last_number = event.number
        reader = event.entry.reader
        if event.entry.kind == "acknowledged" and not event.entry.image:
            return  # of a change of the study (storage.event_chain), which is not part of a review
        if event.entry.kind in ("audit_drawn", "taught"):
            self._take_audit(event)
            return
        mine = self._undoable.setdefault(reader, {})
        kind = event.entry.kind
        if kind in UNDOABLE:
            mine[event.number] = event
            self._stack_of(event).append(event)
            self._show_others(event)
        elif kind == "cell_counted":
            self._counted.setdefault((reader, event.entry.case), {})[event.number] = event
        elif kind == "undone":
            number = event.entry.undoes or 0
            undone = mine.pop(number, None)
            if undone is not None:
                self._stack_of(undone).remove(undone)
                self._show_others(undone)
            else:
                self._counted.get((reader, event.entry.case), {}).pop(number, None)
        elif kind == "consensus_begun":
            self._consensus.add(reader)
            for image in self.decided_images(reader):
                self._show_to(reader, image)
        elif kind == "consensus_ended":
            self._consensus.discard(reader)
        else:
            self._take_sign_off(event)

    @property
    def readers(self) -> tuple[str, ...]:
        """Everybody who has an event, in the order of their first."""
        return tuple(self._undoable)

    def decision(self, reader: str, image: str) -> Decision | None:
        """What the reader's own last decision for the image is; ask it whether it `holds_for` the image's bytes."""
        decided = self._decided.get((reader, image))
        return _decision_of(decided[-1]) if decided else None

    def decision_without_answers(self, reader: str, listed: ListedImage, since: int) -> Decision | None:
        """What the reader decided for these bytes with no answer in sight: in blind reading, else first after `since`.

        From the event `since` on, the draw of an audit set, the window hides the answers until the image is decided.
        What the reader decides in its place is decided with the answers in sight, and counts in the study alone.
        """
        standing = [
            decision
            for event in self._decided.get((reader, listed.image), ())
            if (decision := _decision_of(event)).holds_for(listed)
        ]
        blind = [one for one in standing if one.answers_hidden]
        return next((one for one in blind or standing if one.answers_hidden or one.number > since), None)

    def decided_values(self, image: str) -> set[str]:
        """What all readers' own last decisions for the image say, on whatever bytes."""
        last = (self._decided.get((reader, image)) for reader in self._undoable)
        return {events[-1].entry.decision for events in last if events}

    def settled(self, image: str) -> Decision | None:
        """What a reader for consensus decided last for the image after the others' decisions were seen."""
        settled = self._settled.get(image)
        return _decision_of(settled[-1]) if settled else None

    def reads_for_consensus(self, reader: str) -> bool:
        """Whether the reader is marked as one who settles what others decided differently."""
        return reader in self._consensus

    def has_seen_others(self, reader: str, image: str) -> bool:
        """Whether the reader saw, reading for consensus, what others decided beside their own last decision.

        From then on that one is closed: kappa is of those who decided alone (docs/adr/0042).
        """
        decided = self._decided.get((reader, image))
        return decided is not None and any(event.number in self._shown for event in decided[-1:])

    def decided_images(self, reader: str) -> tuple[str, ...]:
        """The images for which the reader has a decision, in no promised order."""
        return tuple(image for (who, image), events in self._decided.items() if who == reader and events)

    def note(self, reader: str, image: str) -> str:
        """The reader's note on the image; empty if there is none."""
        noted = self._noted.get((reader, image))
        return noted[-1].entry.text if noted else ""

    def is_acknowledged(self, reader: str, image: str, sha256: str) -> bool:
        """Whether the reader took note that these bytes cannot be read (the bytes count where both are known)."""
        events = self._acknowledged.get((reader, image), ())
        return any(not sha256 or event.entry.sha256 in ("", sha256) for event in events)

    def marks(self, reader: str, listed: ListedImage) -> tuple[DrawnMark, ...]:
        """The reader's marks that stand on the image as it is now, in the order in which they were drawn."""
        return tuple(mark_of(event) for event in self._standing_marks(reader, listed))

    def count_marks(self, reader: str, listed: ListedImage) -> int:
        """How many those are: quick for ten thousand images."""
        return len(self._standing_marks(reader, listed))

    @property
    def marked_images(self) -> tuple[str, ...]:
        """The images on which anybody has ever drawn."""
        return tuple(dict.fromkeys(image for _, image in self._marked))

    def cell_events(self, reader: str, image: str) -> tuple[Event, ...]:
        """What the reader did about the cells of an image, oldest first (bloodsmear.cells.reader_cells)."""
        return tuple(self._of_cells.get((reader, image), ()))

    def counted(self, reader: str, case: str) -> tuple[Event, ...]:
        """What the reader counted of a case at the counter, oldest first."""
        return tuple(self._counted.get((reader, case), {}).values())

    def last_act(self, reader: str) -> tuple[Event, ...]:
        """The events that the reader's next undo takes back, oldest first; none where there is nothing to undo."""
        mine = self._undoable.get(reader, {})
        if not mine:
            return ()
        act = next(reversed(mine.values())).act
        return tuple(event for event in mine.values() if event.act == act)

    def study_sign_off(self, reader: str) -> Event | None:
        """The event by which the reader signed the whole study off; None while any case is open again."""
        return None if self._exceptions.get(reader) else self._signed_studies.get(reader)

    def case_sign_off(self, reader: str, case: str) -> Event | None:
        """The event that locks the reader's review of the case: its own sign-off, else the study's."""
        own = self._signed_cases.get(reader, {}).get(case)
        if own is not None:
            return own
        if case in self._exceptions.get(reader, ()):
            return None
        return self._signed_studies.get(reader)

    def _standing_marks(self, reader: str, listed: ListedImage) -> list[Event]:
        standing: dict[int, Event] = {}
        for event in self._marked.get((reader, listed.image), ()):
            standing.pop(event.entry.undoes or 0, None)
            if event.entry.kind == "mark_drawn":
                standing[event.number] = event
        return [
            event
            for event in standing.values()
            if event.entry.sha256 in ("", listed.sha256) or not listed.sha256
        ]

    def _show_others(self, changed: Event) -> None:
        if changed.entry.kind == "decided":
            for reader in self._consensus:
                self._show_to(reader, changed.entry.image)

    def _show_to(self, reader: str, image: str) -> None:
        """Let the reader, who reads for consensus, see what others decided, where readers differ beside an own one."""
        own = self._decided.get((reader, image))
        if not own:
            return
        last = [events[-1] for who in self._undoable if (events := self._decided.get((who, image)))]
        bytes_of_own = own[-1].entry.sha256
        values = {
            one.entry.decision for one in last if not bytes_of_own or one.entry.sha256 in ("", bytes_of_own)
        }
        if len(values) > 1:
            self._shown.add(own[-1].number)

    def _stack_of(self, event: Event) -> list[Event]:
        if event.entry.kind == "settled":
            return self._settled.setdefault(event.entry.image, [])
        stacks = {
            "decided": self._decided,
            "noted": self._noted,
            "acknowledged": self._acknowledged,
            "mark_drawn": self._marked,
            "mark_erased": self._marked,
            "cell_named": self._of_cells,
            "cell_added": self._of_cells,
            "cell_removed": self._of_cells,
            "cell_noted": self._of_cells,
        }
        return stacks[event.entry.kind].setdefault((event.entry.reader, event.entry.image), [])

    def _take_audit(self, event: Event) -> None:
        audit = self.audit
        if event.entry.kind == "taught":
            self.audit = audit and replace(audit, looks=audit.looks + 1)
            return
        if audit is not None and audit.act != event.act:
            self.drawn_before |= audit.names
        # Without an image: the reader does without an audit set from now on.
        self.audit = read_draw(event, audit) if event.entry.image else None

    def _take_sign_off(self, event: Event) -> None:
        reader, name = event.entry.reader, event.entry.case
        cases = self._signed_cases.setdefault(reader, {})
        exceptions = self._exceptions.setdefault(reader, set())
        match event.entry.kind:
            case "case_signed_off":
                cases[name] = event
            case "case_reopened":
                cases.pop(name, None)
                if reader in self._signed_studies:
                    exceptions.add(name)
            case "study_signed_off":
                self._signed_studies[reader] = event
                exceptions.clear()
            case "study_reopened":
                # A case that was signed off by itself stays so.
                self._signed_studies.pop(reader, None)
                exceptions.clear()


def _decision_of(event: Event) -> Decision:
    entry = event.entry
    return Decision(
        reader=entry.reader,
        value=entry.decision,
        at=event.at,
        number=event.number,
        sha256=entry.sha256,
        answers_hidden=entry.answers_hidden,
    )
