"""How far a study's audit set is read, and which images may be drawn for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bloodsmear.review.audit import AuditDraw, Drawn
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.standing import settled_decision, standing_decision


@dataclass(frozen=True, slots=True)
class AuditRead:
    """How far a draw is read. `said` has for each drawn image what was decided with no answer in sight.

    `to_read` are still to be decided, `gone` are not the files any more that were drawn. Of `said` more than one value
    is readers who do not agree.
    """

    draw: AuditDraw
    said: dict[str, frozenset[str]]
    to_read: tuple[Drawn, ...]
    gone: tuple[Drawn, ...]

    @property
    def is_complete(self) -> bool:
        """Whether a head may be measured on it."""
        return not self.to_read and not self.gone


def read_audit(replay: Replay, listed: Sequence[ListedImage]) -> AuditRead | None:
    """How far the study's audit set is read; None where none is drawn."""
    draw = replay.audit
    if draw is None:
        return None
    there = {one.image: one for one in listed}
    said: dict[str, frozenset[str]] = {}
    to_read: list[Drawn] = []
    gone: list[Drawn] = []
    for one in draw.images:
        image = there.get(one.image)
        if image is None or image.sha256 not in ("", one.sha256):
            gone.append(one)
        elif values := _said(replay, draw, image):
            said[one.image] = values
        else:
            to_read.append(one)
    return AuditRead(draw, said, tuple(to_read), tuple(gone))


def may_be_drawn(listed: ListedImage, replay: Replay) -> bool:
    """Whether it was read by the classifiers, and decided by nobody who saw an answer."""
    if listed.status != "ok":
        return False
    decided = (standing_decision(replay, reader, listed) for reader in replay.readers)
    return all(decision is None or decision.answers_hidden for decision in decided)


def _said(replay: Replay, draw: AuditDraw, listed: ListedImage) -> frozenset[str]:
    """What readers decided with no answer in sight; where a reader for consensus settled it, that alone."""
    settled = settled_decision(replay, listed)
    if settled is not None and draw.holds(settled):
        return frozenset((settled.value,))
    decided = (replay.decision_without_answers(reader, listed, draw.act) for reader in replay.readers)
    return frozenset(decision.value for decision in decided if decision is not None)
