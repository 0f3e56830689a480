"""What a review still lacks, and what its sign-off locks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bloodsmear.count_words import count_words
from bloodsmear.errors import ReviewError, SignOffError
from bloodsmear.review.records import ListedImage
from bloodsmear.review.replay import Replay
from bloodsmear.review.sentences import case_words
from bloodsmear.review.standing import readers_differ, settled_decision, standing_decision
from bloodsmear.time_words import local_words

# A sentence names this many images and counts the rest.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class OpenImages:
    """What keeps a reader from signing off, in the order in which the images were given."""

    undecided: tuple[str, ...]
    unreadable: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.undecided or self.unreadable)


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How far a review is: of its images so many are decided, so many unreadable ones acknowledged."""

    images: int
    decided: int = 0
    acknowledged: int = 0

    @property
    def done(self) -> int:
        """How many stand in the way of no sign-off."""
        return self.decided + self.acknowledged

    @property
    def words(self) -> str:
        """`16 of 35 decided`, or `2 of 3 decided, 1 acknowledged`: in the list, on the sign-off sheet, in reports."""
        told = f"{self.decided:,} of {self.images:,} decided"
        return f"{told}, {self.acknowledged:,} acknowledged" if self.acknowledged else told


def images_to_read(replay: Replay, reader: str, images: Iterable[ListedImage]) -> list[ListedImage]:
    """What the reader's sign-off is about: all of the images; for a consensus read those that readers differ on."""
    if not replay.reads_for_consensus(reader):
        return list(images)
    return [listed for listed in images if readers_differ(replay, listed)]


def open_images(replay: Replay, reader: str, images: Iterable[ListedImage]) -> OpenImages:
    """The images that the reader has still to decide, and the unreadable ones still to be acknowledged.

    Of a reader for consensus they are those that readers differ on, until they are settled.
    """
    settles = replay.reads_for_consensus(reader)
    undecided, unreadable = [], []
    for listed in images_to_read(replay, reader, images):
        if settles:
            if settled_decision(replay, listed) is None:
                undecided.append(listed.image)
            continue
        if standing_decision(replay, reader, listed) is not None:
            continue
        if listed.status != "unreadable":
            undecided.append(listed.image)
        elif not replay.is_acknowledged(reader, listed.image, listed.sha256):
            unreadable.append(listed.image)
    return OpenImages(tuple(undecided), tuple(unreadable))


def review_progress(replay: Replay, reader: str, images: Sequence[ListedImage]) -> ReviewProgress:
    """How far the reader is with those of these images that they have to read."""
    wanted = images_to_read(replay, reader, images)
    lacking = open_images(replay, reader, wanted)
    settles = replay.reads_for_consensus(reader)
    decided = sum(
        (settled_decision(replay, one) if settles else standing_decision(replay, reader, one)) is not None
        for one in wanted
    )
    done = len(wanted) - len(lacking.undecided) - len(lacking.unreadable)
    return ReviewProgress(len(wanted), decided, done - decided)


def check_complete(replay: Replay, reader: str, images: Sequence[ListedImage], what: str) -> None:
    """Raise SignOffError, which lists the images, when the reader cannot sign these off; `what` begins the sentence."""
    lacking = open_images(replay, reader, images)
    if not images:
        raise SignOffError(f"{what} has no image that could be signed off.", (), ())
    if not images_to_read(replay, reader, images):
        raise SignOffError(
            f"{what}: readers differ on no image, so there is nothing to settle or sign off.", (), ()
        )
    if not lacking:
        return
    reasons = []
    if lacking.undecided:
        count = count_words(len(lacking.undecided), "image is", "images are")
        reasons.append(f"{count} undecided ({_named(lacking.undecided)})")
    if lacking.unreadable:
        count = count_words(
            len(lacking.unreadable), "image cannot be read and was", "images cannot be read and were"
        )
        reasons.append(f"{count} not acknowledged ({_named(lacking.unreadable)})")
    raise SignOffError(
        f"{what} cannot be signed off: {'; '.join(reasons)}. Decide or acknowledge them, then sign off.",
        lacking.undecided,
        lacking.unreadable,
    )


def check_unlocked(replay: Replay, reader: str, cases: Iterable[str]) -> None:
    """Raise ReviewError when the reader has signed off one of the cases."""
    for case in dict.fromkeys(cases):
        if (signed := replay.case_sign_off(reader, case)) is not None:
            whole = signed.entry.kind == "study_signed_off"
            raise ReviewError(
                f"{reader} signed off the {'study' if whole else 'case'} on {local_words(signed.at)}, so "
                f"nothing in {case_words(case)} can be changed. Reopen the case with a reason first."
            )


def _named(images: Sequence[str]) -> str:
    more = len(images) - _NAMED
    return ", ".join(images[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
