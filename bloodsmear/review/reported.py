"""What a report says was decided for an image: one reader's decision first, the others' beside it."""

from dataclasses import dataclass

from bloodsmear.review.decisions import Decision
from bloodsmear.review.events import Event
from bloodsmear.review.marks import DrawnMark
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import final_decision, settled_decision, standing_decisions


@dataclass(frozen=True, slots=True)
class ReportedDecision:
    """The readers' part of an image in a report.

    `decision` is that of the consensus read, else of the reader who signed off (of several the last), else the last
    one made; None where nobody decided. `is_settled`: it is that of the consensus read. `sign_off` is the event that
    closed it. `others` are the other readers' in the order of their first events. `notes` are (reader, text).
    `acknowledged_by` took note that the image is unreadable. `marks` are those of all readers, one reader's after the
    other's.
    """

    decision: Decision | None = None
    sign_off: Event | None = None
    others: tuple[Decision, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    acknowledged_by: tuple[str, ...] = ()
    is_settled: bool = False
    marks: tuple[DrawnMark, ...] = ()

    @property
    def note(self) -> str:
        """The note of the reader whose decision stands here; where nobody decided, the last one of all."""
        if self.decision is not None:
            return dict(self.notes).get(self.decision.reader, "")
        return self.notes[-1][1] if self.notes else ""


NOTHING_REPORTED = ReportedDecision()


def own_decision(replay: Replay, reader: str, listed: ListedImage) -> ReportedDecision:
    """What one reader alone decided for the image as it is now, and the sign-off of the reader's that closes it."""
    decision = final_decision(replay, reader, listed)
    note = replay.note(reader, listed.image)
    return ReportedDecision(
        decision=decision,
        sign_off=replay.case_sign_off(reader, listed.case),
        notes=((reader, note),) if note else (),
        acknowledged_by=(reader,) if replay.is_acknowledged(reader, listed.image, listed.sha256) else (),
        marks=replay.marks(reader, listed),
    )


def reported_decision(replay: Replay, listed: ListedImage) -> ReportedDecision:
    """What stands in a report for the image as it is now; decisions on other bytes do not."""
    standing = standing_decisions(replay, listed)
    settled = settled_decision(replay, listed)
    deciding = dict.fromkeys(one.reader for one in (*standing, *((settled,) if settled else ())))
    signed = {
        reader: event
        for reader in deciding
        if (event := replay.case_sign_off(reader, listed.case)) is not None
    }
    first = settled or max(
        standing,
        key=lambda one: (signed[one.reader].number if one.reader in signed else 0, one.number),
        default=None,
    )
    notes = ((reader, replay.note(reader, listed.image)) for reader in replay.readers)
    return ReportedDecision(
        decision=first,
        sign_off=signed.get(first.reader) if first else None,
        others=tuple(one for one in standing if first is not None and one.reader != first.reader),
        notes=tuple((reader, text) for reader, text in notes if text),
        acknowledged_by=tuple(
            reader for reader in replay.readers if replay.is_acknowledged(reader, listed.image, listed.sha256)
        ),
        is_settled=settled is not None,
        marks=tuple(mark for reader in replay.readers for mark in replay.marks(reader, listed)),
    )
