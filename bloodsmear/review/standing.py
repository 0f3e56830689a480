"""What stands of an image as its bytes are now: each reader's decision, the settled one, and who differs from whom."""

from collections.abc import Iterable

from bloodsmear.review.decisions import BESIDE_LABELS, Decision
from bloodsmear.review.records import Answer, ListedImage
from bloodsmear.review.replay import Replay


def standing_decision(replay: Replay, reader: str, listed: ListedImage) -> Decision | None:
    """The reader's own decision for the image as it is now; None when it was made on other bytes."""
    decision = replay.decision(reader, listed.image)
    return decision if decision is not None and decision.holds_for(listed) else None


def settled_decision(replay: Replay, listed: ListedImage) -> Decision | None:
    """What the consensus read settled for the image as it is now; None when it was made on other bytes."""
    decision = replay.settled(listed.image)
    return decision if decision is not None and decision.holds_for(listed) else None


def final_decision(replay: Replay, reader: str, listed: ListedImage) -> Decision | None:
    """What the reader's sign-off closes: what they settled, where they did, else their own decision."""
    settled = settled_decision(replay, listed)
    if settled is not None and settled.reader == reader:
        return settled
    return standing_decision(replay, reader, listed)


def standing_decisions(replay: Replay, listed: ListedImage) -> tuple[Decision, ...]:
    """The own decision of every reader who has one, in the order of the readers' first events."""
    standing = (standing_decision(replay, reader, listed) for reader in replay.readers)
    return tuple(decision for decision in standing if decision is not None)


def readers_differ(replay: Replay, listed: ListedImage) -> bool:
    """Whether two readers have decided differently for the image, settled or not."""
    # Asked of every image of ten thousand: most are told by this alone.
    if len(replay.decided_values(listed.image)) < 2:
        return False
    return len({decision.value for decision in standing_decisions(replay, listed)}) > 1


def differs_from_classifiers(decision: Decision, answers: Iterable[Answer]) -> bool:
    """Whether the reader gave it a label that no classifier names, of those that know the label."""
    if decision.value in BESIDE_LABELS:
        return False
    named = [answer.label for answer in answers if decision.value in answer.classifier.label_keys]
    return bool(named) and decision.value not in named
